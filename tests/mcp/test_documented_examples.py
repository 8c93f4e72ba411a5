"""The worked examples of docs/how-to/assistants.md are real answers, which it shows shortened."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).parents[2] / "docs/how-to/assistants.md"
#: A tool, its arguments, and the answer in the next block.
EXAMPLE = re.compile(r"^`(\w+)` with `(\{.*?\})`.*?^```json\n(.*?)^```", re.MULTILINE | re.DOTALL)
EXAMPLES = [
    (tool, json.loads(arguments), json.loads(answer))
    for tool, arguments, answer in EXAMPLE.findall(PAGE.read_text("utf-8"))
]


def test_the_page_has_examples() -> None:
    assert [tool for tool, _, _ in EXAMPLES] == ["search", "statement", "search", "explore"]


@pytest.mark.parametrize(("tool", "arguments", "answer"), EXAMPLES, ids=[tool for tool, _, _ in EXAMPLES])
def test_an_example_is_a_part_of_the_answer(
    assistant: Any, tool: str, arguments: dict[str, Any], answer: dict[str, Any]
) -> None:
    assert_part(answer, assistant.call(tool, **arguments), tool)


def assert_part(shown: object, actual: object, place: str) -> None:
    """Check that every value shown is in the answer, at the same place."""
    if isinstance(shown, dict) and isinstance(actual, dict):
        for key, value in shown.items():
            assert key in actual, f"{place}.{key}"
            assert_part(value, actual[key], f"{place}.{key}")
    elif isinstance(shown, list) and isinstance(actual, list):
        assert len(shown) <= len(actual), place
        for number, value in enumerate(shown):
            assert_part(value, actual[number], f"{place}[{number}]")
    else:
        assert shown == actual, place
