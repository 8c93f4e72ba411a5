"""The table of OWASP ASVS requirements is complete, and names tests and headings that exist."""

import ast
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from tests.docs.asvs_table import (
    PAGE,
    ROOT,
    Requirement,
    answer_of,
    chapter_of,
    load_requirements,
    render_page,
)

#: Requirements of levels 1 and 2 in each chapter of ASVS 5.0.0.
COUNTS = {
    1: (8, 19),
    2: (4, 7),
    3: (8, 11),
    4: (2, 8),
    5: (4, 5),
    6: (13, 22),
    7: (6, 12),
    8: (4, 3),
    9: (4, 3),
    10: (5, 24),
    11: (3, 11),
    12: (3, 6),
    13: (1, 12),
    14: (2, 7),
    15: (3, 10),
    16: (0, 16),
    17: (0, 7),
}
MAX_OPEN = 10
AUTHORIZATION = 8

REQUIREMENTS = load_requirements()


def number_of(requirement: Requirement) -> str:
    number: str = requirement["number"]
    return number


@cache
def functions_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text("utf-8"))
    return {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


@cache
def headings_in(path: Path) -> set[str]:
    """Return the anchors of the headings of a page."""
    text = path.read_text("utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text("utf-8") == render_page(REQUIREMENTS)


def test_every_requirement_is_listed_once_in_order() -> None:
    numbers = [tuple(map(int, number_of(requirement).split("."))) for requirement in REQUIREMENTS]
    assert numbers == sorted(set(numbers))
    counts = Counter((chapter_of(requirement), requirement["level"]) for requirement in REQUIREMENTS)
    assert {chapter: (counts[chapter, 1], counts[chapter, 2]) for chapter in COUNTS} == COUNTS
    assert (sum(first for first, _ in COUNTS.values()), len(REQUIREMENTS)) == (70, 253)


@pytest.mark.parametrize("requirement", REQUIREMENTS, ids=number_of)
def test_what_a_requirement_names_exists(requirement: Requirement) -> None:
    answer = answer_of(requirement)
    value = requirement[answer]
    assert value
    assert requirement["about"]
    if answer == "tests":
        for name in value:
            path, _, test = name.partition("::")
            assert test.startswith("test_")
            assert test in functions_in(ROOT / path), name
    elif answer == "docs":
        path, _, heading = value.partition("#")
        assert heading in headings_in(ROOT / path), value
    else:
        assert value.endswith(".") or value.startswith("waits: ")


def test_few_requirements_are_open_and_none_of_access_control() -> None:
    chapters = [chapter_of(requirement) for requirement in REQUIREMENTS if answer_of(requirement) == "open"]
    assert len(chapters) <= MAX_OPEN
    assert AUTHORIZATION not in chapters
