"""References of a record must exist: errors have a path and the nearest id."""

from typing import Any

import pytest

from biobank.errors import FieldError
from biobank.records.people.reference_checks import (
    ReferenceIndex,
    check_references,
    load_reference_index,
    missing_people,
)
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from biobank.store.session import Database
from tests.support import seed

UZEYIR = "uzeyir-hacibeyov"


@pytest.fixture(scope="module")
def reference_index() -> ReferenceIndex:
    vocabularies = ("profession", "relation", "event", "work", "award")
    return ReferenceIndex(
        terms={vocabulary: set(seed.terms(vocabulary)) for vocabulary in vocabularies},
        places=set(seed.ids("places")),
        organisations=set(seed.ids("organisations")),
        sources={id_: {"type": "book", "title": id_} for id_ in seed.ids("sources")},
    )


def problems(known: ReferenceIndex, **changes: Any) -> list[FieldError]:
    """Return the problems of Üzeyir's record with these fields replaced."""
    return check_references(load_validated(person_schema, {**seed.person(UZEYIR), **changes}), known)


def test_the_index_contains_the_ids_of_the_bank(database: Database, reference_index: ReferenceIndex) -> None:
    with database.read() as session:
        loaded = load_reference_index(session)
    assert loaded.terms == reference_index.terms
    assert loaded.places == reference_index.places
    assert loaded.organisations == reference_index.organisations
    assert loaded.sources.keys() == reference_index.sources.keys()


def test_a_record_with_valid_references_is_accepted(reference_index: ReferenceIndex) -> None:
    assert problems(reference_index) == []


@pytest.mark.parametrize(
    ("changes", "path", "code", "message"),
    [
        (
            {"birth": {"place": "agcabad"}},
            "birth.place",
            "unknown_place",
            "Unknown place 'agcabad'. Did you mean 'agcabedi'?",
        ),
        (
            {"floruit": {"place": "zzzzzz"}},
            "floruit.place",
            "unknown_place",
            "Unknown place 'zzzzzz'.",
        ),
        (
            {"events": [{"date": "1908"}, {"place": "bakou"}]},
            "events[1].place",
            "unknown_place",
            "Unknown place 'bakou'. Did you mean 'baku'?",
        ),
        (
            {"professions": ["composer", "composr"]},
            "professions[1]",
            "unknown_term",
            "Unknown profession term 'composr'. Did you mean 'composer'?",
        ),
        (
            {"events": [{"type": "premier"}]},
            "events[0].type",
            "unknown_term",
            "Unknown event term 'premier'. Did you mean 'premiere'?",
        ),
        (
            {"relations": [{"type": "brother", "person": "ceyhun-hacibeyli"}]},
            "relations[0].type",
            "unknown_term",
            "Unknown relation term 'brother'.",
        ),
        (
            {"works": [{"title": {"az": "Koroğlu"}, "type": "operra"}]},
            "works[0].type",
            "unknown_term",
            "Unknown work term 'operra'. Did you mean 'opera'?",
        ),
        (
            {"awards": [{"award": "ussr-peoples-artists"}]},
            "awards[0].award",
            "unknown_term",
            "Unknown award term 'ussr-peoples-artists'. Did you mean 'ussr-peoples-artist'?",
        ),
        (
            {"memberships": [{"organisation": "baku-musical-academy"}]},
            "memberships[0].organisation",
            "unknown_organisation",
            "Unknown organisation 'baku-musical-academy'. Did you mean 'baku-music-academy'?",
        ),
        ({"sources": ["zzzzzz"]}, "sources[0]", "unknown_source", "Unknown source 'zzzzzz'."),
        (
            {"birth": {"cites": [{"source": "music-in-nummis-hajibeyov"}, {"source": "zzzzzz"}]}},
            "birth.cites[1].source",
            "unknown_source",
            "Unknown source 'zzzzzz'.",
        ),
        (
            {"biography": {"ru": "Жизнь. [@music-in-nummis-hajibeyov; @zzzzzz, с. 5]"}},
            "biography.ru",
            "unknown_source",
            "Unknown source 'zzzzzz'.",
        ),
        (
            {"checked": {"on": "2026", "against": ["zzzzzz"]}},
            "checked.against[0]",
            "unknown_source",
            "Unknown source 'zzzzzz'.",
        ),
        (
            {
                "sources": [
                    {"id": "music-in-nummis-hajibeyov", "csl": {"type": "book", "title": "Something else"}}
                ]
            },
            "sources[0]",
            "source_differs",
            "The ID 'music-in-nummis-hajibeyov' belongs to another source. Choose another ID.",
        ),
    ],
)
def test_unknown_references_are_reported_with_their_path(
    reference_index: ReferenceIndex, changes: dict[str, Any], path: str, code: str, message: str
) -> None:
    assert problems(reference_index, **changes) == [FieldError(path, code, message)]


def test_a_term_of_another_vocabulary_is_not_a_profession(reference_index: ReferenceIndex) -> None:
    assert problems(reference_index, professions=["premiere"])[0].code == "unknown_term"


def test_a_full_source_may_be_new_or_identical(reference_index: ReferenceIndex) -> None:
    identical = {"id": (id_ := seed.ids("sources")[0]), "csl": reference_index.sources[id_]}
    new = {"id": "a-source-that-is-new", "csl": {"type": "book", "title": "New"}}
    assert problems(reference_index, sources=[identical, new]) == []


def test_a_relation_to_an_unknown_person_suggests_the_nearest_id() -> None:
    record = {"id": UZEYIR, "relations": [{"type": "sibling", "person": "ceyhun-hacibeyov"}]}
    assert missing_people(record, {"ceyhun-hacibeyli", UZEYIR}) == [
        FieldError(
            "relations[0].person",
            "unknown_person",
            "Unknown person 'ceyhun-hacibeyov'. Did you mean 'ceyhun-hacibeyli'?",
        )
    ]


def test_a_self_relation_is_refused() -> None:
    record = {"id": UZEYIR, "relations": [{"type": "sibling", "person": UZEYIR}]}
    message = "A person cannot be related to themselves."
    assert missing_people(record, {UZEYIR}) == [FieldError("relations[0].person", "self_relation", message)]
