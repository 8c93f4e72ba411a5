"""RIS for Zotero, EndNote and Mendeley."""

from collections.abc import Iterable, Iterator

from biobank.exchange.citing.biography import BETWEEN
from biobank.exchange.citing.item import Day, Item
from biobank.exchange.citing.names import Name
from biobank.exchange.citing.wording import PAGES
from biobank.exchange.citing.work import CitedWork

TYPES = {
    "article": "JOUR",
    "article-journal": "JOUR",
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "book": "BOOK",
    "chapter": "CHAP",
    "entry": "ENCYC",
    "entry-dictionary": "DICT",
    "entry-encyclopedia": "ENCYC",
    "manuscript": "MANSCPT",
    "paper-conference": "CPAPER",
    "post": "ELEC",
    "post-weblog": "BLOG",
    "report": "RPRT",
    "review": "JOUR",
    "review-book": "JOUR",
    "thesis": "THES",
    "webpage": "ELEC",
}
#: Type of all other works.
GENERIC = "GEN"


def write(entries: Iterable[CitedWork]) -> Iterator[str]:
    """Write one entry per work, its lines ended by CRLF, with an empty line between entries."""
    for entry in entries:
        lines = [f"{tag}  - {text}\r\n" for tag, text in _tags(entry) if text]
        yield "".join(lines) + "ER  - \r\n\r\n"


def _tags(entry: CitedWork) -> Iterator[tuple[str, str]]:
    item = entry.item
    yield "TY", TYPES.get(item.type, GENERIC)
    yield "ID", entry.id
    yield from (("AU", _name(name)) for name in item.authors)
    yield from (("A2" if item.is_part else "ED", _name(name)) for name in item.editors)
    yield from (("A4", _name(name)) for name in item.translators)
    yield "TI", item.title
    yield "T2", item.container
    yield "PY", str(item.issued.year or "") if item.issued else ""
    yield "DA", _day(item.issued)
    yield "ET", item.edition or item.version
    yield "VL", item.volume
    yield "IS", item.issue or item.number
    yield from _pages(item)
    yield "PB", item.publisher
    yield "CY", item.place
    yield "M3", item.genre
    yield "AN", item.shelf
    yield "SN", item.isbn or item.issn
    yield "DO", item.doi
    yield "UR", item.url
    yield "LA", item.lang
    yield from (("KW", word) for word in item.keywords.split(BETWEEN))
    yield "AB", item.abstract
    yield "N1", item.note
    yield "Y2", _day(item.accessed)


def _name(name: Name) -> str:
    return name.inverted


def _pages(item: Item) -> Iterator[tuple[str, str]]:
    stretch = PAGES.fullmatch(item.pages)
    yield "SP", stretch[1] if stretch else item.pages
    yield "EP", stretch[2] if stretch else ""


def _day(day: Day | None) -> str:
    """Format `2018/10/26` as far as known; a bare year is given in PY instead."""
    if day is None or not day.month:
        return ""
    return "/".join(f"{part:02}" for part in (day.year, day.month, day.day) if part)
