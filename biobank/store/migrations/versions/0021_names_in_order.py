"""Surnames and given names of names, and the order of names by language, surname first."""

import sqlalchemy as sa
from alembic import op

from biobank.records.people.mapping import sort_columns

revision: str = "0021"
down_revision: str | None = "0020"

NAME_COLUMNS = ("family", "given")
#: Columns of people by their width in characters.
ORDER_COLUMNS = {"sort_key_en": 400, "initial_en": 2, "sort_key_ru": 400, "initial_ru": 2}
PEOPLE = sa.table(
    "people",
    sa.column("id", sa.String),
    sa.column("published", sa.Integer),
    sa.column("redirected_record", sa.JSON(none_as_null=True)),
    *(sa.column(name, sa.String) for name in ("sort_key", "initial", *ORDER_COLUMNS)),
)
REVISIONS = sa.table(
    "revisions",
    sa.column("person_id", sa.String),
    sa.column("number", sa.Integer),
    sa.column("record", sa.JSON),
)
#: People per statement.
FILL_CHUNK = 500


def upgrade() -> None:
    for name in NAME_COLUMNS:
        op.add_column("person_names", sa.Column(name, sa.String(length=200), nullable=True))
    for name, width in ORDER_COLUMNS.items():
        column = sa.Column(name, sa.String(length=width), nullable=False, server_default="")
        op.add_column("people", column)
    _fill(op.get_bind())
    for name in ORDER_COLUMNS:
        op.create_index(op.f(f"ix_people_{name}"), "people", [name])


def downgrade() -> None:
    for name in ORDER_COLUMNS:
        op.drop_index(op.f(f"ix_people_{name}"), "people")
        op.drop_column("people", name)
    for name in NAME_COLUMNS:
        op.drop_column("person_names", name)


def _fill(connection: sa.Connection) -> None:
    """Set the order of every published person from the record that is shown."""
    join = (REVISIONS.c.person_id == PEOPLE.c.id) & (REVISIONS.c.number == PEOPLE.c.published)
    query = (
        sa.select(PEOPLE.c.id, PEOPLE.c.redirected_record, REVISIONS.c.record)
        .join(REVISIONS, join)
        .order_by(PEOPLE.c.id)
        .limit(FILL_CHUNK)
    )
    columns = (*ORDER_COLUMNS, "sort_key", "initial")
    update = sa.update(PEOPLE).where(PEOPLE.c.id == sa.bindparam("person"))
    update = update.values({name: sa.bindparam(f"new_{name}") for name in columns})
    rows = connection.execute(query).all()
    while rows:
        values = [
            {"person": row.id}
            | {
                f"new_{name}": value
                for name, value in sort_columns(row.redirected_record or row.record).items()
            }
            for row in rows
        ]
        connection.execute(update, values)
        rows = connection.execute(query.where(PEOPLE.c.id > rows[-1].id)).all()
