"""Pages of accounts: sign-in, the user's own account, users and the audit log."""
