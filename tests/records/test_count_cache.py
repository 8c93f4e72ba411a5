"""Cached counts always equal the counts made from all records."""

from collections.abc import Iterator, Mapping
from itertools import cycle
from random import Random
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.accounts.identity import OPERATOR
from biobank.common.clock import now
from biobank.editorial.revisions.bulk_save import save_records
from biobank.editorial.revisions.publication import unpublish
from biobank.names.alphabet import ALPHABETS, OTHER_INITIAL
from biobank.records.catalogue import Catalogue, load_catalogue
from biobank.records.dates import centuries, parse_date
from biobank.records.people import browse_queries, queries
from biobank.records.people.browse_queries import PageOfNames
from biobank.records.people.count_cache import CountCache
from biobank.records.people.models import Person
from biobank.store import outbox
from biobank.store.session import Database

Record = dict[str, Any]

#: Days, years, decades, centuries, and intervals that span the year 1 or too many centuries.
DATES = (
    "1885-09-18 1800 1801 1900-12-31 18XX 19XX 00XX 01XX 0000 0001 -0001 -0099 -0100 -0043-03-15 "
    "[1483..1494] 1141~ 1700/1900 [0900..1500] [0901..1300] -0150/0150 [-0450..0110] [1501..2000] "
    "[1500..2000] [1850..] ../1900 1800/1899 1900/1999 -0099/0000 1799-12-31/1899-12-31 0000/0099 "
    "0100"
)
WORDS = ("Aydın", "Çingiz", "Əli", "İsa", "Xurşid", "Zərifə", "Omar", "Wahid")


def sample_records(catalogue: Catalogue) -> Iterator[Record]:
    """Yield people with every date as birth, floruit or both, and with professions and places."""
    rng = Random(7)
    professions = sorted(key.partition("/")[2] for key in catalogue.terms if key.startswith("profession/"))
    dates = DATES.split()
    shapes = [{"birth": date} for date in dates] + [{"floruit": date} for date in dates]
    shapes += [
        {"birth": birth_date, "floruit": floruit_date}
        for birth_date, floruit_date in zip(dates, reversed(dates), strict=True)
    ]
    for number, (shape, word) in enumerate(zip(shapes, cycle(WORDS), strict=False)):
        record: Record = {
            "id": f"made-{number}",
            "names": [{"text": f"{word} {number}", "lang": "az", "kind": "preferred"}],
            "professions": rng.sample(professions, rng.randint(0, 4)),
        }
        for role, date in shape.items():
            record[role] = {"date": date}
        places = rng.choices(sorted(catalogue.places), k=rng.randint(0, 3))
        record["events"] = [{"place": place, "text": {"en": "Was there."}} for place in places]
        yield record


@pytest.fixture
def bank(database: Database) -> Database:
    """Return a bank with published people, drafts and a withdrawn person."""
    with database.write() as session:
        generated = list(sample_records(load_catalogue(session)))
        save_records(session, generated[6:], OPERATOR, "", publish=True)
        save_records(session, generated[:6], OPERATOR, "", publish=False)
    with database.write() as session:
        person = session.scalars(select(Person).where(Person.id == "made-9")).one()
        unpublish(session, person, "wish", now())
    return database


def test_counts_and_lists_match_all_records(bank: Database) -> None:
    tallies = CountCache()
    with bank.read() as session:
        _check_counts(tallies, session)


def test_counts_follow_publications_and_withdrawals(bank: Database) -> None:
    tallies = CountCache()
    with bank.read() as session:
        before = tallies.people(session)
        _check_counts(tallies, session)
        more = next(sample_records(load_catalogue(session)))
    for change in (_publish(more), _unpublish("made-20"), _publish({**more, "birth": {}})):
        with bank.write() as session:
            change(session)
        with bank.read() as session:
            _check_counts(tallies, session)
    with bank.read() as session:
        assert tallies.people(session) == before


def test_an_older_snapshot_has_its_own_counts(bank: Database) -> None:
    tallies = CountCache()
    with bank.read() as old:
        before = tallies.people(old)
        with bank.write() as session:
            _unpublish("made-30")(session)
        with bank.read() as session:
            assert tallies.people(session) == before - 1
        assert tallies.people(old) == before
        _check_counts(tallies, old)
    with bank.read() as session:
        assert tallies.people(session) == before - 1


