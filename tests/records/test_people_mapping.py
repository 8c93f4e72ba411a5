"""A published record is read back unchanged, and has its rows, on both databases."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as examples
from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.records.people import models as m
from biobank.records.people import queries
from biobank.records.people.mapping import date_columns
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from biobank.store.session import Database
from tests.support import seed
from tests.support.profiles import scaled
from tests.support.published_people import publish_rows
from tests.support.records import records


@pytest.fixture
def store_with_people(database: Database) -> Database:
    """Return a bank with a row for every person of the seed, so that relations have targets."""
    with database.write() as session:
        session.add_all(m.Person(id=id_, published=1) for id_ in seed.people())
    return database


def store_and_load(database: Database, record: Mapping[str, Any]) -> dict[str, Any] | None:
    """Publish a record and return what is read back."""
    publish_rows(database, [record])
    with database.read() as session:
        return queries.load_record(session, record["id"])


@examples(max_examples=scaled(40))
@given(record=records())
def test_a_record_is_unchanged_after_a_round_trip(
    store_with_people: Database, record: dict[str, Any]
) -> None:
    loaded = load_validated(person_schema, record)
    dumped = store_and_load(store_with_people, loaded)
    assert dumped == loaded
    assert list(dumped) == list(loaded)
    assert load_validated(person_schema, dumped) == loaded


def test_a_record_with_every_field_is_stored_completely(store_with_people: Database) -> None:
    cites = [
        {"source": source, "locator": f"p. {page}"} for page, source in enumerate(seed.ids("sources")[:2], 1)
    ]
    original = {"text": "6 zilhiccə 1302", "calendar": "hijri"}
    dated = {"date": "1885-09-18", "place": "agcabedi", "original": original, "cites": cites}
    record = {
        **seed.person("uzeyir-hacibeyov"),
        "birth": dated,
        "death": {**dated, "date": "1948-11-23"},
        "floruit": {**dated, "date": "1904/1948"},
        "events": [{**dated, "type": "premiere", "text": {"az": "bir\niki", "en": "x", "ru": "у"}}],
        "relations": [{"type": "sibling", "person": "ceyhun-hacibeyli", "date": "1891/", "cites": cites}],
        "memberships": [
            {
                "organisation": "baku-music-academy",
                "role": {"en": "Rector"},
                "date": "1928/1929",
                "cites": cites,
            }
        ],
        "works": [{"title": {"az": "Koroğlu"}, "date": "1937", "type": "opera", "cites": cites}],
        "awards": [{"award": "ussr-peoples-artist", "date": "1938", "cites": cites}],
        "media": [
            {
                "type": "image",
                "url": "https://commons.wikimedia.org/wiki/File:Uzeyir.jpg",
                "licence": "Public domain",
                "author": "unknown",
                "source": "Wikimedia Commons",
                "alt": {"en": "A portrait"},
            }
        ],
        "identifiers": {"wikidata": "Q317397", "viaf": "5123456"},
    }
    loaded = load_validated(person_schema, record)
    assert loaded.keys() == person_schema.fields.keys()
    assert store_and_load(store_with_people, loaded) == loaded


def test_a_smaller_record_replaces_all_rows(store_with_people: Database) -> None:
    full_record = load_validated(person_schema, seed.person("uzeyir-hacibeyov"))
    small = {"id": full_record["id"], "names": full_record["names"][:1]}
    assert store_and_load(store_with_people, full_record) == full_record
    assert store_and_load(store_with_people, small) == small
    with store_with_people.read() as session:
        assert {model.__tablename__: _count(session, model) for model in queries.ROW_MODELS} == {
            model.__tablename__: 1 if model is m.PersonName else 0 for model in queries.ROW_MODELS
        }


def _count(session: Session, model: type[m.PersonRow]) -> int:
    return len(session.scalars(select(model)).all())


def test_the_longest_valid_values_fit_their_columns(store_with_people: Database) -> None:
    """SQLite stores any length; PostgreSQL refuses values longer than the column."""
    letter, line = "ə", "ə" * 200
    url = "https://az.wikipedia.org/"
    record = {
        "id": "uzeyir-hacibeyov",
        "names": [{"text": line, "lang": "zh-hant-abcd", "script": "Hant", "kind": "preferred"}],
        "birth": {
            "date": "[" + ",".join(["1885-09-18"] * 5) + "]",
            "cites": [{"source": seed.ids("sources")[0], "locator": line}],
        },
        "headline": {"az": letter * 300},
        "connection": {"az": letter * 5_000},
        "biography": {"az": letter * 100_000},
        "media": [
            {
                "type": "image",
                "url": url + "a" * (1000 - len(url)),
                "licence": letter * 100,
                "author": letter * 300,
                "source": letter * 1000,
            }
        ],
        "identifiers": {"a" * 30: line},
    }
    loaded = load_validated(person_schema, record)
    assert store_and_load(store_with_people, loaded) == loaded


def test_a_dated_row_has_its_first_and_last_day() -> None:
    first, last = date(1885, 1, 1).toordinal(), date(1885, 12, 31).toordinal()
    assert date_columns("1885") == {"date": "1885", "earliest": first, "latest": last}
    assert date_columns("[1483..]")["latest"] is None
    assert date_columns(None) == {"date": None, "earliest": None, "latest": None}
