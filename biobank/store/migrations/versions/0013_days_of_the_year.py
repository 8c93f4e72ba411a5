"""Indexes of births and deaths by day of the year, and of publication times."""

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"

#: Month and day of a date that is known to the day: 09-18 as 918.
FILL = """
UPDATE events
SET month_day = CAST(substr(date, length(date) - 4, 2) AS INTEGER) * 100
    + CAST(substr(date, length(date) - 1, 2) AS INTEGER)
WHERE role IN ('birth', 'death') AND earliest = latest
    AND (date LIKE '____-__-__' OR date LIKE '-____-__-__')
"""


def upgrade() -> None:
    op.add_column("events", sa.Column("month_day", sa.Integer(), nullable=True))
    op.execute(FILL)
    op.create_index(op.f("ix_events_month_day_role"), "events", ["month_day", "role"])
    op.create_index(op.f("ix_revisions_published_at"), "revisions", ["published_at"])


def downgrade() -> None:
    op.drop_index(op.f("ix_revisions_published_at"), "revisions")
    op.drop_index(op.f("ix_events_month_day_role"), "events")
    op.drop_column("events", "month_day")
