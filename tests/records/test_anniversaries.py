"""Births and deaths by day of the year, on both databases."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from biobank.records.people import models as m
from biobank.records.people.anniversaries import Anniversary, days, month_day, on_day
from biobank.records.people.mapping import rows_of
from biobank.store import schema
from biobank.store.session import Database

EXACT = {
    "1885-09-18": 918,
    "-0043-03-15": 315,
    "2004-02-29": 229,
    "0712-12-31": 1231,
}
VAGUE = (
    "1885", "1885-09", "1885-09-XX", "1885-09-18~", "1885-09-18?", "[1885-09-18]",
    "[1885-09-18,1886-09-18]", "1885-09-18/1885-09-18", "1885-09-18/..", "18XX", "1885-21",
    "[1885-09-18..1885-09-18]",
)  # fmt: skip


def add(session: Session, id_: str, *, public: bool = True, **dates: str) -> None:
    record = {
        "names": [{"text": id_, "lang": "az", "kind": "preferred"}],
        **{role: {"date": date} for role, date in dates.items() if role != "event"},
        "events": [{"date": dates["event"]}] if "event" in dates else [],
    }
    session.add(m.Person(id=id_, published=1 if public else None))
    session.flush()
    session.add_all(rows_of(id_, record))


@pytest.mark.parametrize(("date", "day"), EXACT.items())
def test_a_day_is_a_day_of_the_year(date: str, day: int) -> None:
    assert month_day(date) == day


@pytest.mark.parametrize("date", VAGUE)
def test_anything_less_is_none(date: str) -> None:
    assert month_day(date) is None


def test_births_come_before_deaths_each_the_oldest_first(database: Database) -> None:
    with database.write() as session:
        add(session, "young", birth="1990-09-18")
        add(session, "old", birth="1885-09-18", death="1948-09-18")
        add(session, "ancient", death="-0043-09-18")
        add(session, "other", birth="1885-09-19", event="1900-09-18", floruit="1885-09-18")
        add(session, "vague", birth="1885-09", death="1885-09-18?")
        add(session, "draft", public=False, birth="1885-09-18")
    with database.read() as session:
        found = on_day(session, 9, 18)
        assert days(session) == [918, 919]
        assert on_day(session, 2, 29) == []
    assert found == [
        Anniversary("birth", "old", "1885-09-18"),
        Anniversary("birth", "young", "1990-09-18"),
        Anniversary("death", "ancient", "-0043-09-18"),
        Anniversary("death", "old", "1948-09-18"),
    ]


def test_those_who_were_there_before_are_found_after_the_migration(
    empty_database: Database,
) -> None:
    schema.upgrade(empty_database, "0012")
    people = sa.table("people", *map(sa.column, ("id", "published", "sort_key", "initial")))
    events = sa.table(
        "events",
        *map(sa.column, ("person_id", "position", "role", "date", "earliest", "latest")),
    )
    dates = [*EXACT, *VAGUE]
    rows = []
    for number, date in enumerate(dates):
        row = rows_of(f"p{number}", {"names": [], "birth": {"date": date}})
        (event,) = (one for one in row if isinstance(one, m.Event))
        its = {"date": event.date, "earliest": event.earliest, "latest": event.latest}
        rows += [
            {"person_id": f"p{number}", "position": 0, "role": role, **its}
            for role in ("birth", "event")
        ]
    with empty_database.write() as session:
        told = [
            {"id": f"p{number}", "published": 1, "sort_key": "", "initial": ""}
            for number in range(len(dates))
        ]
        session.execute(sa.insert(people), told)
        session.execute(sa.insert(events), rows)
    schema.upgrade(empty_database, "0013")
    events = sa.table("events", *map(sa.column, ("date", "role", "month_day")))
    with empty_database.read() as session:
        found = {(row.role, row.date): row.month_day for row in session.execute(sa.select(events))}
    assert {date: found["birth", date] for date in EXACT} == EXACT
    assert {found["birth", date] for date in VAGUE if ("birth", date) in found} == {None}
    assert {day for (role, _date), day in found.items() if role == "event"} == {None}