def test_the_change_count_is_independent_of_indexing(bank: Database) -> None:
    with bank.read() as session:
        changes, waiting = outbox.count_changes(session), outbox.pending_ids(session)
    assert changes == len(waiting) > 0
    for chunk in (waiting[5:9], waiting):
        with bank.write() as session:
            outbox.mark_applied(session, chunk)
        with bank.read() as session:
            assert outbox.count_changes(session) == changes
    with bank.write() as session:
        outbox.add(session, ["made-30"])
    with bank.read() as session:
        assert outbox.count_changes(session) == changes + 1


def _publish(record: Record) -> Any:
    compact = {key: value for key, value in record.items() if value}
    return lambda session: save_records(session, [compact], OPERATOR, "", publish=True)


def _unpublish(person_id: str) -> Any:
    def change(session: Session) -> None:
        person = session.scalars(select(Person).where(Person.id == person_id)).one()
        unpublish(session, person, "wish", now())

    return change


def _check_counts(counts_cache: CountCache, session: Session) -> None:
    """Compare every count and list with all records."""
    catalogue = load_catalogue(session)
    all_records = {id_: entry for chunk in queries.iter_chunks(session) for id_, entry in chunk.items()}
    order = {id_: (key, id_) for id_, key in session.execute(select(Person.id, Person.sort_key)).all()}

    def page_of(offset: int, size: int) -> PageOfNames:
        return PageOfNames("az", offset, size)

    assert counts_cache.people(session) == len(all_records)

    def listed(people: Mapping[Any, set[str]]) -> dict[Any, tuple[str, ...]]:
        return {key: tuple(sorted(ids, key=order.__getitem__)) for key, ids in people.items()}

    limit = len(all_records) + 1
    for lang, alphabet in ALPHABETS.items():
        whole_list = PageOfNames(lang, 0, limit)
        by_letter = {
            letter: len(browse_queries.people_by_letter(session, letter, whole_list))
            for letter in (*alphabet, OTHER_INITIAL)
        }
        assert counts_cache.letters(session, lang) == {
            key: count for key, count in by_letter.items() if count
        }
    by_century = listed(_by_century(all_records))
    assert counts_cache.centuries(session) == {key: len(ids) for key, ids in by_century.items()}
    for century in (*by_century, 30, -9):
        for expect_many in (False, True):
            page_ids = browse_queries.people_by_century(
                session, century, page_of(0, limit), expect_many=expect_many
            )
            assert page_ids == by_century.get(century, ()), century
    by_profession = listed(_by_profession(all_records, catalogue))
    for profession, ids in by_profession.items():
        within = [
            key.partition("/")[2]
            for key in catalogue.terms
            if profession in catalogue.broader_terms("profession", [key.partition("/")[2]])
        ]
        assert (
            browse_queries.people_by_professions(session, within, page_of(0, limit), expect_many=True) == ids
        )
    counts = counts_cache.professions(session, catalogue)
    assert counts == {key: len(ids) for key, ids in by_profession.items()}
    by_place = listed(_by_place(all_records, catalogue))
    counts = counts_cache.places(session, catalogue)
    assert counts == {key: len(ids) for key, ids in by_place.items()}
    for place, ids in list(by_place.items())[:8]:
        within = [entry for entry in catalogue.places if place in catalogue.broader_places([entry])]
        for expect_many in (False, True):
            pages = [
                browse_queries.people_by_places(session, within, page_of(at, 4), expect_many=expect_many)
                for at in range(0, len(ids), 4)
            ]
            assert tuple(id_ for page in pages for id_ in page) == ids


def _by_century(all_records: Mapping[str, Record]) -> dict[int, set[str]]:
    ids_by_century: dict[int, set[str]] = {}
    for id_, record in all_records.items():
        for role in ("birth", "floruit"):
            date = parse_date(record[role]["date"]) if record.get(role) else None
            if date and date.earliest is not None and date.latest is not None:
                for century in list(centuries(date.earliest, date.latest))[:5]:
                    ids_by_century.setdefault(century, set()).add(id_)
                break
    return ids_by_century


def _by_profession(all_records: Mapping[str, Record], catalogue: Catalogue) -> dict[str, set[str]]:
    ids_by_profession: dict[str, set[str]] = {}
    for id_, record in all_records.items():
        for value in catalogue.broader_terms("profession", record.get("professions", [])):
            ids_by_profession.setdefault(value, set()).add(id_)
    return ids_by_profession


def _by_place(all_records: Mapping[str, Record], catalogue: Catalogue) -> dict[str, set[str]]:
    ids_by_place: dict[str, set[str]] = {}
    for id_, record in all_records.items():
        place_ids = [part["place"] for part in record.get("events", []) if "place" in part]
        for value in catalogue.broader_places(place_ids):
            ids_by_place.setdefault(value, set()).add(id_)
    return ids_by_place
