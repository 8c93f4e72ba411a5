"""Personal data of audit rows and accounts can be erased; the hash chain stays valid.

From here on, a hash covers salted digests of the erasable fields. The hashes of existing rows remain:
these rows get salts, and one new row, `sealed`, holds a hash of all their digests.
"""

import json
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"

ERASABLE = ("actor", "subject", "address", "detail")
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
AUDIT = sa.table(
    "audit_events",
    sa.column("id", sa.Integer),
    sa.column("hash", sa.String),
    sa.column("chain_version", sa.Integer),
    sa.column("salts", sa.JSON),
    *HASHED_COLUMNS,
)
#: Audit rows in memory at a time.
CHUNK = 1_000
MESSAGE = "the audit is only added to"
#: Condition of an update that does more than erase, by the operator that compares with nulls.
CHANGED = """
NEW.id {differs} OLD.id OR NEW.at {differs} OLD.at OR NEW.what {differs} OLD.what
OR NEW.kind {differs} OLD.kind OR NEW.subject_id {differs} OLD.subject_id
OR NEW.actor_id {differs} OLD.actor_id OR NEW.hash {differs} OLD.hash
OR NEW.chain_version {differs} OLD.chain_version
OR (NEW.address {differs} OLD.address AND NEW.address {differs} '')
OR (NEW.actor {differs} OLD.actor AND NEW.actor {differs} ('user-' || OLD.actor_id))
OR (NEW.subject {differs} OLD.subject
    AND (OLD.kind <> 'account' OR NEW.subject {differs} ('user-' || OLD.subject_id)))
OR (CAST(NEW.detail AS TEXT) {differs} CAST(OLD.detail AS TEXT) AND CAST(NEW.detail AS TEXT) {differs} '{{}}')
"""


