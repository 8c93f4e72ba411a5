"""Every style can cite the whole seed, and any conceivable item."""

import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biobank.exchange.citing import bibtex, ris
from biobank.exchange.citing.item import DATES, NAMES, TEXTS, Item, read
from biobank.exchange.citing.styles import STYLES
from biobank.exchange.citing.work import CitedWork
from biobank.i18n import LANGUAGES
from tests.conftest import SEED
from tests.exchange.citing.conftest import Biographies

DOUBLE = re.compile(r"(?<!\.)\.\.(?!\.)|,,|;;|::| [,.;]|\(\)|\[\]|“”|\s\s|,\.|[?!]\.")
TYPES = ("whatever", "manuscript", "map", *ris.TYPES, *bibtex.TYPES)
#: Characters of titles and names, including punctuation at the end and markup.
WORDS = st.text(st.sampled_from("aBəŞЖя1 .,:;?!…“”\"'‘’«»()[]-–&<>{}\\%$#_~^@/ً\u200f"), max_size=30)


def _nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    keys = st.sampled_from(("date-parts", "family", "given", "literal", "raw"))
    return st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=3)


def _items() -> st.SearchStrategy[dict[str, Any]]:
    names = st.lists(
        st.fixed_dictionaries({}, optional=dict.fromkeys(("family", "given", "literal"), WORDS)),
        max_size=25,
    )
    days = st.fixed_dictionaries(
        {"date-parts": st.lists(st.lists(st.integers(-50, 3000), max_size=4), max_size=2)}
    )
    texts = {name: WORDS for name in TEXTS.values() if name not in ("type", "title")}
    urls = st.sampled_from(("https://a.az/?a=1&b='\"><i>", "http://a.az", "javascript:alert(1)"))
    return st.fixed_dictionaries(
        {"type": st.sampled_from(TYPES), "title": WORDS},
        optional=texts
        | dict.fromkeys(NAMES.values(), names)
        | dict.fromkeys(DATES.values(), days)
        | {"URL": urls, "language": st.sampled_from(("az", "en-GB", "ru", "fa", "xx", ""))},
    )


#: Arbitrary CSL-JSON items.
ITEMS = _items()


@pytest.fixture(scope="module")
def works(sources: list[CitedWork], biographies: Biographies) -> list[Item]:
    """Provide all sources, and all people in three languages."""
    people = sorted(file.stem for file in (SEED / "people").glob("*.yaml"))
    cited = [
        biographies.cite(person, lang, 7, date(2026, 11, 24), date(2026, 11, 26))
        for person in people
        for lang in LANGUAGES
    ]
    return [*(source.item for source in sources), *cited]


@pytest.mark.parametrize("style", STYLES)
def test_everything_of_the_seed_is_cited_without_doubled_marks(
    style: str, works: list[Item]
) -> None:
    for item in works:
        line = STYLES[style].write(item)
        assert line.plain == line.plain.strip() != ""
        # Marks within a value are its own.
        plain = line.plain
        for value in _values(item):
            plain = plain.replace(value, "x")
        assert not DOUBLE.search(plain), line.plain


@pytest.mark.parametrize("style", STYLES)
def test_what_a_citation_must_tell_is_told(style: str, works: list[Item]) -> None:
    for item in works:
        plain = STYLES[style].write(item).plain
        assert item.link in plain
        if item.authors:
            assert item.authors[0].last in plain
        if item.issued and item.issued.year:
            assert str(item.issued.year) in plain
        assert _letters(item.title) in _letters(plain)
        if item.container and not (item.type == "book" and item.publisher):
            assert _letters(item.container) in _letters(plain)


@settings(max_examples=300)
@given(ITEMS)
def test_any_item_is_cited_and_escaped(csl: dict[str, Any]) -> None:
    item = read(csl)
    for style in STYLES.values():
        line = style.write(item)
        parser = _Tags(line.html)
        assert parser.text == line.plain
        assert parser.tags <= {"i", "a"}
        assert all(url.startswith(("http://", "https://")) for url in parser.urls)


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), _nested, max_leaves=8))
def test_broken_variables_are_left_out(value: Any) -> None:
    names = (*TEXTS.values(), *NAMES.values(), *DATES.values())
    item = read(dict.fromkeys(names, value) | {"title": "Ə"})
    for style in STYLES.values():
        assert "Ə" in style.write(item).plain


def _values(item: Item) -> Iterator[str]:
    """Yield the values that may occur literally in a citation, longest first."""
    texts = [getattr(item, name) for name in TEXTS]
    texts += [item.link, *(name.inverted for name in item.authors)]
    cut = [text.rstrip(" .,;:") for text in texts]
    return iter(sorted({text for text in (*texts, *cut) if len(text) > 3}, key=len, reverse=True))


def _letters(text: str) -> str:
    return "".join(re.findall(r"\w", text)).casefold()


class _Tags(HTMLParser):
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
