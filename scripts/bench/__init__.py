"""How fast Laurels is, beside others and beside itself: `make bench` (a table with targets) and `make bench-short` (a guard)."""
