"""Word-by-word diffs of long texts: exact, and bounded in time."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.editorial.wording import word_runs
from tests.support.work import steps

WORDS = st.lists(st.sampled_from(["o", "Bakıda", "anadan", "olub.", "\n", "və"]), max_size=40)


def shown(before: str, after: str) -> list[tuple[str, str]]:
    return [(run.kind, run.text) for run in word_runs(before, after)]


def test_words_that_came_and_went_stand_between_those_that_stayed() -> None:
    assert shown(
        "He was born in Agdam in 1885.", "He was born in Agjabadi in 1885, in autumn."
    ) == [
        ("same", "He was born in"),
        ("removed", " Agdam"),
        ("added", " Agjabadi"),
        ("same", " in"),
        ("removed", " 1885."),
        ("added", " 1885, in autumn."),
    ]


def test_equal_texts_and_empty_ones() -> None:
    assert shown("Bəstəkar.", "Bəstəkar.") == [("same", "Bəstəkar.")]
    assert shown("", "Bəstəkar.") == [("added", "Bəstəkar.")]
    assert shown("", "") == []


@given(WORDS, WORDS)
def test_both_texts_are_in_the_runs(old: list[str], new: list[str]) -> None:
    before, after = " ".join(old), " ".join(new)
    runs = word_runs(before, after)
    assert "".join(run.text for run in runs if run.kind != "added") == before
    assert "".join(run.text for run in runs if run.kind != "removed") == after


@given(st.text(), st.text())
def test_any_text_is_in_the_runs(before: str, after: str) -> None:
    runs = word_runs(before, after)
    assert "".join(run.text for run in runs if run.kind != "added") == before
    assert "".join(run.text for run in runs if run.kind != "removed") == after


@pytest.mark.parametrize("vocabulary", [1, 2, 40, 3_000])
def test_comparing_takes_work_as_the_texts_are_long(vocabulary: int) -> None:
    def work(words: int) -> int:
        chance = random.Random(vocabulary)
        before = [str(chance.randrange(vocabulary)) for _ in range(words)]
        edited = [word if chance.random() < 0.9 else "new" for word in before]
        other = [str(chance.randrange(vocabulary)) for _ in range(words)]
        afters = (edited, other, before[::-1])
        return steps(lambda: [word_runs(" ".join(before), " ".join(after)) for after in afters])

    # For four times the words, a quadratic comparison would take sixteen times as long.
    assert work(4_000) < 8 * work(1_000)
