"""The pages of accounts: signing in, the own account, users, the audit."""
