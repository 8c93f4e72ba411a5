"""Weight of dates and probabilities."""

from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.exchange.reconciling.evidence import NameEvidence
from biobank.exchange.reconciling.odds import CERTAIN, WEIGHTS, chances, name_odds, nameless_odds
from biobank.exchange.reconciling.spans import span_of

FACTS = tuple(NameEvidence.__dataclass_fields__)
some_odds = st.lists(st.floats(-60, 60), max_size=8)


@pytest.mark.parametrize(
    "text",
    ["1885-09-18", "18.09.1885", "1885-09-18T00:00:00Z", "18 сентября 1885", "September 18, 1885"],
)
def test_a_day_is_read_however_it_is_written(text: str) -> None:
    span = span_of(text)
    assert span
    assert span.is_day
    assert span == span_of("1885-09-18")


@pytest.mark.parametrize(
    ("one", "other", "years"),
    [
        ("1885", "1885-09-18", 0),
        ("1885", "1886", 1),
        ("1141~", "1146", 0),
        ("1141~", "1147", 1),
        ("XII əsr", "1150", 0),
        ("-0043", "0001", 44),
        ("[1483..1494]", "1500", 6),
        ("[..1900]", "1850", 0),
        ("[..1900]", "1903", 3),
    ],
)
def test_the_years_between_two_dates_are_the_same_both_ways(
    one: str, other: str, years: int
) -> None:
    first, second = span_of(one), span_of(other)
    assert first
    assert second
    assert first.years_from(second) == second.years_from(first) == years


@pytest.mark.parametrize("text", ["", "foo", "12/13/14/15", "9" * 200])
def test_what_is_no_date_tells_nothing(text: str) -> None:
    assert span_of(text) is None


@given(some_odds)
def test_chances_are_shares_in_the_order_of_the_odds(odds: list[float]) -> None:
    found = chances(odds)
    assert all(0 <= chance <= 1 for chance in found)
    assert sum(found) <= 1 + 1e-9
    for at, chance in enumerate(found):
        for other, theirs in enumerate(found):
            if odds[at] > odds[other]:
                assert chance >= theirs


@given(some_odds, st.floats(-60, 60))
def test_a_rival_more_makes_nobody_surer(odds: list[float], rival: float) -> None:
    before, after = chances(odds), chances([*odds, rival])
    assert all(one >= two - 1e-12 for one, two in zip(before, after, strict=False))


def test_alone_a_chance_is_the_odds_against_nobody() -> None:
    assert chances([log(3)]) == pytest.approx([0.75])
    assert chances([]) == []
    assert exp(nameless_odds(99)) == pytest.approx(0.01)


def test_nothing_wrong_with_a_name_is_certain_and_every_fact_takes_off() -> None:
    perfect = name_odds(NameEvidence(*[0.0] * len(FACTS)))
    assert chances([perfect])[0] > CERTAIN
    assert chances([perfect, perfect])[0] < 0.5
    assert set(WEIGHTS) == set(FACTS)
    for at, fact in enumerate(FACTS):
        told = name_odds(NameEvidence(*[float(place == at) for place in range(len(FACTS))]))
        assert told == pytest.approx(perfect + WEIGHTS[fact])
        assert WEIGHTS[fact] <= 0
