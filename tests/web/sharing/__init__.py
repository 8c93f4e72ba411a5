"""What the bank shows where others link to it."""
