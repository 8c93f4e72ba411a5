"""Word-by-word diffs of long texts: exact, and bounded in time."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.editorial.revisions.word_diff import MAX_DIFF_RUNS, MAX_DIFF_WORDS, diff_words
from tests.support.instruction_count import count_instructions

WORDS = st.lists(st.sampled_from(["o", "Bakıda", "anadan", "olub.", "\n", "və"]), max_size=40)


def diff_pairs(before: str, after: str) -> list[tuple[str, str]]:
    return [(run.kind, run.text) for run in diff_words(before, after)]


def test_changed_words_are_between_unchanged_ones() -> None:
    assert diff_pairs("He was born in Agdam in 1885.", "He was born in Agjabadi in 1885, in autumn.") == [
        ("same", "He was born in"),
        ("removed", " Agdam"),
        ("added", " Agjabadi"),
        ("same", " in"),
        ("removed", " 1885."),
        ("added", " 1885, in autumn."),
    ]


def test_equal_texts_and_empty_ones() -> None:
    assert diff_pairs("Bəstəkar.", "Bəstəkar.") == [("same", "Bəstəkar.")]
    assert diff_pairs("", "Bəstəkar.") == [("added", "Bəstəkar.")]
    assert diff_pairs("", "") == []


@given(WORDS, WORDS)
def test_runs_contain_both_texts(old: list[str], new: list[str]) -> None:
    before, after = " ".join(old), " ".join(new)
    runs = diff_words(before, after)
    assert "".join(run.text for run in runs if run.kind != "added") == before
    assert "".join(run.text for run in runs if run.kind != "removed") == after


@given(st.text(), st.text())
def test_runs_contain_arbitrary_texts(before: str, after: str) -> None:
    runs = diff_words(before, after)
    assert "".join(run.text for run in runs if run.kind != "added") == before
    assert "".join(run.text for run in runs if run.kind != "removed") == after


@pytest.mark.parametrize("vocabulary", [1, 2, 40, 3_000])
def test_diff_is_linear_in_text_length(vocabulary: int) -> None:
    def work(words: int) -> int:
        rng = random.Random(vocabulary)
        before = [str(rng.randrange(vocabulary)) for _ in range(words)]
        edited = [word if rng.random() < 0.9 else "new" for word in before]
        unrelated = [str(rng.randrange(vocabulary)) for _ in range(words)]
        edited_texts = (edited, unrelated, before[::-1])
        return count_instructions(
            lambda: [diff_words(" ".join(before), " ".join(after)) for after in edited_texts]
        )

    # For four times the words, a quadratic comparison would take sixteen times as long.
    assert work(4_000) < 8 * work(1_000)


def test_a_diff_of_many_changes_is_cut_and_contains_both_texts() -> None:
    before, after = (" ".join(f"{n} {word} {word} {word}" for n in range(5_000)) for word in ("old", "new"))
    runs = diff_words(before, after)
    assert len(runs) == MAX_DIFF_RUNS + 2
    assert "".join(run.text for run in runs if run.kind != "added") == before
    assert "".join(run.text for run in runs if run.kind != "removed") == after


def test_short_parts_of_equal_words_are_compared_in_linear_time() -> None:
    def work(parts: int) -> int:
        before = "".join(f"u{n} " + "a " * 50 for n in range(parts))
        after = "".join(f"u{n} " + "a b " * 25 for n in range(parts))
        return count_instructions(lambda: diff_words(before, after))

    # Comparing one part with the standard library took two milliseconds, the longest text two seconds.
    assert work(1) < 10_000
    assert work(200) < 5 * work(50)


def test_nothing_is_compared_behind_the_last_shown_change() -> None:
    def work(words: int) -> int:
        before = " ".join(f"word{n}" for n in range(words))
        after = " ".join(f"word{n}" if n % 2 else f"other{n}" for n in range(words))
        return count_instructions(lambda: diff_words(before, after))

    # 16,000 more words are split and counted, each in a few steps, but not compared one by one.
    assert work(20_000) - work(4_000) < 100 * 16_000


def test_words_beyond_the_limit_are_one_removal_and_one_addition() -> None:
    before, after = ("".join(f"{word}{n} {word} " for n in range(MAX_DIFF_WORDS)) for word in "xy")
    runs = diff_words(f"start {before}end", f"start {after}end")
    assert [run.kind for run in runs] == ["same", "removed", "added", "same"]
    assert [run.text for run in (runs[0], runs[-1])] == ["start", " end"]
    assert count_instructions(lambda: diff_words(before, after)) < 40 * MAX_DIFF_WORDS


@pytest.mark.parametrize("kept", ["start", "end"])
def test_an_edit_of_one_word_costs_no_more_in_a_long_text(kept: str) -> None:
    def work(words: int) -> int:
        text = " ".join(f"word{n}" for n in range(words))
        before, after = (f"{text} {word}" if kept == "start" else f"{word} {text}" for word in ("old", "new"))
        return count_instructions(lambda: diff_words(before, after))

    assert work(16_000) < 2 * work(1_000)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("a b", "a bc", [("same", "a"), ("removed", " b"), ("added", " bc")]),
        ("b a", "cb a", [("removed", "b"), ("added", "cb"), ("same", " a")]),
        ("a b", "a b c", [("same", "a b"), ("added", " c")]),
        ("b c", "a b c", [("removed", "b"), ("added", "a b"), ("same", " c")]),
        ("a b ", "a b  c", [("same", "a b"), ("removed", " "), ("added", "  c")]),
        ("a a", "a a a", [("same", "a a"), ("added", " a")]),
        ("a  b", "a b", [("same", "a"), ("removed", "  b"), ("added", " b")]),
    ],
)
def test_equal_beginnings_and_ends_are_whole_words(
    before: str, after: str, expected: list[tuple[str, str]]
) -> None:
    assert diff_pairs(before, after) == expected
