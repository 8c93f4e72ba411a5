"""The relational store: sessions on SQLite and PostgreSQL, migrations and the outbox."""
