"""Every documented problem occurs and has the position of the typed text."""

import re
from pathlib import Path

import pytest

from biobank.bootstrap import Services
from biobank.common.i18n import LANGUAGES
from biobank.search.language.label_index import LabelIndex
from biobank.search.language.parser import MAX_DEPTH
from biobank.search.language.problems import PROBLEM_MESSAGES
from biobank.search.language.tree import MAX_CONDITIONS, MAX_QUERY_WORDS
from biobank.search.normalize import normalize_query
from biobank.search.query import SearchQuery

DOCUMENTED = Path(__file__).parents[3] / "docs" / "reference" / "search-language.md"
#: Only reported when the query is executed (tests/api/test_search_language.py).
EXECUTION_PROBLEMS = {"wide_prefix"}


@pytest.fixture(scope="module")
def labels(services: Services) -> LabelIndex:
    return services.search.labels()


def deep(levels: int) -> str:
    return "(" * levels + "a OR b" + " c)" * levels


#: Text, code and affected part. A text may have several problems, each on its own row.
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
    (deep(MAX_DEPTH + 1), "too_deep", "("),
    (" ".join(f"w{n}" for n in range(MAX_QUERY_WORDS + 1)), "too_many", None),
    (" ".join(f"w{n}*" for n in range(100, 101 + MAX_CONDITIONS)), "too_many", "w124*"),
    ("-", "nothing", "-"),
    ("…", "nothing", "…"),
)


@pytest.mark.parametrize(("text", "code", "expected"), CASES)
@pytest.mark.parametrize("lang", LANGUAGES)
def test_problem_has_position_of_typed_text(
    labels: LabelIndex, text: str, code: str, expected: str | None, lang: str
) -> None:
    problems = [
        problem
        for problem in normalize_query(SearchQuery(text, lang), labels).problems
        if problem.code == code
    ]
    assert problems, f"no {code} in {text}"
    if expected is not None:
        assert expected in {text[problem.start : problem.end] for problem in problems}


def test_every_documented_problem_arises_and_every_problem_is_documented() -> None:
    text = DOCUMENTED.read_text("utf-8")
    table = text[text.index("| code | when |") :]
    documented = set(re.findall(r"`(\w+)`", "".join(re.findall(r"^\| (`.*?) \|", table, re.M))))
    assert documented == {code for _, code, _ in CASES} | EXECUTION_PROBLEMS
    assert documented == set(PROBLEM_MESSAGES)


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
        deep(MAX_DEPTH),
        " ".join(f"w{n}" for n in range(MAX_QUERY_WORDS)),
        " ".join(f"w{n}*" for n in range(100, 100 + MAX_CONDITIONS)),
        "a AND b && c",
        "opera & musiqi | şeir",
        "(opera OR (musiqi -şeir)) born:1885 age:>=90",
        "near:Şuşa~2000km",
        "Hacıbəyov, Ü. (bəstəkar)",
    ],
)
def test_what_means_something_is_no_problem(labels: LabelIndex, text: str) -> None:
    assert normalize_query(SearchQuery(text), labels).problems == ()


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("profession:compozer", "composer"),
        ("place:Bakuu", "Baku"),
        ("award:stalinprize", "Stalin Prize"),
        ("organisation:Musavatt", "Musavat"),
    ],
)
def test_unknown_value_offers_similar_values(labels: LabelIndex, text: str, offered: str) -> None:
    (problem,) = normalize_query(SearchQuery(text, "en"), labels).problems
    assert offered in problem.message_with_suggestions("en")


def test_problems_are_ordered_by_position(labels: LabelIndex) -> None:
    text = 'opera OR foo:bar (born:yesterday "x'
    problems = normalize_query(SearchQuery(text), labels).problems
    assert [(problem.code, text[problem.start : problem.end]) for problem in problems] == [
        ("unknown_field", "foo:"),
        ("unclosed", "("),
        ("bad_date", "born:yesterday"),
        ("unclosed", '"'),
    ]
