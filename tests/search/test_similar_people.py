"""Similar people: each feature counts where it should, rarer ones first."""

import random
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from sqlalchemy import event

from biobank.bootstrap import Services
from biobank.records.catalogue import load_catalogue
from biobank.records.people import models as m
from biobank.records.people import queries
from biobank.records.people.browse_queries import load_cards
from biobank.records.people.similarity_keys import compute_similarity_keys
from biobank.search import similarity_candidates
from biobank.search.similar_people import (
    SimilarPerson,
    describe_similar,
    find_similar,
    people_in_reasons,
    related_people,
)
from biobank.search.similarity_candidates import FEATURE_KINDS, SimilarityReason
from biobank.store.session import Database
from tests.support.published_people import publish_rows

Record = Mapping[str, Any]


def person(id_: str, **parts: Any) -> dict[str, Any]:
    name = {"text": id_.title(), "lang": "az", "kind": "preferred"}
    return {"id": id_, "names": [name], "birth": {"date": "1900"}, **parts}


def work(**title: str) -> dict[str, Any]:
    return {"title": title}


def similar_among(database: Database, records: Sequence[Record], size: int = 50) -> list[SimilarPerson]:
    """Return people similar to the first of `records`, which are the whole bank."""
    publish_rows(database, records)
    with database.read() as session:
        return find_similar(session, records[0], load_catalogue(session), size)


def reasons_by_id(similar_people_: Sequence[SimilarPerson]) -> dict[str, set[tuple[str, str]]]:
    return {
        similar.id: {(reason.kind, reason.value) for reason in similar.reasons} for similar in similar_people_
    }


def similar_in_seed(services: Services, person_id: str, size: int = 50) -> list[SimilarPerson]:
    with services.database.read() as session:
        record = queries.load_record(session, person_id)
        assert record
        return find_similar(session, record, services.catalogue(), size)


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
    similar = similar_among(database, [person("one", **part), person("two", **part), person("mentor")])
    assert reasons_by_id(similar) == {"two": {(kind, value)}}


def test_a_title_is_the_same_in_any_language_and_spelling(database: Database) -> None:
    subject = person("one", works=[work(az="Leyli və Məcnun", ru="Лейли и Меджнун")])
    two = person("two", works=[work(ru="ЛЕЙЛИ И МЕДЖНУН", en="Leyli and Majnun")])
    three = person("three", works=[work(en="Another")])
    assert reasons_by_id(similar_among(database, [subject, two, three])) == {
        "two": {("work", "leyli ve mecnun")}
    }


def test_generic_work_title_is_not_a_reason(database: Database) -> None:
    divan = [work(az="Divan", en="Divan", ru="Диван")]
    assert similar_among(database, [person("one", works=divan), person("two", works=divan)]) == []


def test_shared_title_counts_across_centuries(database: Database) -> None:
    work_ = [work(az="Yeddi gözəl")]
    old = {"birth": {"date": "1141~"}}
    subject = person("one", works=work_, professions=["poet"])
    contemporary = person("near", professions=["poet"])
    similar = similar_among(
        database, [subject, contemporary, person("far", **old, works=work_), person("other")]
    )
    assert [match.id for match in similar] == ["far", "near"]


