"""Similarity keys of people, with an index."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from biobank.records.people.similarity_keys import compute_similarity_keys

revision: str = "0002"
down_revision: str | None = "0001"

#: Covering indexes: they include the person, so that queries read the index alone.
INDEXES = (
    ("events", ["person_id", "role"]),
    ("events", ["place_id", "role", "person_id"]),
    ("likenesses", ["key", "kind", "person_id"]),
    ("memberships", ["organisation_id", "person_id"]),
    ("person_professions", ["term_key", "person_id"]),
)


def upgrade() -> None:
    table = op.create_table(
        "likenesses",
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.String(length=120), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("fk_likenesses_person_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_likenesses")),
    )
    with op.batch_alter_table("likenesses", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_likenesses_person_id"), ["person_id"], unique=False)
    for name, columns in INDEXES:
        with op.batch_alter_table(name, schema=None) as batch_op:
            index = batch_op.f("_".join(["ix", name, *columns]))
            batch_op.create_index(index, columns, unique=False)
    op.bulk_insert(table, list(_rows()))


def downgrade() -> None:
    for name, columns in INDEXES:
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.drop_index(batch_op.f("_".join(["ix", name, *columns])))
    op.drop_table("likenesses")


def _rows() -> Iterator[dict[str, Any]]:
    """Return the keys of people who are already published."""
    for person_id, record in _records().items():
        for position, (kind, key) in enumerate(compute_similarity_keys(record)):
            yield {"person_id": person_id, "position": position, "kind": kind, "key": key}


def _records() -> dict[str, dict[str, Any]]:
    """Return the parts of each record that similarity keys are derived from."""
    event = sa.table("events", *map(sa.column, ("person_id", "role", "place_id", "date", "position")))
    work = sa.table("works", sa.column("person_id"), sa.column("title", sa.JSON), sa.column("id"))
    records: dict[str, dict[str, Any]] = {}
    bind = op.get_bind()
    events = sa.select(event).where(event.c.role.in_(("birth", "death", "event")))
    for row in bind.execute(events.order_by(event.c.person_id, event.c.position)):
        record = records.setdefault(row.person_id, {"events": [], "works": []})
        part = {"place": row.place_id, "date": row.date}
        if row.role == "event":
            record["events"].append(part)
        else:
            record[row.role] = part
    for row in bind.execute(sa.select(work).order_by(work.c.person_id, work.c.id)):
        record = records.setdefault(row.person_id, {"events": [], "works": []})
        record["works"].append({"title": row.title})
    return records
