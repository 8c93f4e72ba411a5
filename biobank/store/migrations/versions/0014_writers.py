"""Who wrote what a revision makes public"""

import json
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: Sequence[str] | None = None
depends_on: Sequence[str] | None = None

#: What users wrote, and what was public, person by person.
SAVED = """
SELECT id, person_id, author_id, published_at FROM revisions
WHERE person_id IN (SELECT person_id FROM revisions
    WHERE author_id IS NOT NULL AND published_at IS NULL)
ORDER BY person_id, number
"""


def upgrade() -> None:
    op.add_column("revisions", sa.Column("writers", sa.JSON(), server_default="[]", nullable=False))
    _fill_writers()


def downgrade() -> None:
    op.drop_column("revisions", "writers")


def _fill_writers() -> None:
    """The authors of every draft and of those before it, back to what was public."""
    connection = op.get_bind()
    person, writers, found = "", set[int](), []
    for row in connection.execute(sa.text(SAVED)):
        if row.person_id != person:
            person, writers = row.person_id, set()
        if row.published_at is not None:
            writers = set()
        elif row.author_id is not None:
            writers.add(row.author_id)
        if writers:
            found.append({"id": row.id, "writers": json.dumps(sorted(writers))})
    if found:
        fill = sa.text("UPDATE revisions SET writers = CAST(:writers AS JSON) WHERE id = :id")
        if connection.dialect.name == "sqlite":
            fill = sa.text("UPDATE revisions SET writers = :writers WHERE id = :id")
        connection.execute(fill, found)
