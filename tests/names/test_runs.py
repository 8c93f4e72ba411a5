"""Name mentions in queries, and the explanation of matches."""

import pytest

from biobank.names.explain import LABELS, why
from biobank.names.matcher import Matcher
from biobank.names.readings import BY_KEY
from biobank.names.runs import name_runs, similar_runs

PEOPLE = [
    ("uzeyir", ["Üzeyir Hacıbəyov"], 9),
    ("zulfuqar", ["Zülfüqar Hacıbəyov"], 7),
    ("natevan", ["Xurşidbanu Natəvan"], 8),
    ("niyazi", ["Niyazi Tağızadə-Hacıbəyov"], 6),
    ("cabbarli", ["Cəfər Cabbarlı"], 6),
]


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(PEOPLE)


@pytest.mark.parametrize(
    ("question", "runs"),
    [
        ("Гаджибеков опера", [(0, 1, "uzeyir")]),
        ("hacibeyov 1908", [(0, 1, "uzeyir")]),
        ("natəvan şairə", [(0, 1, "natevan")]),
        ("the life of Jafar Jabbarly in Baku", [(3, 5, "cabbarli")]),
        ("опера Зульфугар Гаджибеков и Натаван", [(1, 3, "zulfuqar"), (4, 5, "natevan")]),
        ("азербайджанский композитор", []),
        ("1908", []),
        ("", []),
    ],
)
def test_a_name_is_found_within_a_question(
    matcher: Matcher, question: str, runs: list[tuple[int, int, str]]
) -> None:
    found = name_runs(matcher, question.split())
    assert [(run.start, run.end, max(run.people, key=run.people.__getitem__)) for run in found] == [
        (start, end, who) for start, end, who in runs
    ]


def test_what_is_nearly_a_name_is_only_similar(matcher: Matcher) -> None:
    words = ["opera", "hacibevov"]
    assert name_runs(matcher, words) == []
    (run,) = similar_runs(matcher, words, {0, 1})
    assert (run.start, run.end, run.sure) == (1, 2, False)
    assert similar_runs(matcher, words, {0}) == []


@pytest.mark.parametrize(
    ("asked", "lang", "words"),
    [
        ("гаджибеков", "en", "гаджибеков → hacıbəyov · Russian spelling: г = h, дж = c"),
        ("гаджибеков", "az", "гаджибеков → hacıbəyov · rus yazılışı: г = h, дж = c"),
        ("hacıbəyov", "ru", "hacıbəyov · то же имя"),
        ("Djafar Djabbarly", "en", "djafar djabbarly → cəfər cabbarlı · English spelling: dj = c"),
    ],
)
def test_a_match_says_why(matcher: Matcher, asked: str, lang: str, words: str) -> None:
    assert why(matcher.find(asked)[0], lang).startswith(words)


def test_every_reading_has_words_in_three_languages() -> None:
    for key in BY_KEY:
        assert set(LABELS[key]) == {"az", "en", "ru"}
