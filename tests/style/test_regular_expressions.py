"""Every regular expression takes linear time, or reads a short text only.

Parts of a text that the expression may match, and pairs of its characters, are repeated, and its steps
are counted: for four times the text, a quadratic expression takes sixteen times as many.
"""

import ast
import importlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from biobank.exchange.formats.eac.reader_parts import MAX_HEADING_CHARS
from biobank.records.date_parser.parser import MAX_TYPED_DATE_CHARS
from biobank.records.edtf import MAX_EDTF_CHARS
from tests.support.regex_steps import StepCounter, TooManySteps, pumps

ROOT = Path(__file__).parents[2]
METHODS = ("search", "sub", "subn", "finditer", "findall", "split", "match", "fullmatch")
#: Repetitions of a part, and four times as many.
REPETITIONS = (12, 48)
MAX_RATIO = 5
#: Steps that do not depend on the length of the text.
CONSTANT_STEPS = 40
#: Modules whose expressions read no more characters than this: their callers reject longer texts.
SHORT_TEXTS = {
    "biobank/records/date_parser/": MAX_TYPED_DATE_CHARS,
    "biobank/records/edtf.py": MAX_EDTF_CHARS,
    "biobank/exchange/formats/eac/reader_parts.py": MAX_HEADING_CHARS,
}
#: Characters of a text that is short: the square of their number takes some milliseconds.
MAX_SHORT_TEXT_CHARS = 400
#: Expressions made from checked input or constants where they are used.
DYNAMIC = {
    "api/changes.py": "the constant SINCE_PATTERN",
    "exchange/imports/mapping/evaluator.py": "digits and separators of a fixed length",
    "exchange/imports/place_resolver.py": "an escaped id",
    "records/date_parser/parser.py": "constants, read in short texts",
    "records/date_parser/parts.py": "constants, read in short texts",
    "records/identifiers.py": "constants of fixed lengths",
    "web/search/advanced/query.py": "one class of characters",
}


@dataclass(frozen=True)
class Expression:
    """An expression, and whether it is only matched at the beginning of a text."""

    place: str
    pattern: re.Pattern[str]
    anchored: bool


@cache
def sources() -> dict[Path, str]:
    paths = sorted((ROOT / "biobank").rglob("*.py"))
    return {
        path: path.read_text("utf-8") for path in paths if not {"migrations", "__main__.py"} & {*path.parts}
    }


@cache
def methods_by_name() -> dict[str, set[str]]:
    methods: dict[str, set[str]] = {}
    for name, method in re.findall(rf"\b(\w+)\.({'|'.join(METHODS)})\(", "\n".join(sources().values())):
        methods.setdefault(name, set()).add(method)
    return methods


def module_expressions(path: Path) -> Iterator[Expression]:
    """Yield the expressions that a module keeps, also in tables."""
    module = importlib.import_module(
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
    )
    for name, value in vars(module).items():
        methods = methods_by_name().get(name, {"search"})
        for pattern in nested_patterns(value):
            anchored = methods <= {"match", "fullmatch"}
            yield Expression(f"{path.relative_to(ROOT)} {name}", pattern, anchored)


def nested_patterns(value: object, depth: int = 3) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, list | tuple):
        for part in value:
            yield from nested_patterns(part, depth - 1)
    elif depth and isinstance(value, dict):
        for part in value.items():
            yield from nested_patterns(part, depth - 1)


def call_expressions(path: Path) -> Iterator[Expression]:
    """Yield the expressions in calls such as `re.sub("…", …)`."""
    for node in ast.walk(ast.parse(sources()[path])):
        match node:
            case ast.Call(func=ast.Attribute(value=ast.Name(id="re"), attr=method)) if method in METHODS:
                place = f"{path.relative_to(ROOT)}:{node.lineno}"
                if isinstance(node.args[0], ast.Constant):
                    pattern = re.compile(node.args[0].value)
                    yield Expression(place, pattern, method in ("match", "fullmatch"))
                else:
                    assert str(path.relative_to(ROOT / "biobank")) in DYNAMIC, place


def slow_part(expression: Expression) -> str | None:
    """Return a part whose repetition takes more than linear time."""
    counter = StepCounter(expression.pattern)
    if not counter.repeats:
        return None
    for pump in pumps(counter):
        try:
            few, many = (counter.count(pump * n + "\0", anchored=expression.anchored) for n in REPETITIONS)
        except TooManySteps:
            return pump
        if many > MAX_RATIO * (few + CONSTANT_STEPS):
            return pump
    return None


@pytest.fixture(autouse=True)
def deep_recursion() -> Iterator[None]:
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(100_000)
    yield
    sys.setrecursionlimit(limit)


def test_expressions_are_linear_or_read_short_texts() -> None:
    patterns: dict[re.Pattern[str], Expression] = {}
    for path in sources():
        if not str(path.relative_to(ROOT)).startswith(tuple(SHORT_TEXTS)):
            for expression in (*module_expressions(path), *call_expressions(path)):
                patterns.setdefault(expression.pattern, expression)
    assert len(patterns) > 100
    slow = {expression.place: slow_part(expression) for expression in patterns.values()}
    assert {place: part for place, part in slow.items() if part is not None} == {}


def test_the_short_texts_are_short() -> None:
    assert max(SHORT_TEXTS.values()) <= MAX_SHORT_TEXT_CHARS


@pytest.mark.parametrize(
    ("pattern", "is_slow"),
    [
        (r"[ \t]*x", True),
        (r"(?<![ \t])[ \t]*+x", False),
        (r"\[([^\]]*)\]\([^)]*\)", True),
        (r"\[([^\[\]]*+)\]\([^()]*+\)", False),
        (r"(a|ab)*c", True),
        (r"(a+)+b", True),
        (r"\d+-\d+", True),
        (r"\s+", False),
        (r"(?:\w\.){2,}", False),
    ],
)
def test_steps_tell_slow_expressions(pattern: str, is_slow: bool) -> None:
    assert (slow_part(Expression("", re.compile(pattern), anchored=False)) is not None) == is_slow
