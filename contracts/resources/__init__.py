"""The register as a spreadsheet holds it: its columns, how each cell is read and written, and what a row would do."""
