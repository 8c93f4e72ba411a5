"""Merges of reference records that rewrite people in several transactions; earlier ones are finished."""

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"

MERGES = sa.table(
    "reference_merges",
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("finished_at", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    op.add_column("reference_merges", sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "reference_merges", sa.Column("keep_names", sa.Boolean(), nullable=False, server_default=sa.true())
    )
    op.execute(sa.update(MERGES).values(finished_at=MERGES.c.at))


def downgrade() -> None:
    op.drop_column("reference_merges", "keep_names")
    op.drop_column("reference_merges", "finished_at")
