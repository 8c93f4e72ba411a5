"""Review at the desk: pending work, records with history, and the origin of values."""
