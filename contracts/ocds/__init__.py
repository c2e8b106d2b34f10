"""Published open contracting data (OCDS 1.1), read into what a register can hold. Nothing is ever guessed."""
