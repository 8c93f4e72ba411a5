"""References of a record must exist: errors have a path and the nearest id."""

from typing import Any

import pytest

from biobank.errors import Problem
from biobank.records.people.checks import Known, check_references, dangling, load_known
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
from biobank.store.session import Database
from tests.support import seed

UZEYIR = "uzeyir-hacibeyov"


@pytest.fixture(scope="module")
def known() -> Known:
    vocabularies = ("profession", "relation", "event", "work", "award")
    return Known(
        terms={vocabulary: set(seed.terms(vocabulary)) for vocabulary in vocabularies},
        places=set(seed.ids("places")),
        organisations=set(seed.ids("organisations")),
        sources={id_: {"type": "book", "title": id_} for id_ in seed.ids("sources")},
    )


def problems(known: Known, **changes: Any) -> list[Problem]:
    """Return the problems of Üzeyir's record with these fields replaced."""
    return check_references(load(person_schema, {**seed.person(UZEYIR), **changes}), known)


def test_what_is_known_is_what_the_bank_holds(database: Database, known: Known) -> None:
    with database.read() as session:
        loaded = load_known(session)
    assert loaded.terms == known.terms
    assert loaded.places == known.places
    assert loaded.organisations == known.organisations
    assert loaded.sources.keys() == known.sources.keys()


def test_a_record_whose_references_are_all_there_is_taken(known: Known) -> None:
    assert problems(known) == []


@pytest.mark.parametrize(
    ("changes", "path", "code", "message"),
    [
        (
            {"birth": {"place": "agcabad"}},
            "birth.place",
            "unknown_place",
            "There is no place 'agcabad' in the bank. Did you mean 'agcabedi'?",
        ),
        (
            {"floruit": {"place": "zzzzzz"}},
            "floruit.place",
            "unknown_place",
            "There is no place 'zzzzzz' in the bank.",
        ),
        (
            {"events": [{"date": "1908"}, {"place": "bakou"}]},
            "events[1].place",
            "unknown_place",
            "There is no place 'bakou' in the bank. Did you mean 'baku'?",
        ),
        (
            {"professions": ["composer", "composr"]},
            "professions[1]",
            "unknown_term",
            "There is no profession term 'composr' in the bank. Did you mean 'composer'?",
        ),
        (
            {"events": [{"type": "premier"}]},
            "events[0].type",
            "unknown_term",
            "There is no event term 'premier' in the bank. Did you mean 'premiere'?",
        ),
        (
            {"relations": [{"type": "brother", "person": "ceyhun-hacibeyli"}]},
            "relations[0].type",
            "unknown_term",
            "There is no relation term 'brother' in the bank.",
        ),
        (
            {"works": [{"title": {"az": "Koroğlu"}, "type": "operra"}]},
            "works[0].type",
            "unknown_term",
            "There is no work term 'operra' in the bank. Did you mean 'opera'?",
        ),
        (
            {"awards": [{"award": "ussr-peoples-artists"}]},
            "awards[0].award",
            "unknown_term",
            "There is no award term 'ussr-peoples-artists' in the bank. "
            "Did you mean 'ussr-peoples-artist'?",
        ),
        (
            {"memberships": [{"organisation": "baku-musical-academy"}]},
            "memberships[0].organisation",
            "unknown_organisation",
            "There is no organisation 'baku-musical-academy' in the bank. "
            "Did you mean 'baku-music-academy'?",
        ),
        (
            {"sources": ["zzzzzz"]},
            "sources[0]",
            "unknown_source",
            "There is no source 'zzzzzz' in the bank.",
        ),
        (
            {"birth": {"cites": [{"source": "music-in-nummis-hajibeyov"}, {"source": "zzzzzz"}]}},
            "birth.cites[1].source",
            "unknown_source",
            "There is no source 'zzzzzz' in the bank.",
        ),
        (
            {"biography": {"ru": "Жизнь. [@music-in-nummis-hajibeyov; @zzzzzz, с. 5]"}},
            "biography.ru",
            "unknown_source",
            "There is no source 'zzzzzz' in the bank.",
        ),
        (
            {"checked": {"on": "2026", "against": ["zzzzzz"]}},
            "checked.against[0]",
            "unknown_source",
            "There is no source 'zzzzzz' in the bank.",
        ),
        (
            {
                "sources": [
                    {
                        "id": "music-in-nummis-hajibeyov",
                        "csl": {"type": "book", "title": "Something else"},
                    }
                ]
            },
            "sources[0]",
            "source_differs",
            "The bank holds another source under 'music-in-nummis-hajibeyov'; choose another id.",
        ),
    ],
)
def test_what_is_not_there_is_told_with_its_path(
    known: Known, changes: dict[str, Any], path: str, code: str, message: str
) -> None:
    assert problems(known, **changes) == [Problem(path, code, message)]


def test_a_term_of_another_vocabulary_is_no_profession(known: Known) -> None:
    assert problems(known, professions=["premiere"])[0].code == "unknown_term"


def test_a_source_told_in_full_may_be_new_or_the_same(known: Known) -> None:
    same = {"id": (id_ := seed.ids("sources")[0]), "csl": known.sources[id_]}
    new = {"id": "a-source-that-is-new", "csl": {"type": "book", "title": "New"}}
    assert problems(known, sources=[same, new]) == []


def test_a_relation_to_nobody_is_told_with_the_nearest_id() -> None:
    record = {"id": UZEYIR, "relations": [{"type": "sibling", "person": "ceyhun-hacibeyov"}]}
    assert dangling(record, {"ceyhun-hacibeyli", UZEYIR}) == [
        Problem(
            "relations[0].person",
            "unknown_person",
            "There is no person 'ceyhun-hacibeyov' in the bank. Did you mean 'ceyhun-hacibeyli'?",
        )
    ]


def test_a_relation_to_oneself_is_refused() -> None:
    record = {"id": UZEYIR, "relations": [{"type": "sibling", "person": UZEYIR}]}
    message = "A person has no relation to itself."
    assert dangling(record, {UZEYIR}) == [Problem("relations[0].person", "self_relation", message)]
