"""Name mentions in queries, and the explanation of matches."""

import pytest

from biobank.names.explain import REASON_LABELS, explain_match
from biobank.names.matcher import NameMatcher
from biobank.names.mention_detection import detect_mentions, detect_similar_mentions
from biobank.names.transliteration import ORTHOGRAPHIES_BY_KEY

PEOPLE = [
    ("uzeyir", ["Üzeyir Hacıbəyov"], 9),
    ("zulfuqar", ["Zülfüqar Hacıbəyov"], 7),
    ("natevan", ["Xurşidbanu Natəvan"], 8),
    ("niyazi", ["Niyazi Tağızadə-Hacıbəyov"], 6),
    ("cabbarli", ["Cəfər Cabbarlı"], 6),
]


@pytest.fixture(scope="module")
def matcher() -> NameMatcher:
    return NameMatcher(PEOPLE)


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
def test_name_is_detected_within_query(
    matcher: NameMatcher, question: str, runs: list[tuple[int, int, str]]
) -> None:
    mentions = detect_mentions(matcher, question.split())
    assert [(run.start, run.end, max(run.scores, key=run.scores.__getitem__)) for run in mentions] == [
        (start, end, people) for start, end, people in runs
    ]


def test_what_is_nearly_a_name_is_only_similar(matcher: NameMatcher) -> None:
    words = ["opera", "hacibevov"]
    assert detect_mentions(matcher, words) == []
    (run,) = detect_similar_mentions(matcher, words, {0, 1})
    assert (run.start, run.end, run.is_exact) == (1, 2, False)
    assert detect_similar_mentions(matcher, words, {0}) == []


def test_words_are_joined_to_a_whole_name_unless_unwanted(matcher: NameMatcher) -> None:
    words = ["Xurşid", "banu", "Natəvan"]
    (mention,) = detect_mentions(matcher, words)
    assert (mention.start, mention.end, set(mention.scores)) == (0, 3, {"natevan"})
    (mention,) = detect_mentions(matcher, words, whole=False)
    assert (mention.start, mention.end) == (2, 3)


@pytest.mark.parametrize(
    ("query", "lang", "words"),
    [
        ("гаджибеков", "en", "гаджибеков → hacıbəyov · Russian spelling: г = h, дж = c"),
        ("гаджибеков", "az", "гаджибеков → hacıbəyov · rus yazılışı: г = h, дж = c"),
        ("hacıbəyov", "ru", "hacıbəyov · то же имя"),
        ("Djafar Djabbarly", "en", "djafar djabbarly → cəfər cabbarlı · English spelling: dj = c"),
    ],
)
def test_match_is_explained(matcher: NameMatcher, query: str, lang: str, words: str) -> None:
    assert explain_match(matcher.find(query)[0]).text(lang).startswith(words)


def test_every_reading_has_words_in_three_languages() -> None:
    for key in ORTHOGRAPHIES_BY_KEY:
        assert all(REASON_LABELS[key].translations().values())


def test_repeated_names_are_all_detected(matcher: NameMatcher) -> None:
    words = ["Cəfər", "Cabbarlı"] * 4
    mentions = detect_mentions(matcher, words)
    assert [(mention.start, mention.end) for mention in mentions] == [(0, 2), (2, 4), (4, 6), (6, 8)]
    assert all(set(mention.scores) == {"cabbarli"} for mention in mentions)
