"""A world of any size, written by statements over whole tables: for measuring, never for use."""
