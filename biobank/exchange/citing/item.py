"""Cited works, parsed from CSL-JSON once, so that styles work with validated values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

from biobank.exchange.citing.names import Name, csl_names, plain, read_names

PERIODICALS = frozenset(
    {"article", "article-journal", "article-magazine", "article-newspaper", "review", "review-book"}
)
ENTRIES = frozenset({"entry", "entry-dictionary", "entry-encyclopedia"})
#: Types of works that are parts of a book.
PARTS = ENTRIES | {"chapter", "paper-conference"}
WEB = frozenset({"webpage", "post", "post-weblog"})
#: Text fields of an item, with the CSL variable of each.
TEXTS = {
    "type": "type",
    "title": "title",
    "container": "container-title",
    "publisher": "publisher",
    "place": "publisher-place",
    "volume": "volume",
    "issue": "issue",
    "pages": "page",
    "edition": "edition",
    "version": "version",
    "number": "number",
    "genre": "genre",
    "archive": "archive",
    "archive_place": "archive-place",
    "shelf": "archive_location",
    "url": "URL",
    "doi": "DOI",
    "isbn": "ISBN",
    "issn": "ISSN",
    "lang": "language",
    "abstract": "abstract",
    "keywords": "keyword",
    "note": "note",
}
NAMES = {"authors": "author", "editors": "editor", "translators": "translator"}
DATES = {"issued": "issued", "accessed": "accessed"}


@dataclass(frozen=True)
class Day:
    """A date as precise as known: month and day are 0 if unknown.

    `end_year` is the last year of a range; `literal` holds a date that could not be parsed.
    """

    year: int = 0
    month: int = 0
    day: int = 0
    until: int = 0
    words: str = ""

    @property
    def years(self) -> str:
        """Return `1995` or `1995–1997`; an unparsed date stays as it is."""
        if self.words:
            return self.words
        return f"{self.year}–{self.until}" if self.until else str(self.year)


@dataclass(frozen=True)
class Item:
    """Bibliographic data of a work; texts are single lines, empty if unknown."""

    type: str = ""
    title: str = ""
    container: str = ""
    publisher: str = ""
    place: str = ""
    volume: str = ""
    issue: str = ""
    pages: str = ""
    edition: str = ""
    version: str = ""
    number: str = ""
    genre: str = ""
    archive: str = ""
    archive_place: str = ""
    shelf: str = ""
    url: str = ""
    doi: str = ""
    isbn: str = ""
    issn: str = ""
    lang: str = ""
    abstract: str = ""
    keywords: str = ""
    note: str = ""
    authors: tuple[Name, ...] = ()
    editors: tuple[Name, ...] = ()
    translators: tuple[Name, ...] = ()
    issued: Day | None = None
    accessed: Day | None = None
    #: Whether the title is a person's name, whose case no style changes; not part of CSL-JSON.
    is_name: bool = field(default=False, compare=False)

    @property
    def is_periodical(self) -> bool:
        return self.type in PERIODICALS

    @property
    def is_entry(self) -> bool:
        return self.type in ENTRIES

    @property
    def is_part(self) -> bool:
        return self.type in PARTS

    @property
    def is_web(self) -> bool:
        return self.type in WEB

    @property
    def link(self) -> str:
        """Return the URL of the work: the permanent one of its DOI, if it has one."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url

    @property
    def tongue(self) -> str:
        """Return the language without country or script: `az` for `az-Cyrl`."""
        return self.lang.replace("_", "-").partition("-")[0].casefold()


def read(csl: Mapping[str, Any]) -> Item:
    """Parse a CSL-JSON record; invalid and unknown variables are skipped."""
    values: dict[str, Any] = {field: plain(csl.get(name)) for field, name in TEXTS.items()}
    values |= {field: read_names(csl.get(name)) for field, name in NAMES.items()}
    values |= {field: _day(csl.get(name)) for field, name in DATES.items()}
    values["doi"] = values["doi"].removeprefix("https://doi.org/")
    values["url"] = _web_address(values["url"])
    return Item(**values)


def csl_of(item: Item, id_: str) -> dict[str, Any]:
    """Convert the item to CSL-JSON, with only the variables of its schema."""
    csl: dict[str, Any] = {"id": id_}
    for name in (one.name for one in fields(item)):
        value = getattr(item, name)
        if not value:
            continue
        if name in NAMES:
            csl[NAMES[name]] = csl_names(value)
        elif name in DATES:
            csl[DATES[name]] = _csl_day(value)
        elif name in TEXTS:
            csl[TEXTS[name]] = value
    return csl


def _day(value: Any) -> Day | None:
    if not isinstance(value, Mapping):
        return None
    parts = value.get("date-parts")
    dates = parts if isinstance(parts, Sequence) and not isinstance(parts, str) else []
    first = _numbers(dates[0]) if dates else []
    if not first:
        words = plain(value.get("literal")) or plain(value.get("raw"))
        return Day(words=words) if words else None
    until = _numbers(dates[1])[:1] if len(dates) > 1 else []
    year, month, day = (*first, 0, 0)[:3]
    stretch = until[0] if until and until[0] != year else 0
    return Day(year, month, day) if not stretch else Day(year, until=stretch)


def _numbers(parts: Any) -> list[int]:
    """Return the valid leading ones of year, month and day."""
    if not isinstance(parts, Sequence) or isinstance(parts, str):
        return []
    texts = [plain(part) for part in parts[:3]]
    numbers: list[int] = []
    for text, most in zip(texts, (9999, 12, 31), strict=False):
        if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:6]) <= most:
            break
        numbers.append(int(text))
    return numbers


def _csl_day(day: Day) -> dict[str, Any]:
    if day.words:
        return {"literal": day.words}
    first = [part for part in (day.year, day.month, day.day) if part]
    return {"date-parts": [first, [day.until]] if day.until else [first]}


def _web_address(url: str) -> str:
    return url.replace(" ", "%20") if url.startswith(("http://", "https://")) else ""
