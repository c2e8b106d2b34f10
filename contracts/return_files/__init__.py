"""Returns of a month in a spreadsheet: read into the grid to be checked, and the template that is filled in."""
