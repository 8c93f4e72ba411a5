"""Citations equal those written by hand from the style manuals."""

import re
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import pytest
import yaml

from biobank.exchange.formats.citations.item import CitationEntry
from biobank.exchange.formats.citations.styles import CITATION_STYLES
from tests.exchange.formats.citations.conftest import Biographies

CASES_FOLDER = Path(__file__).parent / "checked"
CASES = [
    pytest.param(style, case, id=f"{style}-{case['of']}")
    for style in CITATION_STYLES
    for case in yaml.safe_load((CASES_FOLDER / f"{style}.yaml").read_text("utf-8"))
]


@pytest.mark.parametrize("style", CITATION_STYLES)
def test_each_style_has_twelve_cases_with_rules(style: str) -> None:
    cases = [case.values[1] for case in CASES if case.values[0] == style]
    assert len({case["of"] for case in cases}) == 12
    assert all(case["rule"] for case in cases)
    assert sum("biography" in case for case in cases) == 2


@pytest.mark.parametrize(("style", "case"), CASES)
def test_citations_follow_the_manuals(
    style: str, case: dict[str, Any], sources: list[CitationEntry], biographies: Biographies
) -> None:
    if "biography" in case:
        revision = case["biography"]
        days = (date.fromisoformat(revision[name]) for name in ("day", "read"))
        item = biographies.cite(case["of"], revision["lang"], revision["revision"], *days)
    else:
        item = next(source.item for source in sources if source.id == case["of"])
    line = CITATION_STYLES[style].write(item)
    plain, marked = line.plain, _to_marked_text(line.html)
    if case.get("capitals") == "theirs":
        assert marked.casefold() == case["text"].casefold()
    else:
        assert marked == case["text"]
        assert plain == case["text"].replace("*", "")


def _to_marked_text(html: str) -> str:
    """Return italics as asterisks and links as their text, which must equal their URL."""
    for url, link_text in re.findall(r'<a href="([^"]*)">([^<]*)</a>', html):
        assert url == link_text
    text = re.sub(r"</?i>", "*", re.sub(r"</?a[^>]*>", "", html))
    assert "<" not in text
    for char in "&\"'":
        text = text.replace(escape(char), char)
    return text
