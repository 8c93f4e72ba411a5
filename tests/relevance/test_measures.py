"""The ranking measure on examples computed by hand."""

import pytest

from tests.relevance.measures import discounted_gain, ndcg

TARGET_GRADES, MIXED_GRADES = {"a": 3}, {"a": 3, "b": 2, "c": 1}


def test_gains_grow_with_the_grade_and_shrink_with_the_rank() -> None:
    # 7 / log2(2) + 3 / log2(3) + 1 / log2(4) = 7 + 1.8928 + 0.5
    assert discounted_gain([3, 2, 1]) == pytest.approx(9.3928, abs=1e-4)
    assert discounted_gain([0, 0, 3]) == pytest.approx(3.5)


def test_best_order_scores_one() -> None:
    assert ndcg(["a", "b", "c"], MIXED_GRADES) == 1
    assert ndcg(["a", "b", "c", "x", "y"], MIXED_GRADES) == 1


def test_no_relevant_person_scores_zero() -> None:
    assert ndcg([], TARGET_GRADES) == 0
    assert ndcg(["x", "y"], TARGET_GRADES) == 0


@pytest.mark.parametrize(
    ("ranked", "value"),
    [
        (["x", "a"], 0.6309),  # 1 / log2(3)
        (["x", "y", "a"], 0.5),  # 1 / log2(4)
    ],
)
def test_target_counts_less_at_lower_ranks(ranked: list[str], value: float) -> None:
    assert ndcg(ranked, TARGET_GRADES) == pytest.approx(value, abs=1e-4)


@pytest.mark.parametrize(
    ("ranked", "value"),
    [
        (["c", "b", "a"], 0.6806),  # (1 + 1.8928 + 3.5) / 9.3928
        (["b", "a", "c"], 0.8428),  # (3 + 4.4165 + 0.5) / 9.3928
        (["a"], 0.7453),  # 7 / 9.3928
    ],
)
def test_orders_that_are_not_the_best(ranked: list[str], value: float) -> None:
    assert ndcg(ranked, MIXED_GRADES) == pytest.approx(value, abs=1e-4)


def test_ranks_below_depth_do_not_count() -> None:
    irrelevant_ids = [f"x{number}" for number in range(10)]
    assert ndcg([*irrelevant_ids, "a"], TARGET_GRADES) == 0
    assert ndcg(["x", "a"], TARGET_GRADES, depth=1) == 0


def test_more_relevant_people_than_depth_still_score_one() -> None:
    grades = {f"p{number}": 3 for number in range(25)}
    assert ndcg(list(grades)[:10], grades) == 1
