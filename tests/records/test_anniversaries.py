"""Births and deaths by day of the year, on both databases."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from biobank.records.people import models as m
from biobank.records.people.anniversaries import Anniversary, anniversaries_on, anniversary_days, month_day
from biobank.records.people.mapping import build_rows
from biobank.store import schema
from biobank.store.session import Database

EXACT = {"1885-09-18": 918, "-0043-03-15": 315, "2004-02-29": 229, "0712-12-31": 1231}
INEXACT = (
    "1885", "1885-09", "1885-09-XX", "1885-09-18~", "1885-09-18?", "[1885-09-18]",
    "[1885-09-18,1886-09-18]", "1885-09-18/1885-09-18", "1885-09-18/..", "18XX", "1885-21",
    "[1885-09-18..1885-09-18]",
)  # fmt: skip


def add_person(session: Session, id_: str, *, public: bool = True, **dates: str) -> None:
    record = {
        "names": [{"text": id_, "lang": "az", "kind": "preferred"}],
        **{role: {"date": date} for role, date in dates.items() if role != "event"},
        "events": [{"date": dates["event"]}] if "event" in dates else [],
    }
    session.add(m.Person(id=id_, published=1 if public else None))
    session.flush()
    session.add_all(build_rows(id_, record))


@pytest.mark.parametrize(("date", "day"), EXACT.items())
def test_an_exact_date_has_a_day_of_the_year(date: str, day: int) -> None:
    assert month_day(date) == day


@pytest.mark.parametrize("date", INEXACT)
def test_an_inexact_date_has_no_day_of_the_year(date: str) -> None:
    assert month_day(date) is None


def test_births_precede_deaths_oldest_first(database: Database) -> None:
    with database.write() as session:
        add_person(session, "young", birth="1990-09-18")
        add_person(session, "old", birth="1885-09-18", death="1948-09-18")
        add_person(session, "ancient", death="-0043-09-18")
        add_person(session, "other", birth="1885-09-19", event="1900-09-18", floruit="1885-09-18")
        add_person(session, "vague", birth="1885-09", death="1885-09-18?")
        add_person(session, "draft", public=False, birth="1885-09-18")
    with database.read() as session:
        anniversaries = anniversaries_on(session, 9, 18)
        assert anniversary_days(session) == [918, 919]
        assert anniversaries_on(session, 2, 29) == []
    assert anniversaries == [
        Anniversary("birth", "old", "1885-09-18"),
        Anniversary("birth", "young", "1990-09-18"),
        Anniversary("death", "ancient", "-0043-09-18"),
        Anniversary("death", "old", "1948-09-18"),
    ]


def test_the_migration_fills_existing_events(empty_database: Database) -> None:
    schema.upgrade(empty_database, "0012")
    people = sa.table("people", *map(sa.column, ("id", "published", "sort_key", "initial")))
    events = sa.table(
        "events", *map(sa.column, ("person_id", "position", "role", "date", "earliest", "latest"))
    )
    dates = [*EXACT, *INEXACT]
    rows = []
    for number, date in enumerate(dates):
        row = build_rows(f"p{number}", {"names": [], "birth": {"date": date}})
        (event,) = (row_object for row_object in row if isinstance(row_object, m.Event))
        columns = {"date": event.date, "earliest": event.earliest, "latest": event.latest}
        rows += [
            {"person_id": f"p{number}", "position": 0, "role": role, **columns} for role in ("birth", "event")
        ]
    with empty_database.write() as session:
        event_rows = [
            {"id": f"p{number}", "published": 1, "sort_key": "", "initial": ""}
            for number in range(len(dates))
        ]
        session.execute(sa.insert(people), event_rows)
        session.execute(sa.insert(events), rows)
    schema.upgrade(empty_database, "0013")
    events = sa.table("events", *map(sa.column, ("date", "role", "month_day")))
    with empty_database.read() as session:
        month_days = {(row.role, row.date): row.month_day for row in session.execute(sa.select(events))}
    assert {date: month_days["birth", date] for date in EXACT} == EXACT
    assert {month_days["birth", date] for date in INEXACT if ("birth", date) in month_days} == {None}
    assert {day for (role, _date), day in month_days.items() if role == "event"} == {None}
