"""The relational store: how a session begins and ends on SQLite and PostgreSQL."""