def upgrade() -> None:
    op.add_column("users", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    for name in ("salts", "digests"):
        op.add_column("audit_events", sa.Column(name, sa.JSON(), server_default="{}", nullable=False))
    version = sa.Column("chain_version", sa.Integer(), server_default="1", nullable=False)
    op.add_column("audit_events", version)
    _unguard()
    _seal()
    _guard()


def downgrade() -> None:
    """Chain all rows as before: exported hashes of rows after the upgrade are no longer those."""
    _drop_guards()
    op.execute(sa.delete(AUDIT).where(AUDIT.c.what == "sealed", AUDIT.c.kind == "audit"))
    _chain()
    for name in ("salts", "digests", "chain_version"):
        op.drop_column("audit_events", name)
    op.drop_column("users", "erased_at")
    _guard_all()


def _rows(after: int) -> Any:
    query = sa.select(AUDIT.c.id, AUDIT.c.hash, *HASHED_COLUMNS).where(AUDIT.c.id > after)
    return op.get_bind().execute(query.order_by(AUDIT.c.id).limit(CHUNK)).mappings().all()


def _seal() -> None:
    """Give every row salts, and add a row with the hash of their digests."""
    fill = sa.update(AUDIT).where(AUDIT.c.id == sa.bindparam("row_id")).values(salts=sa.bindparam("new"))
    after, last, seal, count = 0, "", "", 0
    while rows := _rows(after):
        updates = []
        for row in rows:
            salts = {name: secrets.token_hex(16) for name in ERASABLE}
            seal = sha256(f"{_hash(seal, _digested(row, salts))}\n{row['hash']}".encode()).hexdigest()
            updates.append({"row_id": row["id"], "new": salts})
        op.get_bind().execute(fill, updates)
        after, last, count = rows[-1]["id"], rows[-1]["hash"], count + len(rows)
    if not count:
        return
    values = {
        "at": datetime.now(UTC),
        "what": "sealed",
        "kind": "audit",
        "subject": "",
        "subject_id": None,
        "actor": "operator",
        "actor_id": None,
        "address": "",
        "detail": {"rows": count, "seal": seal},
    }
    if op.get_bind().dialect.name == "postgresql":
        # Banks that were copied row by row may have a sequence that is behind.
        op.execute("SELECT setval(pg_get_serial_sequence('audit_events', 'id'), max(id)) FROM audit_events")
    salts = {name: secrets.token_hex(16) for name in ERASABLE}
    new_hash = _hash(last, _digested(values, salts))
    op.execute(sa.insert(AUDIT).values(**values, salts=salts, hash=new_hash, chain_version=2))


def _chain() -> None:
    """Set the hash of every row as 0014 did."""
    fill = sa.update(AUDIT).where(AUDIT.c.id == sa.bindparam("row_id")).values(hash=sa.bindparam("new"))
    after, last = 0, ""
    while rows := _rows(after):
        updates = []
        for row in rows:
            last = _hash(last, {column.name: row[column.name] for column in HASHED_COLUMNS})
            updates.append({"row_id": row["id"], "new": last})
        op.get_bind().execute(fill, updates)
        after = rows[-1]["id"]


def _digested(row: Mapping[str, Any], salts: Mapping[str, str]) -> dict[str, Any]:
    """Return the columns of a row, with salted digests in place of the erasable ones."""
    values = {column.name: row[column.name] for column in HASHED_COLUMNS}
    for name, salt in salts.items():
        text = json.dumps(values[name], sort_keys=True, separators=(",", ":"))
        values[name] = sha256(f"{salt}\n{text}".encode()).hexdigest()
    return values


def _hash(before: str, content: dict[str, Any]) -> str:
    """Return the hash as `accounts.audit_hashes` computed it when this migration was written."""
    at: datetime = content["at"] if content["at"].tzinfo else content["at"].replace(tzinfo=UTC)
    content = {**content, "at": at.astimezone(UTC).isoformat(timespec="microseconds")}
    text = json.dumps(content, sort_keys=True, separators=(",", ":"))
    return sha256(f"{before}\n{text}".encode()).hexdigest()


def _guard() -> None:
    """Reject deletions, and updates that do more than erase."""
    if op.get_bind().dialect.name == "sqlite":
        condition = CHANGED.format(differs="IS NOT")
        for event, when in (("UPDATE", f"WHEN {condition}"), ("DELETE", "")):
            op.execute(
                f"CREATE TRIGGER audit_events_{event.lower()} BEFORE {event} ON audit_events {when} "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION audit_events_added_to_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF TG_OP = 'UPDATE' THEN IF {CHANGED.format(differs='IS DISTINCT FROM')} "
        f"THEN RAISE EXCEPTION '{MESSAGE}'; END IF; RETURN NEW; END IF; RAISE EXCEPTION '{MESSAGE}'; END $$"
    )
    function = "EXECUTE FUNCTION audit_events_added_to_only()"
    op.execute(
        "CREATE TRIGGER audit_events_added_to_only BEFORE DELETE OR TRUNCATE "
        f"ON audit_events FOR EACH STATEMENT {function}"
    )
    op.execute(
        f"CREATE TRIGGER audit_events_erased_only BEFORE UPDATE ON audit_events FOR EACH ROW {function}"
    )


def _guard_all() -> None:
    """Reject all updates and deletions, as before."""
    if op.get_bind().dialect.name == "sqlite":
        for event in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER audit_events_{event.lower()} BEFORE {event} ON audit_events "
                f"BEGIN SELECT RAISE(ABORT, '{MESSAGE}'); END"
            )
        return
    op.execute(
        "CREATE OR REPLACE FUNCTION audit_events_added_to_only() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{MESSAGE}'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_events_added_to_only BEFORE UPDATE OR DELETE OR TRUNCATE "
        "ON audit_events FOR EACH STATEMENT EXECUTE FUNCTION audit_events_added_to_only()"
    )


def _unguard() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for event in ("update", "delete"):
            op.execute(f"DROP TRIGGER audit_events_{event}")
    else:
        op.execute("DROP TRIGGER audit_events_added_to_only ON audit_events")


def _drop_guards() -> None:
    _unguard()
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP TRIGGER audit_events_erased_only ON audit_events")
