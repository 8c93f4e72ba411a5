"""Completion of typed name prefixes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.names.matcher import NameMatcher

PEOPLE = [
    ("uzeyir", ["Üzeyir Hacıbəyov"], 9),
    ("soltan", ["Soltan Hacıbəyov"], 5),
    ("natevan", ["Xurşidbanu Natəvan"], 8),
    ("celil", ["Cəlil Məmmədquluzadə", "Джалил Мамедкулизаде"], 7),
    ("haci", ["Hacı Zeynalabdin Tağıyev"], 3),
]


@pytest.fixture(scope="module")
def matcher() -> NameMatcher:
    return NameMatcher(PEOPLE)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("hac", ["uzeyir", "soltan", "haci"]),
        ("HAC", ["uzeyir", "soltan", "haci"]),
        ("гадж", ["uzeyir", "soltan", "haci"]),
        ("haj", ["uzeyir", "soltan", "haci"]),
        ("حاجی", ["uzeyir", "soltan", "haci"]),
        ("hac uz", ["uzeyir"]),
        ("узе гаджи", ["uzeyir"]),
        ("natav", ["natevan"]),
        ("мамедк", ["celil"]),
        ("qwerty", []),
        ("", []),
        (" - ", []),
    ],
)
def test_prefix_is_completed_in_any_script(matcher: NameMatcher, typed: str, expected: list[str]) -> None:
    assert [completion.person_id for completion in matcher.complete(typed, 10)] == expected


def test_exact_prefix_ranks_before_transliterated(matcher: NameMatcher) -> None:
    matcher = NameMatcher([("read", ["Əli Camal"], 9), ("written", ["Dzhamal Aliyev"], 1)])
    completions = matcher.complete("dzha", 5)
    assert [(completion.person_id, completion.by_transliteration) for completion in completions] == [
        ("written", False),
        ("read", True),
    ]


def test_completion_reports_matching_name(matcher: NameMatcher) -> None:
    (completion,) = matcher.complete("джалил м", 5)
    assert completion.name == "Джалил Мамедкулизаде"


def test_completion_follows_changes() -> None:
    matcher = NameMatcher(PEOPLE)
    matcher.apply([("uzeyir", ["Üzeyir bəy"], 9)], ["haci"])
    assert [completion.person_id for completion in matcher.complete("hac", 5)] == ["soltan"]


@given(st.sampled_from(PEOPLE), st.data())
def test_every_prefix_of_every_name_word_matches(
    matcher: NameMatcher, person: tuple[str, list[str], int], data: st.DataObject
) -> None:
    id_, names, _ = person
    word = data.draw(st.sampled_from([word for name in names for word in name.split()]))
    size = data.draw(st.integers(1, len(word)))
    assert id_ in [completion.person_id for completion in matcher.complete(word[:size], len(PEOPLE))]
