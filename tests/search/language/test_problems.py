"""Every problem that the documentation names arises, and stands where it was typed."""

import re
from pathlib import Path

import pytest

from biobank.bootstrap import Services
from biobank.i18n import LANGUAGES
from biobank.search.asking import asked
from biobank.search.language.limits import CONDITIONS_MOST, WORDS_MOST
from biobank.search.language.mending import DEPTH_MOST
from biobank.search.language.problems import MESSAGES
from biobank.search.language.values import Labels
from biobank.search.query import SearchQuery

DOCUMENTED = Path(__file__).parents[3] / "docs" / "reference" / "search-language.md"
#: Told only when the question is asked (tests/api/test_search_language.py).
LATE = {"wide_prefix"}


@pytest.fixture(scope="module")
def labels(services: Services) -> Labels:
    return services.search.labels()


def deep(levels: int) -> str:
    return "(" * levels + "a OR b" + " c)" * levels


#: Text, code, what of the text is meant. A text may have several; each stands in a row.
CASES = (
    ("opera foo:bar", "unknown_field", "foo:"),
    ("Bakı:opera", "unknown_field", "Bakı:"),
    ("opera profession:qwertyuiop", "unknown_value", "profession:qwertyuiop"),
    ('opera place:"New Baku"', "unknown_value", 'place:"New Baku"'),
    ("near:qwertyuiop~5km", "unknown_value", "near:qwertyuiop~5km"),
    ("century:100", "unknown_value", "century:100"),
    ("award:(nobel OR stalin-prize)", "unknown_value", "award:(nobel"),
    ("opera born:yesterday", "bad_date", "born:yesterday"),
    ("died:1885-02-30 opera", "bad_date", "died:1885-02-30"),
    ("born:1920..1880", "bad_date", "born:1920..1880"),
    ("age:old opera", "bad_age", "age:old"),
    ("age:<0", "bad_age", "age:<0"),
    ("opera near:Şuşa~0km", "bad_distance", "near:Şuşa~0km"),
    ("near:Şuşa~2001km", "bad_distance", "near:Şuşa~2001km"),
    ("opera op*", "short_prefix", "op*"),
    ('"opera house', "unclosed", '"'),
    ("(opera", "unclosed", "("),
    ("opera) musiqi", "unclosed", ")"),
    ("opera OR", "misplaced", "OR"),
    ("VƏYA opera", "misplaced", "VƏYA"),
    ("(ИЛИ opera)", "misplaced", "ИЛИ"),
    ("opera OR OR musiqi", "misplaced", "OR"),
    ("opera NOT", "misplaced", "NOT"),
    ("name:ad:opera", "misplaced", "name:"),
    ("opera ()", "misplaced", "("),
    ('opera "…"', "misplaced", '"…"'),
    (deep(DEPTH_MOST + 1), "too_deep", "("),
    (" ".join(f"w{n}" for n in range(WORDS_MOST + 1)), "too_many", None),
    (" ".join(f"w{n}*" for n in range(100, 101 + CONDITIONS_MOST)), "too_many", "w124*"),
    ("-", "nothing", "-"),
    ("…", "nothing", "…"),
)


@pytest.mark.parametrize(("text", "code", "meant"), CASES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_problem_is_told_where_it_stands(
    labels: Labels, text: str, code: str, meant: str | None, lang: str
) -> None:
    problems = [it for it in asked(SearchQuery(text, lang), labels).problems if it.code == code]
    assert problems, f"no {code} in {text}"
    if meant is not None:
        assert meant in {text[it.start : it.end] for it in problems}


def test_every_documented_problem_arises_and_every_problem_is_documented() -> None:
    text = DOCUMENTED.read_text("utf-8")
    table = text[text.index("| code | when |") :]
    documented = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", table, re.M))))
    assert documented == {code for _, code, _ in CASES} | LATE
    assert documented == set(MESSAGES)


@pytest.mark.parametrize(
    "text",
    [
        "opera",
        "",
        "12:30 opera",
        "Bakı: opera",
        'near:"Xankəndi"~20km',
        "-opera",
        "opera - - musiqi",
        deep(DEPTH_MOST),
        " ".join(f"w{n}" for n in range(WORDS_MOST)),
        " ".join(f"w{n}*" for n in range(100, 100 + CONDITIONS_MOST)),
        "a AND b && c",
        "opera & musiqi | şeir",
        "(opera OR (musiqi -şeir)) born:1885 age:>=90",
        "near:Şuşa~2000km",
        "Hacıbəyov, Ü. (bəstəkar)",
    ],
)
def test_what_means_something_is_no_problem(labels: Labels, text: str) -> None:
    assert asked(SearchQuery(text), labels).problems == ()


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("profession:compozer", "composer"),
        ("place:Bakuu", "Baku"),
        ("award:stalinprize", "Stalin Prize"),
        ("organisation:Musavatt", "Musavat"),
    ],
)
def test_for_a_value_that_is_not_known_those_that_are_like_it_are_offered(
    labels: Labels, text: str, offered: str
) -> None:
    (problem,) = asked(SearchQuery(text, "en"), labels).problems
    assert offered in problem.message


def test_two_problems_are_told_from_left_to_right(labels: Labels) -> None:
    text = 'opera OR foo:bar (born:yesterday "x'
    problems = asked(SearchQuery(text), labels).problems
    assert [(it.code, text[it.start : it.end]) for it in problems] == [
        ("unknown_field", "foo:"),
        ("unclosed", "("),
        ("bad_date", "born:yesterday"),
        ("unclosed", '"'),
    ]
