"""Queries of people: published only, in the requested order, in chunks."""

import pytest

from biobank.accounts.identity import OPERATOR
from biobank.editorial.publishing import save_many
from biobank.records.people import queries
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
from biobank.store.session import Database
from tests.support import seed

UZEYIR, CEYHUN, NIZAMI = "uzeyir-hacibeyov", "ceyhun-hacibeyli", "nizami-gencevi"


@pytest.fixture
def bank(database: Database) -> Database:
    """Return a bank with Nizami and Üzeyir published, and Ceyhun as a related draft."""
    nizami, ceyhun = (load(person_schema, seed.alone(id_)) for id_ in (NIZAMI, CEYHUN))
    uzeyir = load(person_schema, seed.alone(UZEYIR))
    uzeyir["relations"] = [{"type": "sibling", "person": CEYHUN}]
    with database.write() as session:
        save_many(session, [ceyhun], OPERATOR, "", publish=False)
        save_many(session, [nizami, uzeyir], OPERATOR, "", publish=True)
    return database


def test_records_come_in_the_order_asked_for_without_those_not_public(bank: Database) -> None:
    with bank.read() as session:
        found = queries.records(session, [UZEYIR, CEYHUN, "nobody", NIZAMI])
        assert list(found) == [UZEYIR, NIZAMI]
        assert queries.records(session, [NIZAMI, UZEYIR]).keys() == {NIZAMI, UZEYIR}
        assert queries.record(session, CEYHUN) is None
        assert queries.count(session) == 2


def test_a_walk_meets_everybody_once_whatever_its_step(bank: Database) -> None:
    with bank.read() as session:
        everybody = queries.records(session, [NIZAMI, UZEYIR])
        for chunk in (1, 2, 3):
            steps = list(queries.walk(session, chunk))
            assert [id_ for step in steps for id_ in step] == [NIZAMI, UZEYIR]
            assert {id_: record for step in steps for id_, record in step.items()} == everybody


def test_versions_are_those_of_public_people(bank: Database) -> None:
    with bank.read() as session:
        assert queries.versions(session, [NIZAMI, CEYHUN, "nobody"]) == {NIZAMI: 1}


def test_relations_are_found_from_the_other_end(bank: Database) -> None:
    with bank.read() as session:
        found = queries.relations_to(session, [CEYHUN, UZEYIR])
        assert {id_: [row.person_id for row in rows] for id_, rows in found.items()} == {
            CEYHUN: [UZEYIR]
        }
