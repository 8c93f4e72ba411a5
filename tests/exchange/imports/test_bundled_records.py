"""Reference records are imported with the people who need them, once, unreviewed."""

from typing import Any

from sqlalchemy import select

from biobank.accounts.identity import OPERATOR
from biobank.exchange.imports.importer import import_people
from biobank.exchange.imports.items import ImportItem
from biobank.exchange.imports.runs import ImportReport
from biobank.records.catalogue import load_catalogue
from biobank.records.places.models import Place
from biobank.records.reference.models import ReferenceEdit
from biobank.store.session import Database
from tests.support import seed
from tests.support.database_contents import database_contents

UZEYIR, NIZAMI = "uzeyir-hacibeyov", "nizami-gencevi"
QALA = {
    "id": "yeni-qala",
    "kind": "village",
    "names": [{"text": "Yeni Qala", "lang": "az"}],
    "broader": "yeni-rayon",
}
RAYON = {"id": "yeni-rayon", "kind": "region", "names": [{"text": "Yeni Rayon", "lang": "az"}]}
TERM = {"vocabulary": "profession", "id": "bell-founder", "labels": {"en": "bell founder"}}


def person(person_id: str, **changes: Any) -> dict[str, Any]:
    return {**seed.person_without_relations(person_id), **changes}


def import_items(database: Database, *items: ImportItem, dry_run: bool = False) -> ImportReport:
    return import_people(database, items, file="f", actor=OPERATOR, publish=False, dry_run=dry_run)


def at_qala(person_id: str, label: str = "1", **changes: Any) -> ImportItem:
    record = person(person_id, birth={"place": "yeni-qala"}, death=None, **changes)
    return ImportItem(label, record, bundled_records={"places": [QALA, RAYON]})


def test_bundled_records_are_imported_in_any_order(database: Database) -> None:
    report = import_items(database, at_qala(UZEYIR))
    assert (report.new, report.bundled_counts) == (1, {"place": 2})
    with database.read() as session:
        assert session.get_one(Place, "yeni-qala").broader_id == "yeni-rayon"
        catalogue = load_catalogue(session)
    assert catalogue.unreviewed["place"] == {"yeni-qala", "yeni-rayon"}
    assert "yeni-qala" not in catalogue.public.places


def test_bundled_records_are_imported_once(database: Database) -> None:
    items = [at_qala(UZEYIR), at_qala(NIZAMI, "2")]
    assert import_items(database, *items).bundled_counts == {"place": 2}
    before = database_contents(database)
    repeated = import_items(database, *items)
    assert (repeated.same, repeated.bundled_counts) == (2, {})
    assert database_contents(database) == before
    with database.read() as session:
        edits = session.scalars(select(ReferenceEdit.key)).all()
    assert sorted(edits) == ["yeni-qala", "yeni-rayon"]


def test_a_refused_record_adds_no_bundled_records(database: Database) -> None:
    before = database_contents(database)
    report = import_items(
        database,
        at_qala(UZEYIR, professions=["no-such-term"]),
        ImportItem("2", person(NIZAMI, birth={"place": "yeni-qala"}, death=None)),
    )
    assert report.refused == 2
    assert report.refusals[1]["problems"][0]["path"] == "birth.place"
    assert report.bundled_counts == {}
    assert database_contents(database) == before


def test_a_dangling_relation_adds_no_bundled_records(database: Database) -> None:
    relations = [{"type": "sibling", "person": "nobody-at-all"}]
    before = database_contents(database)
    assert import_items(database, at_qala(UZEYIR, relations=relations)).refused == 1
    assert database_contents(database) == before


def test_existing_reference_records_are_unchanged(database: Database) -> None:
    changed = {**RAYON, "id": "gence", "names": [{"text": "Something else", "lang": "az"}]}
    item = ImportItem(
        "1", person(UZEYIR, birth={"place": "gence"}, death=None), bundled_records={"places": [changed]}
    )
    report = import_items(database, item)
    assert (report.new, report.bundled_counts) == (1, {})
    with database.read() as session:
        assert session.get_one(Place, "gence").names[0].text != "Something else"


def test_terms_and_sources_are_imported(database: Database) -> None:
    source = {"id": "a-new-book", "csl": {"type": "book", "title": "A new book"}}
    record = person(UZEYIR, professions=["bell-founder"], sources=["a-new-book"])
    item = ImportItem("1", record, bundled_records={"terms": [TERM], "sources": [source]})
    assert import_items(database, item).bundled_counts == {"term": 1, "source": 1}


def test_invalid_bundled_records_are_reported_with_their_path(database: Database) -> None:
    report = import_items(
        database,
        ImportItem("1", person(UZEYIR), bundled_records={"places": [{**RAYON, "kind": "castle"}]}),
        ImportItem("2", person(NIZAMI), bundled_records={"places": [QALA]}),
    )
    paths = [refusal["problems"][0]["path"] for refusal in report.refusals]
    assert paths == ["places[0].kind", "places[0].broader"]


def test_a_dry_run_counts_bundled_records(database: Database) -> None:
    before = database_contents(database)
    items = [at_qala(UZEYIR), at_qala(NIZAMI, "2")]
    assert import_items(database, *items, dry_run=True).bundled_counts == {"place": 2}
    assert database_contents(database) == before
