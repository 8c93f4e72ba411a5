"""The Reconciliation API 0.2: matching rows of a table with records of the bank."""