@pytest.mark.parametrize(
    ("first", "second"),
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
def test_city_decade_counts_only_if_certain(
    database: Database, first: dict[str, str], second: dict[str, str]
) -> None:
    records = [
        person(id_, events=[{"place": "susa", **part}], death={"date": "1950"})
        for id_, part in (("one", first), ("two", second))
    ]
    assert similar_among(database, records) == []


def test_an_interval_is_in_all_its_decades_and_a_birth_written_as_one_in_none() -> None:
    span = {"place": "susa", "date": "1888/1911"}
    keys = compute_similarity_keys({"events": [span]})
    assert [key for _, key in keys] == ["susa/188X", "susa/189X", "susa/190X", "susa/191X"]
    assert compute_similarity_keys({"birth": span}) == []
    assert compute_similarity_keys({"birth": {"place": "rome", "date": "-0042"}}) == [
        ("city_decade", "rome/-004X")
    ]


def test_town_is_reported_once(database: Database) -> None:
    events = [{"place": "susa", "date": "1905/1935"}]
    part = {"birth": {"date": "1900", "place": "susa"}, "events": events}
    (similar,) = similar_among(database, [person("one", **part), person("two", **part), person("three")])
    assert len(similar.reasons) == 1


def test_related_people_are_not_similar(database: Database) -> None:
    poets = {"professions": ["poet"]}
    subject = person("one", **poets, relations=[{"type": "friend", "person": "two"}])
    three = person("three", **poets, relations=[{"type": "teacher", "person": "one"}])
    similar = similar_among(database, [subject, person("two", **poets), three, person("four", **poets)])
    assert [match.id for match in similar] == ["four"]


def test_rarer_feature_ranks_first(database: Database) -> None:
    subject = person("one", professions=["poet", "geologist"])
    poets = [person(f"a{number}", professions=["poet"]) for number in range(8)]
    similar = similar_among(database, [subject, *poets, person("z", professions=["geologist"])])
    assert similar[0] == SimilarPerson("z", (SimilarityReason("profession", "geologist"),))


def test_contemporaries_rank_before_distant_generations(database: Database) -> None:
    poets = [
        person(id_, professions=["poet"], birth={"date": year})
        for id_, year in (("one", "1900"), ("a", "1700"), ("b", "1800"), ("c", "1905"))
    ]
    assert [match.id for match in similar_among(database, [*poets, person("other")])] == ["c", "b", "a"]


def test_unpublished_people_are_never_similar(database: Database) -> None:
    records = [person(id_, professions=["poet"]) for id_ in ("one", "two", "three")]
    similar_among(database, records)
    with database.write() as session:
        two = session.get(m.Person, "two")
        assert two
        two.published = None
    with database.read() as session:
        assert [match.id for match in find_similar(session, records[0], load_catalogue(session))] == ["three"]


@pytest.mark.parametrize("kind", ["teacher", "influence", "patron"])
def test_unpublished_people_are_in_no_reason(database: Database, kind: str) -> None:
    shared = {"relations": [{"type": kind, "person": "mentor"}], "professions": ["poet"]}
    records = [person("one", **shared), person("two", **shared), person("mentor")]
    similar_among(database, records)
    with database.write() as session:
        session.get_one(m.Person, "mentor").published = None
    with database.read() as session:
        similar = find_similar(session, records[0], load_catalogue(session))
    assert reasons_by_id(similar) == {"two": {("profession", "poet")}}


def test_many_candidates_are_limited_by_birth_but_rare_ones_kept(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(similarity_candidates, "CANDIDATE_LIMIT", 10)
    subject = person("one", professions=["poet"], works=[work(az="Sevil")])
    poets = [
        person(f"p{year}", professions=["poet"], birth={"date": str(year)}) for year in range(1860, 1941)
    ]
    sevil = person("z", works=[work(az="Sevil")], birth={"date": "1600"})
    similar = similar_among(database, [subject, *poets, sevil])
    assert similar[0].id == "z"
    assert {match.id for match in similar[1:]} < {f"p{year}" for year in range(1896, 1905)}
    assert len(similar) > 5


def test_seed_has_each_reason_but_never_self_or_related(services: Services) -> None:
    kinds = set()
    with services.database.read() as session:
        for records in queries.iter_chunks(session):
            for record in records.values():
                similar = find_similar(session, record, services.catalogue())
                kinds |= {reason.kind for match in similar for reason in match.reasons}
                assert all(1 <= len(match.reasons) <= 3 for match in similar)
                assert not {match.id for match in similar} & related_people(session, record)
    assert kinds == set(FEATURE_KINDS)


def test_same_story_and_same_teacher_are_similar(services: Services) -> None:
    reasons = reasons_by_id(similar_in_seed(services, "nizami-gencevi"))
    assert ("work", "leyli ve mecnun") in reasons["uzeyir-hacibeyov"]
    assert ("work", "xosrov ve sirin") in reasons["niyazi"]
    reasons = reasons_by_id(similar_in_seed(services, "fikret-emirov"))
    assert ("teacher", "uzeyir-hacibeyov") in reasons["asef-zeynalli"]


@pytest.mark.parametrize(
    ("lang", "label"), [("az", "Şuşa, 1860-cı illər"), ("en", "Shusha, 1860s"), ("ru", "Шуша, 1860-е годы")]
)
def test_reasons_are_labelled_in_reader_language(services: Services, lang: str, label: str) -> None:
    with services.database.read() as session:
        record = queries.load_record(session, "cabbar-qaryagdioglu")
        assert record
        similar = find_similar(session, record, services.catalogue())
        cards = load_cards(session, people_in_reasons(similar))
        labels = {
            reason: text
            for view in describe_similar(record, similar, cards, services.catalogue(), lang)
            for reason, text in view.reasons
        }
    assert labels[SimilarityReason("city_decade", "susa/186X")] == label
    assert all(labels.values())


def test_order_in_store_is_irrelevant(services: Services) -> None:
    first = similar_in_seed(services, "semed-vurgun")
    assert first == similar_in_seed(services, "semed-vurgun")
    assert first[:6] == similar_in_seed(services, "semed-vurgun", 6)


def test_statement_count_is_independent_of_bank_size(database: Database) -> None:
    statements: list[str] = []
    event.listen(
        database.engine, "before_cursor_execute", lambda _c, _cursor, text, *_: statements.append(text)
    )
    records = [person(f"p{number}", professions=["poet"]) for number in range(60)]
    random.Random(1).shuffle(records)
    similar_among(database, records[:3])
    with database.read() as session:
        catalogue = load_catalogue(session)
        statements.clear()
        find_similar(session, records[0], catalogue)
    few = len(statements)
    similar_among(database, records[3:])
    with database.read() as session:
        catalogue = load_catalogue(session)
        statements.clear()
        find_similar(session, records[0], catalogue)
    assert len(statements) == few
