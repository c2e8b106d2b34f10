"""How fast the service is at the size of England, in ratios taken side by side. `make bench` runs it."""
