"""Operation of a bank: backup, restore and diagnosis."""
