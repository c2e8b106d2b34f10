"""The rules of contracts as pure functions and tables, a module to a noun; import from the module with the rule."""
