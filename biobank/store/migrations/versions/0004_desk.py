"""The desk: reviews, notes, working copies, freshness of texts, redirects, one audit log."""

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"

#: New columns of existing tables.
ADDED = {
    "revisions": (
        "author_id",
        "base",
        "agrees",
        "credit",
        "reviewer",
        "reviewer_id",
        "published_at",
        "redacted_at",
    ),
    "people": ("withdrawn_at", "withdrawal"),
}
INDEXED = ("actor_id", "at", "subject_id")


def upgrade() -> None:
    _unguard_audit("account_events")
    _rename_table("account_events", "audit_events")
    with op.batch_alter_table("audit_events") as batch:
        batch.add_column(sa.Column("kind", sa.String(length=20), server_default="account", nullable=False))
        batch.create_index(op.f("ix_audit_events_what"), ["what"])
        batch.create_index(op.f("ix_audit_events_subject"), ["subject"])
    _guard_audit("audit_events")
    with op.batch_alter_table("people") as batch:
        batch.add_column(sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("withdrawal", sa.String(length=20), nullable=True))
        batch.create_index(op.f("ix_people_withdrawn_at"), ["withdrawn_at"])
    with op.batch_alter_table("revisions") as batch:
        batch.add_column(sa.Column("author_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("base", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("agrees", sa.JSON(), server_default="[]", nullable=False))
        batch.add_column(sa.Column("credit", sa.String(200), server_default="", nullable=False))
        batch.add_column(sa.Column("reviewer", sa.String(200), server_default="", nullable=False))
        batch.add_column(sa.Column("reviewer_id", sa.Integer(), nullable=True))
        batch.add_column(sa.Column("published_at", sa.DateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("redacted_at", sa.DateTime(timezone=True), nullable=True))
        batch.create_index(op.f("ix_revisions_author_id"), ["author_id"])
    op.execute("UPDATE revisions SET published_at = at WHERE state = 'published'")
    op.create_table(
        "review_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("revision_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("path", sa.String(length=120), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["revision_id"], ["revisions.id"], name=op.f("fk_review_notes_revision_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review_notes")),
    )
    op.create_index(op.f("ix_review_notes_revision_id"), "review_notes", ["revision_id"])
    op.create_table(
        "working_copies",
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=120), nullable=True),
        sa.Column("base", sa.Integer(), nullable=True),
        sa.Column("fields", sa.JSON(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_working_copies_user_id")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_working_copies_person_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_working_copies")),
    )
    op.create_index(op.f("ix_working_copies_user_id"), "working_copies", ["user_id"])
    op.create_index(op.f("ix_working_copies_person_id"), "working_copies", ["person_id"])
    op.create_index(op.f("ix_working_copies_saved_at"), "working_copies", ["saved_at"])
    op.create_table(
        "text_ages",
        sa.Column("person_id", sa.String(length=120), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.Column("agrees", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_text_ages_person_id")),
        sa.PrimaryKeyConstraint("person_id", "lang", name=op.f("pk_text_ages")),
    )
    # Published translations are assumed to agree: the order of their changes was not recorded.
    op.execute(
        "INSERT INTO text_ages (person_id, lang, changed, agrees) "
        "SELECT people.id, biographies.lang, people.published, people.published FROM people "
        "JOIN biographies ON biographies.person_id = people.id WHERE people.published IS NOT NULL"
    )
    op.create_table(
        "redirects",
        sa.Column("old_id", sa.String(length=120), nullable=False),
        sa.Column("new_id", sa.String(length=120), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["new_id"], ["people.id"], name=op.f("fk_redirects_new_id")),
        sa.PrimaryKeyConstraint("old_id", name=op.f("pk_redirects")),
    )
    op.create_index(op.f("ix_redirects_new_id"), "redirects", ["new_id"])


def downgrade() -> None:
    for table in ("redirects", "text_ages", "working_copies", "review_notes"):
        op.drop_table(table)
    op.drop_index(op.f("ix_revisions_author_id"), table_name="revisions")
    op.drop_index(op.f("ix_people_withdrawn_at"), table_name="people")
    for table, columns in ADDED.items():
        for column in columns:
            # Plain SQL: Alembic would copy and drop the table, which cascades to child rows.
            op.execute(f"ALTER TABLE {table} DROP COLUMN {column}")
    _unguard_audit("audit_events")
    op.drop_index(op.f("ix_audit_events_what"), table_name="audit_events")
    op.drop_index(op.f("ix_audit_events_subject"), table_name="audit_events")
    op.execute("ALTER TABLE audit_events DROP COLUMN kind")
    _rename_table("audit_events", "account_events")
    _guard_audit("account_events")


def _rename_table(old: str, new: str) -> None:
    for column in INDEXED:
        op.drop_index(f"ix_{old}_{column}", table_name=old)
    op.rename_table(old, new)
    for column in INDEXED:
        op.create_index(f"ix_{new}_{column}", new, [column])
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {new} RENAME CONSTRAINT pk_{old} TO pk_{new}")


def _guard_audit(table: str) -> None:
    """Recreate the triggers that keep the audit log append-only: they contain the table name."""
    if op.get_bind().dialect.name == "sqlite":
        for what in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_{what.lower()} BEFORE {what} ON {table} "
                "BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END"
            )
    else:
        op.execute(
            f"CREATE FUNCTION {table}_added_to_only() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the audit is only added to'; END $$"
        )
        op.execute(
            f"CREATE TRIGGER {table}_added_to_only BEFORE UPDATE OR DELETE OR TRUNCATE "
            f"ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {table}_added_to_only()"
        )


def _unguard_audit(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for what in ("update", "delete"):
            op.execute(f"DROP TRIGGER {table}_{what}")
    else:
        op.execute(f"DROP TRIGGER {table}_added_to_only ON {table}")
        op.execute(f"DROP FUNCTION {table}_added_to_only()")
