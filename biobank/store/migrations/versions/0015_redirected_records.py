"""Published records that differ from their revision, because ids in them were merged before."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

from biobank.records.reference.redirects import redirect_references

revision: str = "0015"
down_revision: str | None = "0014"

PEOPLE = sa.table(
    "people",
    sa.column("id", sa.String),
    sa.column("published", sa.Integer),
    sa.column("redirected_record", sa.JSON),
)
REVISIONS = sa.table(
    "revisions",
    sa.column("person_id", sa.String),
    sa.column("number", sa.Integer),
    sa.column("record", sa.JSON),
)


def upgrade() -> None:
    op.add_column("people", sa.Column("redirected_record", sa.JSON(), nullable=True))
    connection = op.get_bind()
    people = {
        row.old_id: row.new_id for row in connection.execute(sa.text("SELECT old_id, new_id FROM redirects"))
    }
    references: dict[str, dict[str, str]] = {}
    for row in connection.execute(sa.text("SELECT kind, old_key, new_key FROM reference_redirects")):
        references.setdefault(row.kind, {})[row.old_key] = row.new_key
    if people or references:
        _fill(connection, people, references)


def downgrade() -> None:
    op.drop_column("people", "redirected_record")


def _fill(
    connection: sa.Connection, people: Mapping[str, str], references: Mapping[str, Mapping[str, str]]
) -> None:
    """Store the records of published revisions that refer to merged ids."""
    query = sa.select(REVISIONS.c.person_id, REVISIONS.c.record).join(
        PEOPLE, (PEOPLE.c.id == REVISIONS.c.person_id) & (PEOPLE.c.published == REVISIONS.c.number)
    )
    for row in connection.execute(query).all():
        record = redirect_references(_redirect_relations(row.record, people), references)
        if record != row.record:
            update = sa.update(PEOPLE).where(PEOPLE.c.id == row.person_id)
            connection.execute(update.values(redirected_record=record))


def _redirect_relations(record: Mapping[str, Any], people: Mapping[str, str]) -> dict[str, Any]:
    """Return the record with redirected relations, without relations to itself and repeats."""
    if not any(relation["person"] in people for relation in record.get("relations", ())):
        return dict(record)
    relations: list[dict[str, Any]] = []
    for relation in record["relations"]:
        redirected = {**relation, "person": people.get(relation["person"], relation["person"])}
        if redirected["person"] != record["id"] and redirected not in relations:
            relations.append(redirected)
    rest = {name: value for name, value in record.items() if name != "relations"}
    return {**rest, "relations": relations} if relations else rest
