"""A merge and its undo take the same statements for a few people and for a batch of people.

The store is locked meanwhile: with one statement a row on SQLite it took 107 s for 15,000 people.
"""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from biobank.editorial.reference import merge, undo
from biobank.editorial.reference.person_rewrites import REWRITE_BATCH_SIZE
from biobank.records.people import queries
from biobank.records.people.mapping import build_rows
from biobank.records.people.models import Person, PersonRow
from biobank.records.reference.kinds import ReferenceKind
from biobank.store.session import Database
from tests.editorial.reference import helpers
from tests.editorial.reference.helpers import EDITOR
from tests.support.statements import logged_statements

FEW, MANY = 2, 40
assert MANY < REWRITE_BATCH_SIZE


def count_statements(database: Database, action: Callable[[], object]) -> int:
    with logged_statements(database.engine) as log:
        action()
    return len(log.executed)


@pytest.mark.parametrize("kind", helpers.PAIRS, ids=lambda kind: kind.name)
def test_statements_do_not_grow_with_the_people(database: Database, kind: ReferenceKind) -> None:
    helpers.add_test_records(database)
    survivor, duplicate = helpers.PAIRS[kind]
    counts = []
    added = 0
    for people in (FEW, MANY):
        helpers.publish(database, *(helpers.person(f"person-{number}") for number in range(added, people)))
        added = people
        merge_ids: list[int] = []

        def merge_pair(merge_ids: list[int] = merge_ids) -> None:
            merge_ids.append(merge.merge_references(database, EDITOR, kind, survivor, duplicate))

        def undo_merge(merge_ids: list[int] = merge_ids) -> None:
            undo.undo_reference_merge(database, EDITOR, merge_ids[0])

        counts.append([count_statements(database, action) for action in (merge_pair, undo_merge)])
    assert counts[0] == counts[1]


@pytest.mark.parametrize("kind", helpers.PAIRS, ids=lambda kind: kind.name)
def test_published_rows_are_those_of_the_record(database: Database, kind: ReferenceKind) -> None:
    """Only tables whose rows change are written."""
    helpers.add_test_records(database)
    before = stored_rows(database)
    merge_id = merge.merge_references(database, EDITOR, kind, *helpers.PAIRS[kind])
    after = stored_rows(database)
    assert after == expected_rows(database)
    assert after != before
    undo.undo_reference_merge(database, EDITOR, merge_id)
    assert stored_rows(database) == expected_rows(database) == before


def stored_rows(database: Database) -> list[tuple[Any, ...]]:
    with database.read() as session:
        return sorted(
            values_of(row) for model in queries.ROW_MODELS for row in session.scalars(select(model))
        )


def expected_rows(database: Database) -> list[tuple[Any, ...]]:
    with database.read() as session:
        ids = list(session.scalars(select(Person.id)))
        records = queries.load_stored_records(session, ids)
    return sorted(values_of(row) for id_, record in records.items() for row in build_rows(id_, record))


def values_of(row: PersonRow) -> tuple[Any, ...]:
    names = [column.name for column in row.__table__.columns if column.name != "id"]
    return (row.__tablename__, row.person_id, row.position, [str(getattr(row, name)) for name in names])
