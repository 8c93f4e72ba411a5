"""Similar people: each feature counts where it should, rarer ones first."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import event

from biobank.bootstrap import Services
from biobank.records.people import models as m
from biobank.records.people import queries
from biobank.records.people.likenesses import likenesses
from biobank.search import shared_ties
from biobank.search.reasons import told
from biobank.search.shareable import KINDS, Reason
from biobank.search.similar import Similar, acquainted, similar_people
from biobank.store import outbox
from biobank.store.session import Database

Record = Mapping[str, Any]


def person(id_: str, **parts: Any) -> dict[str, Any]:
    name = {"text": id_.title(), "lang": "az", "kind": "preferred"}
    return {"id": id_, "names": [name], "birth": {"date": "1900"}, **parts}


def work(**title: str) -> dict[str, Any]:
    return {"title": title}


def alike(database: Database, records: Sequence[Record], size: int = 50) -> list[Similar]:
    """Return people similar to the first of `records`, which are the whole bank."""
    with database.write() as session:
        people = [m.Person(id=it["id"], published=1, updated_at=outbox.now()) for it in records]
        session.add_all(people)
        session.flush()
        queries.write(session, list(zip(people, records, strict=True)))
    with database.read() as session:
        return similar_people(session, records[0], size)


def reasons(found: Sequence[Similar]) -> dict[str, set[tuple[str, str]]]:
    return {it.id: {(reason.kind, reason.value) for reason in it.reasons} for it in found}


def seed_alike(services: Services, person_id: str, size: int = 50) -> list[Similar]:
    with services.database.read() as session:
        record = queries.record(session, person_id)
        assert record
        return similar_people(session, record, size)


@pytest.mark.parametrize(
    ("part", "kind", "value"),
    [
        ({"professions": ["poet"]}, "profession", "poet"),
        ({"memberships": [{"organisation": "musavat-party"}]}, "organisation", "musavat-party"),
        ({"birth": {"place": "susa"}}, "birthplace", "susa"),
        ({"relations": [{"type": "teacher", "person": "mentor"}]}, "teacher", "mentor"),
        ({"relations": [{"type": "influence", "person": "mentor"}]}, "influence", "mentor"),
        ({"relations": [{"type": "patron", "person": "mentor"}]}, "patron", "mentor"),
        ({"events": [{"place": "susa", "date": "1893"}]}, "city_decade", "susa/189X"),
        ({"works": [work(az="Koroğlu")]}, "work", "koroglu"),
    ],
)
def test_what_two_share_is_the_reason(
    database: Database, part: dict[str, Any], kind: str, value: str
) -> None:
    found = alike(database, [person("one", **part), person("two", **part), person("mentor")])
    assert reasons(found) == {"two": {(kind, value)}}


def test_a_title_is_the_same_in_any_language_and_spelling(database: Database) -> None:
    one = person("one", works=[work(az="Leyli və Məcnun", ru="Лейли и Меджнун")])
    two = person("two", works=[work(ru="ЛЕЙЛИ И МЕДЖНУН", en="Leyli and Majnun")])
    three = person("three", works=[work(en="Another")])
    assert reasons(alike(database, [one, two, three])) == {"two": {("work", "leyli ve mecnun")}}


def test_a_title_that_only_says_what_the_work_is_is_no_reason(database: Database) -> None:
    divan = [work(az="Divan", en="Divan", ru="Диван")]
    assert alike(database, [person("one", works=divan), person("two", works=divan)]) == []


def test_a_title_joins_people_centuries_apart(database: Database) -> None:
    work_ = [work(az="Yeddi gözəl")]
    old = {"birth": {"date": "1141~"}}
    one = person("one", works=work_, professions=["poet"])
    near = person("near", professions=["poet"])
    found = alike(database, [one, near, person("far", **old, works=work_), person("other")])
    assert [it.id for it in found] == ["far", "near"]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ({"date": "1893"}, {"date": "1903"}),
        ({"date": "1889~"}, {"date": "1889~"}),
        ({"date": "[1883..1894]"}, {"date": "1889"}),
        ({"date": "1890/1895"}, {"date": "1896/1899", "place": "baku"}),
        ({"date": "1893", "place": "iran"}, {"date": "1893", "place": "iran"}),
        ({"date": "1993"}, {"date": "1993"}),
    ],
    ids=["decades", "about", "between", "places", "countries", "after death"],
)
def test_a_decade_in_a_town_is_shared_only_where_it_is_sure(
    database: Database, one: dict[str, str], two: dict[str, str]
) -> None:
    records = [
        person(id_, events=[{"place": "susa", **part}], death={"date": "1950"})
        for id_, part in (("one", one), ("two", two))
    ]
    assert alike(database, records) == []


def test_an_interval_is_in_all_its_decades_and_a_birth_written_as_one_in_none() -> None:
    span = {"place": "susa", "date": "1888/1911"}
    kept = likenesses({"events": [span]})
    assert [key for _, key in kept] == ["susa/188X", "susa/189X", "susa/190X", "susa/191X"]
    assert likenesses({"birth": span}) == []
    assert likenesses({"birth": {"place": "rome", "date": "-0042"}}) == [
        ("city_decade", "rome/-004X")
    ]


def test_a_town_is_told_once(database: Database) -> None:
    stays = [{"place": "susa", "date": "1905/1935"}]
    part = {"birth": {"date": "1900", "place": "susa"}, "events": stays}
    (found,) = alike(database, [person("one", **part), person("two", **part), person("three")])
    assert len(found.reasons) == 1


def test_nobody_tied_to_the_person_is_only_alike(database: Database) -> None:
    poets = {"professions": ["poet"]}
    one = person("one", **poets, relations=[{"type": "friend", "person": "two"}])
    three = person("three", **poets, relations=[{"type": "teacher", "person": "one"}])
    found = alike(database, [one, person("two", **poets), three, person("four", **poets)])
    assert [it.id for it in found] == ["four"]


def test_the_rarer_tie_comes_first(database: Database) -> None:
    one = person("one", professions=["poet", "geologist"])
    poets = [person(f"a{number}", professions=["poet"]) for number in range(8)]
    found = alike(database, [one, *poets, person("z", professions=["geologist"])])
    assert found[0] == Similar("z", (Reason("profession", "geologist"),))


def test_contemporaries_come_before_those_generations_apart(database: Database) -> None:
    poets = [
        person(id_, professions=["poet"], birth={"date": year})
        for id_, year in (("one", "1900"), ("a", "1700"), ("b", "1800"), ("c", "1905"))
    ]
    assert [it.id for it in alike(database, [*poets, person("other")])] == ["c", "b", "a"]


def test_drafts_and_withdrawn_people_are_never_alike(database: Database) -> None:
    records = [person(id_, professions=["poet"]) for id_ in ("one", "two", "three")]
    alike(database, records)
    with database.write() as session:
        two = session.get(m.Person, "two")
        assert two
        two.published = None
    with database.read() as session:
        assert [it.id for it in similar_people(session, records[0])] == ["three"]


@pytest.mark.parametrize("kind", ["teacher", "influence", "patron"])
def test_who_is_not_public_is_named_in_no_reason(database: Database, kind: str) -> None:
    tie = {"relations": [{"type": kind, "person": "mentor"}], "professions": ["poet"]}
    records = [person("one", **tie), person("two", **tie), person("mentor")]
    alike(database, records)
    with database.write() as session:
        session.get_one(m.Person, "mentor").published = None
    with database.read() as session:
        found = similar_people(session, records[0])
    assert reasons(found) == {"two": {("profession", "poet")}}


def test_of_very_many_the_nearest_in_time_and_all_the_rare_are_drawn(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_ties, "DRAWN", 10)
    one = person("one", professions=["poet"], works=[work(az="Sevil")])
    poets = [
        person(f"p{year}", professions=["poet"], birth={"date": str(year)})
        for year in range(1860, 1941)
    ]
    sevil = person("z", works=[work(az="Sevil")], birth={"date": "1600"})
    found = alike(database, [one, *poets, sevil])
    assert found[0].id == "z"
    assert {it.id for it in found[1:]} < {f"p{year}" for year in range(1896, 1905)}
    assert len(found) > 5


def test_the_seed_has_each_kind_of_reason_but_never_oneself_or_the_known(
    services: Services,
) -> None:
    kinds = set()
    with services.database.read() as session:
        for records in queries.walk(session):
            for record in records.values():
                found = similar_people(session, record)
                kinds |= {reason.kind for it in found for reason in it.reasons}
                assert all(1 <= len(it.reasons) <= 3 for it in found)
                assert not {it.id for it in found} & acquainted(session, record)
    assert kinds == set(KINDS)


def test_composers_of_the_same_story_and_pupils_of_one_teacher_are_alike(
    services: Services,
) -> None:
    found = reasons(seed_alike(services, "nizami-gencevi"))
    assert ("work", "leyli ve mecnun") in found["uzeyir-hacibeyov"]
    assert ("work", "xosrov ve sirin") in found["niyazi"]
    found = reasons(seed_alike(services, "fikret-emirov"))
    assert ("teacher", "uzeyir-hacibeyov") in found["asef-zeynalli"]


@pytest.mark.parametrize(
    ("lang", "label"),
    [("az", "Şuşa, 1860-cı illər"), ("en", "Shusha, 1860s"), ("ru", "Шуша, 1860-е годы")],
)
def test_reasons_are_told_in_the_readers_language(
    services: Services, lang: str, label: str
) -> None:
    with services.database.read() as session:
        record = queries.record(session, "cabbar-qaryagdioglu")
        assert record
        found = similar_people(session, record)
        labels = {
            reason: text
            for it in told(session, record, found, services.catalogue(), lang)
            for reason, text in it.reasons
        }
    assert labels[Reason("city_decade", "susa/186X")] == label
    assert all(labels.values())


def test_the_order_of_the_people_in_the_store_changes_nothing(services: Services) -> None:
    first = seed_alike(services, "semed-vurgun")
    assert first == seed_alike(services, "semed-vurgun")
    assert first[:6] == seed_alike(services, "semed-vurgun", 6)


def test_the_number_of_statements_does_not_grow_with_the_people(database: Database) -> None:
    statements: list[str] = []
    event.listen(
        database.engine,
        "before_cursor_execute",
        lambda _c, _cursor, text, *_: statements.append(text),
    )
    records = [person(f"p{number}", professions=["poet"]) for number in range(60)]
    random.Random(1).shuffle(records)
    alike(database, records[:3])
    with database.read() as session:
        statements.clear()
        similar_people(session, records[0])
    few = len(statements)
    alike(database, records[3:])
    with database.read() as session:
        statements.clear()
        similar_people(session, records[0])
    assert len(statements) == few
