"""Weight of dates and probabilities."""

from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.exchange.reconciliation.candidates import (
    CERTAIN_SHARE,
    NAME_WEIGHTS,
    name_log_odds,
    nameless_log_odds,
    softmax,
)
from biobank.exchange.reconciliation.name_evidence import NameEvidence
from biobank.exchange.reconciliation.properties import parse_span

FACTS = tuple(NameEvidence.__dataclass_fields__)
some_odds = st.lists(st.floats(-60, 60), max_size=8)


@pytest.mark.parametrize(
    "text", ["1885-09-18", "18.09.1885", "1885-09-18T00:00:00Z", "18 сентября 1885", "September 18, 1885"]
)
def test_days_are_parsed_in_any_notation(text: str) -> None:
    span = parse_span(text)
    assert span
    assert span.is_day
    assert span == parse_span("1885-09-18")


@pytest.mark.parametrize(
    ("first_text", "second_text", "years"),
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
def test_years_between_dates_are_symmetric(first_text: str, second_text: str, years: int) -> None:
    first, second = parse_span(first_text), parse_span(second_text)
    assert first
    assert second
    assert first.years_between(second) == second.years_between(first) == years


@pytest.mark.parametrize("text", ["", "foo", "12/13/14/15", "9" * 200])
def test_invalid_dates_are_none(text: str) -> None:
    assert parse_span(text) is None


@given(some_odds)
def test_softmax_keeps_the_order_of_log_odds(odds: list[float]) -> None:
    shares = softmax(odds)
    assert all(0 <= chance <= 1 for chance in shares)
    assert sum(shares) <= 1 + 1e-9
    for index, chance in enumerate(shares):
        for other_index, other_share in enumerate(shares):
            if odds[index] > odds[other_index]:
                assert chance >= other_share


@given(some_odds, st.floats(-60, 60))
def test_another_candidate_lowers_all_shares(odds: list[float], rival: float) -> None:
    before, after = softmax(odds), softmax([*odds, rival])
    assert all(
        share_before >= share_after - 1e-12 for share_before, share_after in zip(before, after, strict=False)
    )


def test_single_candidate_is_weighed_against_nobody() -> None:
    assert softmax([log(3)]) == pytest.approx([0.75])
    assert softmax([]) == []
    assert exp(nameless_log_odds(99)) == pytest.approx(0.01)


def test_perfect_name_is_certain_and_every_fact_lowers_it() -> None:
    perfect = name_log_odds(NameEvidence(*[0.0] * len(FACTS)))
    assert softmax([perfect])[0] > CERTAIN_SHARE
    assert softmax([perfect, perfect])[0] < 0.5
    assert set(NAME_WEIGHTS) == set(FACTS)
    for index, fact in enumerate(FACTS):
        log_odds = name_log_odds(NameEvidence(*[float(place == index) for place in range(len(FACTS))]))
        assert log_odds == pytest.approx(perfect + NAME_WEIGHTS[fact])
        assert NAME_WEIGHTS[fact] <= 0
