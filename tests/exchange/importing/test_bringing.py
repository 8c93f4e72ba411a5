"""Reference records are imported with the people who need them, once, unreviewed."""

from typing import Any

from sqlalchemy import select

from biobank.accounts.identity import OPERATOR
from biobank.exchange.importing.importer import import_people
from biobank.exchange.importing.reading import Item
from biobank.exchange.importing.report import Report
from biobank.records.catalogue import load_catalogue
from biobank.records.places.models import Place
from biobank.records.reference.models import ReferenceEdit
from biobank.store.session import Database
from tests.support import seed
from tests.support.contents import contents

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
    return {**seed.alone(person_id), **changes}


def bring(database: Database, *items: Item, dry_run: bool = False) -> Report:
    return import_people(database, items, file="f", who=OPERATOR, publish=False, dry_run=dry_run)


def at_qala(person_id: str, label: str = "1", **changes: Any) -> Item:
    record = person(person_id, birth={"place": "yeni-qala"}, death=None, **changes)
    return Item(label, record, brings={"places": [QALA, RAYON]})


def test_what_a_record_needs_comes_with_it_whatever_its_order(database: Database) -> None:
    report = bring(database, at_qala(UZEYIR))
    assert (report.new, report.brought) == (1, {"place": 2})
    with database.read() as session:
        assert session.get_one(Place, "yeni-qala").broader_id == "yeni-rayon"
        catalogue = load_catalogue(session)
    assert catalogue.unreviewed["place"] == {"yeni-qala", "yeni-rayon"}
    assert "yeni-qala" not in catalogue.public.places


def test_each_comes_once_and_the_same_file_again_brings_nothing(database: Database) -> None:
    items = [at_qala(UZEYIR), at_qala(NIZAMI, "2")]
    assert bring(database, *items).brought == {"place": 2}
    before = contents(database)
    again = bring(database, *items)
    assert (again.same, again.brought) == (2, {})
    assert contents(database) == before
    with database.read() as session:
        edits = session.scalars(select(ReferenceEdit.key)).all()
    assert sorted(edits) == ["yeni-qala", "yeni-rayon"]


def test_a_refused_record_brings_nothing_and_nobody_else_may_lean_on_it(
    database: Database,
) -> None:
    before = contents(database)
    report = bring(
        database,
        at_qala(UZEYIR, professions=["no-such-term"]),
        Item("2", person(NIZAMI, birth={"place": "yeni-qala"}, death=None)),
    )
    assert report.refused == 2
    assert report.refusals[1]["problems"][0]["path"] == "birth.place"
    assert report.brought == {}
    assert contents(database) == before


def test_a_record_refused_for_a_relation_brings_nothing(database: Database) -> None:
    tie = [{"type": "sibling", "person": "nobody-at-all"}]
    before = contents(database)
    assert bring(database, at_qala(UZEYIR, relations=tie)).refused == 1
    assert contents(database) == before


def test_what_the_bank_has_stays_as_it_is(database: Database) -> None:
    other = {**RAYON, "id": "gence", "names": [{"text": "Something else", "lang": "az"}]}
    item = Item(
        "1", person(UZEYIR, birth={"place": "gence"}, death=None), brings={"places": [other]}
    )
    report = bring(database, item)
    assert (report.new, report.brought) == (1, {})
    with database.read() as session:
        assert session.get_one(Place, "gence").names[0].text != "Something else"


def test_terms_and_sources_come_too(database: Database) -> None:
    source = {"id": "a-new-book", "csl": {"type": "book", "title": "A new book"}}
    record = person(UZEYIR, professions=["bell-founder"], sources=["a-new-book"])
    item = Item("1", record, brings={"terms": [TERM], "sources": [source]})
    assert bring(database, item).brought == {"term": 1, "source": 1}


def test_what_is_wrong_with_what_comes_is_told_with_its_place(database: Database) -> None:
    report = bring(
        database,
        Item("1", person(UZEYIR), brings={"places": [{**RAYON, "kind": "castle"}]}),
        Item("2", person(NIZAMI), brings={"places": [QALA]}),
    )
    paths = [told["problems"][0]["path"] for told in report.refusals]
    assert paths == ["places[0].kind", "places[0].broader"]


def test_a_dry_run_counts_what_would_come(database: Database) -> None:
    before = contents(database)
    items = [at_qala(UZEYIR), at_qala(NIZAMI, "2")]
    assert bring(database, *items, dry_run=True).brought == {"place": 2}
    assert contents(database) == before
