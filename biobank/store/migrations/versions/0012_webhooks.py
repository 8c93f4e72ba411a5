"""Numbers of applied changes, and webhooks."""

import sqlalchemy as sa
from alembic import op

revision: str = "0012"
down_revision: str | None = "0011"


def upgrade() -> None:
    op.add_column("outbox", sa.Column("number", sa.BigInteger(), nullable=True))
    # Changes applied before numbering get numbers in the order in which they were written.
    op.execute(
        "UPDATE outbox SET number = numbered.place FROM"
        " (SELECT id, row_number() OVER (ORDER BY id) AS place FROM outbox"
        " WHERE done_at IS NOT NULL) AS numbered WHERE numbered.id = outbox.id"
    )
    op.create_index("ix_outbox_number", "outbox", ["number"], unique=True)
    op.create_index("ix_outbox_person_id_number", "outbox", ["person_id", "number"])
    op.create_table(
        "webhooks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=2000), nullable=False),
        sa.Column("salt", sa.String(length=64), nullable=False),
        sa.Column("made_by", sa.String(length=254), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("ping", sa.Boolean(), nullable=False),
        sa.Column("paused", sa.String(length=20), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("outcome", sa.String(length=40), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_webhooks")),
    )


def downgrade() -> None:
    op.drop_table("webhooks")
    op.drop_index("ix_outbox_person_id_number", table_name="outbox")
    op.drop_index("ix_outbox_number", table_name="outbox")
    op.drop_column("outbox", "number")
