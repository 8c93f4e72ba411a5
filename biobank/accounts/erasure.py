"""Erasure of accounts: personal data is replaced, authorship remains under a neutral pseudonym."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Integer, String, Table, delete, update

from biobank.accounts import audit, audit_erasure, users
from biobank.accounts.audit_hashes import pseudonym
from biobank.accounts.identity import ROLES, Identity
from biobank.accounts.models import AuditEvent, User
from biobank.accounts.validators import normalize_email
from biobank.common.clock import now
from biobank.errors import AccountRefused
from biobank.store.base import Base
from biobank.store.session import Database

#: Columns with the e-mail address of a user, without an id.
EMAIL_COLUMNS = (("webhooks", "made_by"),)
#: Domain of the address of an erased account, to which no e-mail can be sent (RFC 2606).
ERASED_DOMAIN = "erased.invalid"


def erase_account(database: Database, actor: Identity, user_id: int, confirmed_email: str) -> str:
    """Erase a user for good and return the pseudonym. The e-mail address is given as a confirmation.

    Replaced are name and e-mail address, in the account, in revisions and notes and in the audit log;
    deleted are all rows that belong to the user, such as sessions, tokens and second factors. Shared
    searches stay.

    Raises:
        AccountRefused: `not_confirmed`, or `last_admin`.
    """
    with database.write() as session:
        user = users.lock_for_erasure(session, actor, user_id)
        if normalize_email(confirmed_email) != user.email:
            raise AccountRefused("Enter the e-mail address of the account.", code="not_confirmed")
        name = pseudonym(user.id)
        for table, column in owned_rows():
            condition = column == user.id
            session.execute(
                delete(table).where(condition, *((~table.c.shared,) if "shared" in table.c else ()))
            )
        for table, column, id_column in author_columns():
            session.execute(update(table).where(id_column == user.id).values({column: name}))
        for table_name, column_name in EMAIL_COLUMNS:
            column = Base.metadata.tables[table_name].c[column_name]
            session.execute(update(column.table).where(column == user.email).values({column: name}))
        audit_erasure.erase_user(session, user.id)
        user.name, user.email, user.password = name, f"{name}@{ERASED_DOMAIN}", None
        user.totp = user.totp_pending = user.totp_step = None
        user.active, user.role, user.erased_at = False, ROLES[0], now()
        audit.record(session, actor, "erased", user)
    database.checkpoint_wal()
    return name


def owned_rows() -> Iterator[tuple[Table, Column[Any]]]:
    """Yield the tables of rows that belong to a user, with the column that refers to the user."""
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table is User.__table__:
                yield table, key.parent


def author_columns() -> Iterator[tuple[Table, Column[Any], Column[Any]]]:
    """Yield the columns with names of users: each has another one, with `_id`, for the id."""
    for table in Base.metadata.sorted_tables:
        if table is AuditEvent.__table__:
            continue
        for column in table.c:
            id_column = table.c.get(f"{column.name}_id")
            if (
                id_column is not None
                and isinstance(column.type, String)
                and isinstance(id_column.type, Integer)
            ):
                yield table, column, id_column
