"""Authors of published revisions, and the hash chain of the audit log."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"

#: Revisions of users and published revisions, by person.
SAVED = """
SELECT id, person_id, author_id, published_at FROM revisions
WHERE person_id IN (SELECT person_id FROM revisions
    WHERE author_id IS NOT NULL AND published_at IS NULL)
ORDER BY person_id, number
"""

#: Columns covered by the hash of a row, besides the previous hash.
HASHED_COLUMNS = (
    sa.column("at", sa.DateTime(timezone=True)),
    sa.column("what", sa.String),
    sa.column("kind", sa.String),
    sa.column("subject", sa.String),
    sa.column("subject_id", sa.Integer),
    sa.column("actor", sa.String),
    sa.column("actor_id", sa.Integer),
    sa.column("address", sa.String),
    sa.column("detail", sa.JSON),
)
AUDIT = sa.table("audit_events", sa.column("id", sa.Integer), sa.column("hash", sa.String), *HASHED_COLUMNS)
#: Audit rows in memory at a time.
CHUNK = 1_000


def upgrade() -> None:
    op.add_column("revisions", sa.Column("writers", sa.JSON(), server_default="[]", nullable=False))
    _fill_writers()
    op.add_column("audit_events", sa.Column("hash", sa.String(64), server_default="", nullable=False))
    # Triggers reject changes of audit rows, so they are dropped during this migration.
    _unguard_audit()
    _chain()
    _guard_audit()


def downgrade() -> None:
    _unguard_audit()
    op.drop_column("audit_events", "hash")
    _guard_audit()
    op.drop_column("revisions", "writers")


def _fill_writers() -> None:
    """Fill in the authors of each draft and its predecessors, back to the published revision."""
    connection = op.get_bind()
    person, writers, updates = "", set[int](), []
    for row in connection.execute(sa.text(SAVED)):
        if row.person_id != person:
            person, writers = row.person_id, set()
        if row.published_at is not None:
            writers = set()
        elif row.author_id is not None:
            writers.add(row.author_id)
        if writers:
            updates.append({"id": row.id, "writers": json.dumps(sorted(writers))})
    if updates:
        fill = sa.text("UPDATE revisions SET writers = CAST(:writers AS JSON) WHERE id = :id")
        if connection.dialect.name == "sqlite":
            fill = sa.text("UPDATE revisions SET writers = :writers WHERE id = :id")
        connection.execute(fill, updates)


def _chain() -> None:
    """Set the hash of every row, in id order."""
    connection = op.get_bind()
    after, last = 0, ""
    while True:
        query = sa.select(AUDIT.c.id, *HASHED_COLUMNS).where(AUDIT.c.id > after).order_by(AUDIT.c.id)
        rows = connection.execute(query.limit(CHUNK)).mappings().all()
        if not rows:
            return
        updates = []
        for row in rows:
            last = _hash(last, row)
            updates.append({"row_id": row["id"], "new": last})
        after = rows[-1]["id"]
        fill = sa.update(AUDIT).where(AUDIT.c.id == sa.bindparam("row_id"))
        connection.execute(fill.values(hash=sa.bindparam("new")), updates)


def _hash(before: str, row: Any) -> str:
    """Return the hash as `accounts.audit_chain` computed it when this migration was written."""
    content = {column.name: row[column.name] for column in HASHED_COLUMNS}
    at: datetime = content["at"] if content["at"].tzinfo else content["at"].replace(tzinfo=UTC)
    content["at"] = at.astimezone(UTC).isoformat(timespec="microseconds")
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return sha256(f"{before}\n{text}".encode()).hexdigest()


def _guard_audit() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for what in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_events_{what.lower()} BEFORE {what} ON audit_events "
                "BEGIN SELECT RAISE(ABORT, 'the audit is only added to'); END"
            )
    else:
        op.execute(
            "CREATE TRIGGER audit_events_added_to_only BEFORE UPDATE OR DELETE OR TRUNCATE "
            "ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION audit_events_added_to_only()"
        )


def _unguard_audit() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for what in ("update", "delete"):
            op.execute(f"DROP TRIGGER audit_events_{what}")
    else:
        op.execute("DROP TRIGGER audit_events_added_to_only ON audit_events")
