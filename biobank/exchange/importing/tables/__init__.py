"""Tables that records are brought in from: their rows, whatever file they stand in."""
