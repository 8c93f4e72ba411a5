"""The Reconciliation API 0.2: from rows of somebody's table to the records of the bank."""
