"""Pairs of people that were marked as different despite similar data."""

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"


def upgrade() -> None:
    op.create_table(
        "distinct_people",
        sa.Column("first_id", sa.String(length=120), nullable=False),
        sa.Column("second_id", sa.String(length=120), nullable=False),
        sa.Column("said_by", sa.String(length=200), nullable=False),
        sa.Column("said_by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["first_id"], ["people.id"], name=op.f("fk_distinct_people_first_id")),
        sa.ForeignKeyConstraint(["second_id"], ["people.id"], name=op.f("fk_distinct_people_second_id")),
        sa.PrimaryKeyConstraint("first_id", "second_id", name=op.f("pk_distinct_people")),
    )
    op.create_index(op.f("ix_distinct_people_second_id"), "distinct_people", ["second_id"])


def downgrade() -> None:
    op.drop_table("distinct_people")
