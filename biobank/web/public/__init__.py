"""Public forms that need no account, their receipts, and the register."""
