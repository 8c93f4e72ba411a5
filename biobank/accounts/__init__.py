"""Users, sign-in, sessions, API tokens, access policy and audit."""
