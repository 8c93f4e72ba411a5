"""Completion of typed name prefixes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.names.matcher import Matcher

PEOPLE = [
    ("uzeyir", ["Üzeyir Hacıbəyov"], 9),
    ("soltan", ["Soltan Hacıbəyov"], 5),
    ("natevan", ["Xurşidbanu Natəvan"], 8),
    ("celil", ["Cəlil Məmmədquluzadə", "Джалил Мамедкулизаде"], 7),
    ("haci", ["Hacı Zeynalabdin Tağıyev"], 3),
]


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(PEOPLE)


@pytest.mark.parametrize(
    ("typed", "found"),
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
def test_a_beginning_is_completed_in_any_script(
    matcher: Matcher, typed: str, found: list[str]
) -> None:
    assert [one.person_id for one in matcher.complete(typed, 10)] == found


def test_what_is_written_so_comes_before_what_is_read_so(matcher: Matcher) -> None:
    matcher = Matcher([("read", ["Əli Camal"], 9), ("written", ["Dzhamal Aliyev"], 1)])
    found = matcher.complete("dzha", 5)
    assert [(one.person_id, one.read) for one in found] == [("written", False), ("read", True)]


def test_the_name_that_begins_so_is_told(matcher: Matcher) -> None:
    (one,) = matcher.complete("джалил м", 5)
    assert one.name == "Джалил Мамедкулизаде"


def test_completion_follows_changes() -> None:
    matcher = Matcher(PEOPLE)
    matcher.apply([("uzeyir", ["Üzeyir bəy"], 9)], ["haci"])
    assert [one.person_id for one in matcher.complete("hac", 5)] == ["soltan"]


@given(st.sampled_from(PEOPLE), st.data())
def test_every_beginning_of_a_word_of_a_name_finds_the_person(
    matcher: Matcher, person: tuple[str, list[str], int], data: st.DataObject
) -> None:
    id_, names, _ = person
    word = data.draw(st.sampled_from([word for name in names for word in name.split()]))
    size = data.draw(st.integers(1, len(word)))
    assert id_ in [one.person_id for one in matcher.complete(word[:size], len(PEOPLE))]
