"""Who may do what: users, how they sign in, their tokens, and the one table of rights."""
