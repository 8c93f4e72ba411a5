"""Queries of people: published only, in the requested order, in chunks."""

import pytest
from sqlalchemy import select

from biobank.accounts.identity import OPERATOR
from biobank.common.clock import now
from biobank.editorial.models import Redirect
from biobank.editorial.revisions.bulk_save import save_records
from biobank.records.people import queries
from biobank.records.people.models import Person, Revision
from biobank.records.people.schemas import person_schema
from biobank.records.reference.models import ReferenceRedirect
from biobank.records.validation import load_validated
from biobank.store import schema
from biobank.store.session import Database
from tests.support import seed

UZEYIR, CEYHUN, NIZAMI = "uzeyir-hacibeyov", "ceyhun-hacibeyli", "nizami-gencevi"


@pytest.fixture
def bank(database: Database) -> Database:
    """Return a bank with Nizami and Üzeyir published, and Ceyhun as a related draft."""
    nizami, ceyhun = (
        load_validated(person_schema, seed.person_without_relations(id_)) for id_ in (NIZAMI, CEYHUN)
    )
    uzeyir = load_validated(person_schema, seed.person_without_relations(UZEYIR))
    uzeyir["relations"] = [{"type": "sibling", "person": CEYHUN}]
    with database.write() as session:
        save_records(session, [ceyhun], OPERATOR, "", publish=False)
        save_records(session, [nizami, uzeyir], OPERATOR, "", publish=True)
    return database


def test_records_keep_the_requested_order_and_omit_drafts(bank: Database) -> None:
    with bank.read() as session:
        records = queries.load_records(session, [UZEYIR, CEYHUN, "nobody", NIZAMI])
        assert list(records) == [UZEYIR, NIZAMI]
        assert queries.load_records(session, [NIZAMI, UZEYIR]).keys() == {NIZAMI, UZEYIR}
        assert queries.load_record(session, CEYHUN) is None
        assert queries.count(session) == 2


def test_chunks_contain_each_record_once(bank: Database) -> None:
    with bank.read() as session:
        all_records = queries.load_records(session, [NIZAMI, UZEYIR])
        for chunk in (1, 2, 3):
            steps = list(queries.iter_chunks(session, chunk))
            assert [id_ for step in steps for id_ in step] == [NIZAMI, UZEYIR]
            assert {id_: record for step in steps for id_, record in step.items()} == all_records


def test_published_revisions_are_those_of_public_people(bank: Database) -> None:
    with bank.read() as session:
        assert queries.published_revisions(session, [NIZAMI, CEYHUN, "nobody"]) == {NIZAMI: 1}


def test_relations_are_found_from_both_ends(bank: Database) -> None:
    with bank.read() as session:
        relations = queries.relations_to(session, [CEYHUN, UZEYIR])
        assert {id_: [row.person_id for row in rows] for id_, rows in relations.items()} == {CEYHUN: [UZEYIR]}


def test_a_redirected_record_replaces_that_of_the_revision(bank: Database) -> None:
    """Ids merged before the publication are replaced, while the revision stays as it was saved."""
    with bank.write() as session:
        person = session.get_one(Person, NIZAMI)
        record = {**(queries.load_record(session, NIZAMI) or {}), "gender": "unknown"}
        person.redirected_record = record
    with bank.read() as session:
        assert queries.load_record(session, NIZAMI) == record
        revision = session.scalars(select(Revision).where(Revision.person_id == NIZAMI)).one()
        assert revision.record != record


def test_the_migration_redirects_merged_ids_in_older_records(bank: Database) -> None:
    redirects = {("place", "gence"): "gence-new"}
    with bank.write() as session:
        session.add_all(
            ReferenceRedirect(kind=kind, old_key=old, new_key=new, at=now())
            for (kind, old), new in redirects.items()
        )
        session.add(Redirect(old_id=CEYHUN, new_id=NIZAMI, at=now()))
    schema.downgrade(bank, "0014")
    schema.upgrade(bank)
    with bank.read() as session:
        records = queries.load_records(session, [NIZAMI, UZEYIR])
    assert records[NIZAMI]["birth"]["place"] == "gence-new"
    assert records[UZEYIR]["relations"] == [{"type": "sibling", "person": NIZAMI}]
