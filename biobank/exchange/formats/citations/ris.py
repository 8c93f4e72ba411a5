"""RIS for Zotero, EndNote and Mendeley."""

from collections.abc import Iterable, Iterator

from biobank.exchange.formats.citations.formatting import KEYWORD_SEPARATOR
from biobank.exchange.formats.citations.item import CitationEntry, CitedItem, PartialDate
from biobank.exchange.formats.citations.names import CreatorName
from biobank.exchange.formats.citations.typography import PAGE_RANGE

RIS_TYPES = {
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
GENERIC_RIS_TYPE = "GEN"


def write(entries: Iterable[CitationEntry]) -> Iterator[str]:
    """Write one entry per work, its lines ended by CRLF, with an empty line between entries."""
    for entry in entries:
        lines = [f"{tag}  - {text}\r\n" for tag, text in _tags(entry) if text]
        yield "".join(lines) + "ER  - \r\n\r\n"


def _tags(entry: CitationEntry) -> Iterator[tuple[str, str]]:
    item = entry.item
    yield "TY", RIS_TYPES.get(item.type, GENERIC_RIS_TYPE)
    yield "ID", entry.id
    yield from (("AU", _name(name)) for name in item.authors)
    yield from (("A2" if item.is_part else "ED", _name(name)) for name in item.editors)
    yield from (("A4", _name(name)) for name in item.translators)
    yield "TI", item.title
    yield "T2", item.container
    yield "PY", str(item.issued.year or "") if item.issued else ""
    yield "DA", _format_date(item.issued)
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
    yield from (("KW", word) for word in item.keywords.split(KEYWORD_SEPARATOR))
    yield "AB", item.abstract
    yield "N1", item.note
    yield "Y2", _format_date(item.accessed)


def _name(name: CreatorName) -> str:
    return name.inverted


def _pages(item: CitedItem) -> Iterator[tuple[str, str]]:
    page_range = PAGE_RANGE.fullmatch(item.pages)
    yield "SP", page_range[1] if page_range else item.pages
    yield "EP", page_range[2] if page_range else ""


def _format_date(date: PartialDate | None) -> str:
    """Format `2018/10/26` as far as known; a bare year is given in PY instead."""
    if date is None or not date.month:
        return ""
    return "/".join(f"{part:02}" for part in (date.year, date.month, date.day) if part)
