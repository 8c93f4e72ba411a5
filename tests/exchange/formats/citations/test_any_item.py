"""Every style can cite the whole seed, and any conceivable item."""

import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biobank.common.i18n import LANGUAGES
from biobank.exchange.formats.citations.item import (
    CSL_DATE_FIELDS,
    CSL_NAME_FIELDS,
    CSL_TEXT_FIELDS,
    CitationEntry,
    CitedItem,
    parse_csl,
)
from biobank.exchange.formats.citations.reference_managers import BIBTEX_TYPES, RIS_TYPES
from biobank.exchange.formats.citations.styles import CITATION_STYLES
from tests.conftest import SEED
from tests.exchange.formats.citations.conftest import Biographies
from tests.support.profiles import scaled

DOUBLED_PUNCTUATION = re.compile(r"(?<!\.)\.\.(?!\.)|,,|;;|::| [,.;]|\(\)|\[\]|“”|\s\s|,\.|[?!]\.")
ITEM_TYPES = ("whatever", "manuscript", "map", *RIS_TYPES, *BIBTEX_TYPES)
#: Characters of titles and names, including punctuation at the end and markup.
TEXT_STRATEGY = st.text(st.sampled_from("aBəŞЖя1 .,:;?!…“”\"'‘’«»()[]-–&<>{}\\%$#_~^@/ً\u200f"), max_size=30)


def _nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    keys = st.sampled_from(("date-parts", "family", "given", "literal", "raw"))
    return st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=3)


def _items() -> st.SearchStrategy[dict[str, Any]]:
    names = st.lists(
        st.fixed_dictionaries({}, optional=dict.fromkeys(("family", "given", "literal"), TEXT_STRATEGY)),
        max_size=25,
    )
    days = st.fixed_dictionaries(
        {"date-parts": st.lists(st.lists(st.integers(-50, 3000), max_size=4), max_size=2)}
    )
    texts = {name: TEXT_STRATEGY for name in CSL_TEXT_FIELDS.values() if name not in ("type", "title")}
    urls = st.sampled_from(("https://a.az/?a=1&b='\"><i>", "http://a.az", "javascript:alert(1)"))
    return st.fixed_dictionaries(
        {"type": st.sampled_from(ITEM_TYPES), "title": TEXT_STRATEGY},
        optional=texts
        | dict.fromkeys(CSL_NAME_FIELDS.values(), names)
        | dict.fromkeys(CSL_DATE_FIELDS, days)
        | {"URL": urls, "language": st.sampled_from(("az", "en-GB", "ru", "fa", "xx", ""))},
    )


#: Arbitrary CSL-JSON items.
ITEM_STRATEGY = _items()


@pytest.fixture(scope="module")
def works(sources: list[CitationEntry], biographies: Biographies) -> list[CitedItem]:
    """Provide all sources, and all people in three languages."""
    people = sorted(file.stem for file in (SEED / "people").glob("*.yaml"))
    cited = [
        biographies.cite(person, lang, 7, date(2026, 11, 24), date(2026, 11, 26))
        for person in people
        for lang in LANGUAGES
    ]
    return [*(source.item for source in sources), *cited]


@pytest.mark.parametrize("style", CITATION_STYLES)
def test_seed_is_cited_without_doubled_punctuation(style: str, works: list[CitedItem]) -> None:
    for item in works:
        line = CITATION_STYLES[style].write(item)
        assert line.plain == line.plain.strip() != ""
        # Marks within a value are its own.
        plain = line.plain
        for value in _values(CITATION_STYLES[style].described_item(item)):
            plain = plain.replace(value, "x")
        assert not DOUBLED_PUNCTUATION.search(plain), line.plain


@pytest.mark.parametrize("style", CITATION_STYLES)
def test_citations_are_complete(style: str, works: list[CitedItem]) -> None:
    for work in works:
        item = CITATION_STYLES[style].described_item(work)
        plain = CITATION_STYLES[style].write(work).plain
        assert item.link in plain
        if item.authors:
            assert item.authors[0].sort_name in plain
        if item.issued and item.issued.year:
            assert str(item.issued.year) in plain
        assert _only_letters(item.title) in _only_letters(plain)
        if item.container and not (item.type == "book" and item.publisher):
            assert _only_letters(item.container) in _only_letters(plain)


@settings(max_examples=scaled(300))
@given(ITEM_STRATEGY)
def test_any_item_is_cited_and_escaped(csl: dict[str, Any]) -> None:
    item = parse_csl(csl)
    for style in CITATION_STYLES.values():
        line = style.write(item)
        parser = _TagParser(line.html)
        assert parser.text == line.plain
        assert parser.tags <= {"i", "a"}
        assert all(url.startswith(("http://", "https://")) for url in parser.urls)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), _nested, max_leaves=8))
def test_broken_variables_are_left_out(value: Any) -> None:
    names = (*CSL_TEXT_FIELDS.values(), *CSL_NAME_FIELDS.values(), *CSL_DATE_FIELDS)
    item = parse_csl(dict.fromkeys(names, value) | {"title": "Ə"})
    for style in CITATION_STYLES.values():
        assert "Ə" in style.write(item).plain


def _values(item: CitedItem) -> Iterator[str]:
    """Yield the values that may occur literally in a citation, longest first."""
    texts = [getattr(item, name) for name in CSL_TEXT_FIELDS]
    texts += [item.link, *(name.inverted for name in item.authors)]
    trimmed_texts = [text.rstrip(" .,;:") for text in texts]
    return iter(sorted({text for text in (*texts, *trimmed_texts) if len(text) > 3}, key=len, reverse=True))


def _only_letters(text: str) -> str:
    return "".join(re.findall(r"\w", text)).casefold()


class _TagParser(HTMLParser):
    """Parses the HTML of a citation as a browser would."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.text = ""
        self.tags: set[str] = set()
        self.urls: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.urls += [str(value) for name, value in attrs if name == "href"]

    def handle_data(self, data: str) -> None:
        self.text += data
