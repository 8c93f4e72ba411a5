"""Long attacks and fault injections, run by `make campaign`."""
