"""Cached counts always equal the counts made from all records."""

from collections.abc import Iterator, Mapping
from itertools import cycle
from random import Random
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.accounts.identity import OPERATOR
from biobank.editorial.making_public import take_out
from biobank.editorial.publishing import save_many
from biobank.names.alphabet import LETTERS
from biobank.records.catalogue import Catalogue, load_catalogue
from biobank.records.dates import centuries, parse_date
from biobank.records.people import browsing, queries
from biobank.records.people.models import Person
from biobank.records.people.tallies import Tallies
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


def records(catalogue: Catalogue) -> Iterator[Record]:
    """Yield people with every date as birth, floruit or both, and with professions and places."""
    chance = Random(7)
    professions = sorted(
        key.partition("/")[2] for key in catalogue.terms if key.startswith("profession/")
    )
    dates = DATES.split()
    shapes = [{"birth": date} for date in dates] + [{"floruit": date} for date in dates]
    shapes += [
        {"birth": one, "floruit": other} for one, other in zip(dates, reversed(dates), strict=True)
    ]
    for number, (shape, word) in enumerate(zip(shapes, cycle(WORDS), strict=False)):
        record: Record = {
            "id": f"made-{number}",
            "names": [{"text": f"{word} {number}", "lang": "az", "kind": "preferred"}],
            "professions": chance.sample(professions, chance.randint(0, 4)),
        }
        for role, date in shape.items():
            record[role] = {"date": date}
        places = chance.choices(sorted(catalogue.places), k=chance.randint(0, 3))
        record["events"] = [{"place": place, "text": {"en": "Was there."}} for place in places]
        yield record


@pytest.fixture
def bank(database: Database) -> Database:
    """Return a bank with published people, drafts and a withdrawn person."""
    with database.write() as session:
        made = list(records(load_catalogue(session)))
        save_many(session, made[6:], OPERATOR, "", publish=True)
        save_many(session, made[:6], OPERATOR, "", publish=False)
    with database.write() as session:
        person = session.scalars(select(Person).where(Person.id == "made-9")).one()
        take_out(session, person, "wish", outbox.now())
    return database


def test_counts_are_those_of_every_record_and_lead_to_those_people(bank: Database) -> None:
    tallies = Tallies()
    with bank.read() as session:
        _agree(tallies, session)


def test_counts_follow_what_is_published_and_taken_out_at_once(bank: Database) -> None:
    tallies = Tallies()
    with bank.read() as session:
        before = tallies.people(session)
        _agree(tallies, session)
        more = next(records(load_catalogue(session)))
    for change in (_publish(more), _take_out("made-20"), _publish({**more, "birth": {}})):
        with bank.write() as session:
            change(session)
        with bank.read() as session:
            _agree(tallies, session)
    with bank.read() as session:
        assert tallies.people(session) == before


def test_whoever_still_reads_the_bank_as_it_was_counts_it_as_it_was(bank: Database) -> None:
    tallies = Tallies()
    with bank.read() as old:
        before = tallies.people(old)
        with bank.write() as session:
            _take_out("made-30")(session)
        with bank.read() as session:
            assert tallies.people(session) == before - 1
        assert tallies.people(old) == before
        _agree(tallies, old)
    with bank.read() as session:
        assert tallies.people(session) == before - 1


def test_changes_are_as_many_before_and_after_they_are_indexed(bank: Database) -> None:
    with bank.read() as session:
        changes, waiting = outbox.changes(session), outbox.pending_ids(session)
    assert changes == len(waiting) > 0
    for portion in (waiting[5:9], waiting):
        with bank.write() as session:
            outbox.mark_done(session, portion)
        with bank.read() as session:
            assert outbox.changes(session) == changes
    with bank.write() as session:
        outbox.add(session, ["made-30"])
    with bank.read() as session:
        assert outbox.changes(session) == changes + 1


def _publish(record: Record) -> Any:
    kept = {key: value for key, value in record.items() if value}
    return lambda session: save_many(session, [kept], OPERATOR, "", publish=True)


def _take_out(person_id: str) -> Any:
    def change(session: Session) -> None:
        person = session.scalars(select(Person).where(Person.id == person_id)).one()
        take_out(session, person, "wish", outbox.now())

    return change


def _agree(tallies: Tallies, session: Session) -> None:
    """Compare every count and list with all records."""
    catalogue = load_catalogue(session)
    everybody = {id_: it for chunk in queries.walk(session) for id_, it in chunk.items()}
    order = {
        id_: (key, id_) for id_, key in session.execute(select(Person.id, Person.sort_key)).all()
    }
    assert tallies.people(session) == len(everybody)

    def listed(people: Mapping[Any, set[str]]) -> dict[Any, tuple[str, ...]]:
        return {key: tuple(sorted(ids, key=order.__getitem__)) for key, ids in people.items()}

    most = len(everybody) + 1
    by_letter = {letter: len(browsing.of_letter(session, letter, 0, most)) for letter in LETTERS}
    assert tallies.letters(session) == {key: count for key, count in by_letter.items() if count}
    by_century = listed(_by_century(everybody))
    assert tallies.centuries(session) == {key: len(ids) for key, ids in by_century.items()}
    for century in (*by_century, 30, -9):
        for many in (False, True):
            found = browsing.of_century(session, century, 0, most, many=many)
            assert found == by_century.get(century, ()), century
    by_profession = listed(_by_profession(everybody, catalogue))
    for profession, ids in by_profession.items():
        within = [
            key.partition("/")[2]
            for key in catalogue.terms
            if profession in catalogue.broader_terms("profession", [key.partition("/")[2]])
        ]
        assert browsing.of_professions(session, within, 0, most, many=True) == ids
    counts = tallies.professions(session, catalogue)
    assert counts == {key: len(ids) for key, ids in by_profession.items()}
    by_place = listed(_by_place(everybody, catalogue))
    counts = tallies.places(session, catalogue)
    assert counts == {key: len(ids) for key, ids in by_place.items()}
    for place, ids in list(by_place.items())[:8]:
        within = [it for it in catalogue.places if place in catalogue.broader_places([it])]
        for many in (False, True):
            pages = [
                browsing.of_places(session, within, at, 4, many=many)
                for at in range(0, len(ids), 4)
            ]
            assert tuple(id_ for page in pages for id_ in page) == ids


def _by_century(everybody: Mapping[str, Record]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for id_, record in everybody.items():
        for role in ("birth", "floruit"):
            date = parse_date(record[role]["date"]) if record.get(role) else None
            if date and date.earliest is not None and date.latest is not None:
                for century in list(centuries(date.earliest, date.latest))[:5]:
                    found.setdefault(century, set()).add(id_)
                break
    return found


def _by_profession(everybody: Mapping[str, Record], catalogue: Catalogue) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for id_, record in everybody.items():
        for value in catalogue.broader_terms("profession", record.get("professions", [])):
            found.setdefault(value, set()).add(id_)
    return found


def _by_place(everybody: Mapping[str, Record], catalogue: Catalogue) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for id_, record in everybody.items():
        its = [part["place"] for part in record.get("events", []) if "place" in part]
        for value in catalogue.broader_places(its):
            found.setdefault(value, set()).add(id_)
    return found
