"""Edits, merges and redirects of reference records."""

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"


def upgrade() -> None:
    op.create_table(
        "reference_redirects",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("old_key", sa.String(length=160), nullable=False),
        sa.Column("new_key", sa.String(length=160), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("kind", "old_key", name=op.f("pk_reference_redirects")),
    )
    op.create_index(op.f("ix_reference_redirects_new_key"), "reference_redirects", ["new_key"])
    op.create_table(
        "reference_unreviewed",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.PrimaryKeyConstraint("kind", "key", name=op.f("pk_reference_unreviewed")),
    )
    op.create_table(
        "reference_edits",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=160), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_edits")),
    )
    op.create_index(op.f("ix_reference_edits_kind_key"), "reference_edits", ["kind", "key"])
    op.create_table(
        "reference_merges",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("kept", sa.String(length=160), nullable=False),
        sa.Column("gone", sa.String(length=160), nullable=False),
        sa.Column("renamed", sa.Boolean(), nullable=False),
        sa.Column("changed", sa.JSON(), nullable=False),
        sa.Column("people", sa.JSON(), nullable=False),
        sa.Column("rows", sa.JSON(), nullable=False),
        sa.Column("followed", sa.JSON(), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reference_merges")),
    )
    op.create_index(op.f("ix_reference_merges_kept"), "reference_merges", ["kept"])
    op.create_index(op.f("ix_reference_merges_gone"), "reference_merges", ["gone"])


def downgrade() -> None:
    for table in ("reference_merges", "reference_edits", "reference_unreviewed", "reference_redirects"):
        op.drop_table(table)
