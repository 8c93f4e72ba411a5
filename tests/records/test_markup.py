"""Limits of the markup in biographies."""

import pytest

from biobank.records.fields import MAX_BIOGRAPHY_CHARS
from biobank.records.people.markup import (
    MARKUP_CHARS,
    MAX_MARKUP_CHARS,
    MAX_NESTED_BLOCKS,
    MAX_TEXT_CITATIONS,
    iter_markup_errors,
)
from biobank.records.people.schemas import PersonSchema
from tests.support import seed
from tests.support.instruction_count import count_instructions


def errors(text: str) -> list[str]:
    record = {"names": [{"text": "Aytən", "lang": "az", "kind": "preferred"}], "biography": {"en": text}}
    problems = PersonSchema().validate(record)
    return problems.get("biography", {}).get("en", [])


def test_no_biography_of_the_seed_comes_near_a_limit() -> None:
    for person in seed.people().values():
        for text in person["biography"].values():
            assert sum(text.count(char) for char in MARKUP_CHARS) < MAX_MARKUP_CHARS / 10
            assert text.count("@") < MAX_TEXT_CITATIONS / 10
            assert not [*iter_markup_errors(text)]


@pytest.mark.parametrize("char", MARKUP_CHARS)
def test_markup_is_limited(char: str) -> None:
    word = f"a{char}"
    assert errors(f"{word * MAX_MARKUP_CHARS}a") == []
    (message,) = errors(f"{word * (MAX_MARKUP_CHARS + 1)}a")
    assert message.startswith(f"Has {MAX_MARKUP_CHARS + 1} characters of markup (* _ [ ]")


def test_citations_are_limited() -> None:
    assert errors("A. " + "[@a; @b] " * (MAX_TEXT_CITATIONS // 2)) == []
    (message,) = errors("A. " + "[@a; @b] " * (MAX_TEXT_CITATIONS // 2 + 1))
    assert message == f"Cites sources {MAX_TEXT_CITATIONS + 2} times; the maximum is {MAX_TEXT_CITATIONS}."


@pytest.mark.parametrize("sign", [">", "> ", " > ", "- ", "* ", "+ ", "1. ", "12) ", "> - "])
def test_nested_quotes_and_lists_are_limited(sign: str) -> None:
    times = MAX_NESTED_BLOCKS // len(sign.split())
    assert errors(f"A.\n\n{sign * times}a") == []
    (message,) = errors(f"A.\n\n{sign * (times + 1)}a")
    assert message.startswith(
        f"Line 3 begins more than {MAX_NESTED_BLOCKS} quotes or lists inside one another."
    )


@pytest.mark.parametrize(
    "text", ["*" * 60, "-" * 60, "_ " * 40, "***a***" * 9, "1.2.3.4.5.6.7.8.9. " * 9, ">" * 20 + "a"]
)
def test_rules_and_emphasis_are_no_nested_blocks(text: str) -> None:
    assert errors(f"A.\n\n{text}") == []


@pytest.mark.parametrize("text", ["[", "> ", "1. ", "[@a; ", " ", ";", "- ", "1", "\t"])
def test_checking_is_linear(text: str) -> None:
    def work(size: int) -> int:
        return count_instructions(lambda: [*iter_markup_errors("A" + text * size)])

    size = MAX_BIOGRAPHY_CHARS // 20 // len(text)
    assert work(4 * size) < 5 * work(size) + 1_000
