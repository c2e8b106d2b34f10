"""The life of a contract: each verb writes what changes, the dated event and the duties that follow, in one act."""
