"""The ranking measure on examples computed by hand."""

import pytest

from tests.relevance.measures import discounted_gain, ndcg

ASKED_FOR, CLOSE = {"a": 3}, {"a": 3, "b": 2, "c": 1}


def test_gains_grow_with_the_grade_and_shrink_with_the_rank() -> None:
    # 7 / log2(2) + 3 / log2(3) + 1 / log2(4) = 7 + 1.8928 + 0.5
    assert discounted_gain([3, 2, 1]) == pytest.approx(9.3928, abs=1e-4)
    assert discounted_gain([0, 0, 3]) == pytest.approx(3.5)


def test_the_best_order_is_one() -> None:
    assert ndcg(["a", "b", "c"], CLOSE) == 1
    assert ndcg(["a", "b", "c", "x", "y"], CLOSE) == 1


def test_nobody_relevant_is_nothing() -> None:
    assert ndcg([], ASKED_FOR) == 0
    assert ndcg(["x", "y"], ASKED_FOR) == 0


@pytest.mark.parametrize(
    ("ranked", "value"),
    [
        (["x", "a"], 0.6309),  # 1 / log2(3)
        (["x", "y", "a"], 0.5),  # 1 / log2(4)
    ],
)
def test_the_person_asked_for_counts_less_further_down(ranked: list[str], value: float) -> None:
    assert ndcg(ranked, ASKED_FOR) == pytest.approx(value, abs=1e-4)


@pytest.mark.parametrize(
    ("ranked", "value"),
    [
        (["c", "b", "a"], 0.6806),  # (1 + 1.8928 + 3.5) / 9.3928
        (["b", "a", "c"], 0.8428),  # (3 + 4.4165 + 0.5) / 9.3928
        (["a"], 0.7453),  # 7 / 9.3928
    ],
)
def test_orders_that_are_not_the_best(ranked: list[str], value: float) -> None:
    assert ndcg(ranked, CLOSE) == pytest.approx(value, abs=1e-4)


def test_what_stands_below_the_depth_does_not_count() -> None:
    strangers = [f"x{number}" for number in range(10)]
    assert ndcg([*strangers, "a"], ASKED_FOR) == 0
    assert ndcg(["x", "a"], ASKED_FOR, depth=1) == 0


def test_more_people_than_the_depth_are_not_missed() -> None:
    many = {f"p{number}": 3 for number in range(25)}
    assert ndcg(list(many)[:10], many) == 1
