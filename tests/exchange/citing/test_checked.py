"""Citations equal those written by hand from the style manuals."""

import re
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import pytest
import yaml

from biobank.exchange.citing.styles import STYLES
from biobank.exchange.citing.work import CitedWork
from tests.exchange.citing.conftest import Biographies

CHECKED = Path(__file__).parent / "checked"
CASES = [
    pytest.param(style, case, id=f"{style}-{case['of']}")
    for style in STYLES
    for case in yaml.safe_load((CHECKED / f"{style}.yaml").read_text("utf-8"))
]


@pytest.mark.parametrize("style", STYLES)
def test_twelve_are_checked_a_style_and_each_names_its_rule(style: str) -> None:
    cases = [case.values[1] for case in CASES if case.values[0] == style]
    assert len({case["of"] for case in cases}) == 12
    assert all(case["rule"] for case in cases)
    assert sum("biography" in case for case in cases) == 2


@pytest.mark.parametrize(("style", "case"), CASES)
def test_a_citation_is_what_the_manual_asks_for(
    style: str, case: dict[str, Any], sources: list[CitedWork], biographies: Biographies
) -> None:
    if "biography" in case:
        told = case["biography"]
        days = (date.fromisoformat(told[name]) for name in ("day", "read"))
        item = biographies.cite(case["of"], told["lang"], told["revision"], *days)
    else:
        item = next(source.item for source in sources if source.id == case["of"])
    line = STYLES[style].write(item)
    plain, marked = line.plain, _marked(line.html)
    if case.get("capitals") == "theirs":
        assert marked.casefold() == case["text"].casefold()
    else:
        assert marked == case["text"]
        assert plain == case["text"].replace("*", "")


def _marked(html: str) -> str:
    """Return italics as asterisks and links as their text, which must equal their URL."""
    for url, shown in re.findall(r'<a href="([^"]*)">([^<]*)</a>', html):
        assert url == shown
    text = re.sub(r"</?i>", "*", re.sub(r"</?a[^>]*>", "", html))
    assert "<" not in text
    for letter in "&\"'":
        text = text.replace(escape(letter), letter)
    return text
