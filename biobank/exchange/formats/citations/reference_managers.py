"""Files for reference managers: BibTeX with additional biblatex fields, RIS, and CSL-JSON.

BibTeX is UTF-8, as current engines expect; characters special to TeX are escaped. The key of an entry is
the id of the work in the bank: ASCII and unique.
"""

import json
from collections.abc import Iterable, Iterator

from biobank.exchange.formats.citations.item import (
    KEYWORD_SEPARATOR,
    PERIODICAL_TYPES,
    CitationEntry,
    CitedItem,
    CreatorName,
    PartialDate,
    to_csl,
)
from biobank.exchange.formats.citations.typography import PAGE_RANGE

#: Braces are escaped by name, since BibTeX counts even braces after a backslash.
TEX_ESCAPES = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{special: f"\\{special}" for special in "&%$#_"},
    }
)
#: URLs are not escaped; only characters that would end the field are percent-encoded.
URL_ESCAPES = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})
#: Names of languages in the packages babel and biblatex.
LANGUAGE_IDS = {
    "az": "azerbaijani",
    "bg": "bulgarian",
    "de": "german",
    "en": "english",
    "fa": "persian",
    "fr": "french",
    "it": "italian",
    "ru": "russian",
    "tr": "turkish",
    "uk": "ukrainian",
}
BIBTEX_TYPES = {
    **dict.fromkeys(PERIODICAL_TYPES, "article"),
    "book": "book",
    "chapter": "incollection",
    "paper-conference": "inproceedings",
    "report": "techreport",
    "thesis": "phdthesis",
}
#: Entry type without required fields: web pages, unsigned entries and everything else.
MISC_TYPE = "misc"
#: Month macros, which every style formats in its own way; written without braces.
MONTH_MACROS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
#: Field of the containing work by entry type.
CONTAINER_FIELDS = {"article": "journal", "incollection": "booktitle", "inproceedings": "booktitle"}
PUBLISHER_FIELDS = {"phdthesis": "school", "techreport": "institution"}


def write_bibtex(entries: Iterable[CitationEntry]) -> Iterator[str]:
    """Write one entry per work, with an empty line between entries."""
    for entry in entries:
        type_ = _type(entry.item)
        lines = "".join(f"  {name} = {value},\n" for name, value in _fields(entry.item, type_))
        yield f"@{type_}{{{entry.id},\n{lines}}}\n\n"


def _fields(item: CitedItem, type_: str) -> Iterator[tuple[str, str]]:
    for name, value in _values(item, type_):
        if value:
            yield name, value if name == "month" else f"{{{value}}}"


def escape_tex(text: str) -> str:
    """Escape text so that TeX prints it literally."""
    return text.translate(TEX_ESCAPES)


def _type(item: CitedItem) -> str:
    if item.is_entry and item.authors:
        return "incollection"
    return BIBTEX_TYPES.get(item.type, MISC_TYPE)


def _values(item: CitedItem, type_: str) -> Iterator[tuple[str, str]]:
    yield "author", _people(item.authors)
    yield "editor", _people(item.editors)
    # Styles change the case of titles, except within inner braces.
    yield "title", f"{{{escape_tex(item.title)}}}"
    # Sort key of entries without an author.
    yield "key", "" if item.authors else escape_tex(item.sort_title or item.title)
    yield CONTAINER_FIELDS.get(type_, "howpublished"), escape_tex(item.container)
    yield PUBLISHER_FIELDS.get(type_, "publisher"), escape_tex(item.publisher)
    yield "address", escape_tex(item.place)
    yield "edition", escape_tex(item.edition)
    yield "version", escape_tex(item.version)
    yield "volume", escape_tex(item.volume)
    yield "number", escape_tex(item.issue or item.number)
    yield "pages", escape_tex(PAGE_RANGE.sub(r"\1--\2", item.pages))
    yield from _date_fields(item.issued)
    yield "type", escape_tex(item.genre)
    yield "isbn", escape_tex(item.isbn)
    yield "issn", escape_tex(item.issn)
    yield "doi", item.doi.translate(URL_ESCAPES)
    yield "url", item.url.translate(URL_ESCAPES)
    yield "urldate", _iso_date(item.accessed)
    yield "langid", LANGUAGE_IDS.get(item.primary_language, "")
    yield ("keywords", ", ".join(map(escape_tex, filter(None, item.keywords.split(KEYWORD_SEPARATOR)))))
    yield "abstract", escape_tex(item.abstract)
    yield "note", escape_tex(item.note)


def _people(names: tuple[CreatorName, ...]) -> str:
    return " and ".join(map(_bibtex_name, names))


def _bibtex_name(name: CreatorName) -> str:
    """Format `von Last, Jr, First`, which BibTeX always parses correctly.

    Names of institutions are put in braces.
    """
    if name.literal:
        return f"{{{escape_tex(name.literal)}}}"
    parts = (name.sort_name, name.suffix, name.given)
    return ", ".join(_protect(escape_tex(part)) for part in parts if part)


def _protect(part: str) -> str:
    # A comma or `and` within a name would split it.
    return f"{{{part}}}" if "," in part or " and " in f" {part} " else part


def _date_fields(date: PartialDate | None) -> Iterator[tuple[str, str]]:
    if date is None:
        return
    yield "year", escape_tex(date.years.replace("–", "--"))
    yield "month", MONTH_MACROS[date.month - 1] if date.month else ""
    yield "date", _iso_date(date) if date.day else ""


def _iso_date(date: PartialDate | None) -> str:
    parts = (date.year, date.month, date.day) if date else ()
    return "-".join(f"{part:02}" for part in parts if part)


RIS_TYPES = {
    **dict.fromkeys(("article", "article-journal", "review", "review-book"), "JOUR"),
    "article-magazine": "MGZN",
    "article-newspaper": "NEWS",
    "book": "BOOK",
    "chapter": "CHAP",
    **dict.fromkeys(("entry", "entry-encyclopedia"), "ENCYC"),
    "entry-dictionary": "DICT",
    "manuscript": "MANSCPT",
    "paper-conference": "CPAPER",
    **dict.fromkeys(("post", "webpage"), "ELEC"),
    "post-weblog": "BLOG",
    "report": "RPRT",
    "thesis": "THES",
}
#: Type of all other works.
GENERIC_RIS_TYPE = "GEN"


def write_ris(entries: Iterable[CitationEntry]) -> Iterator[str]:
    """Write one entry per work, its lines ended by CRLF, with an empty line between entries."""
    for entry in entries:
        lines = [f"{tag}  - {text}\r\n" for tag, text in _tags(entry) if text]
        yield "".join(lines) + "ER  - \r\n\r\n"


def _tags(entry: CitationEntry) -> Iterator[tuple[str, str]]:
    item = entry.item
    yield "TY", RIS_TYPES.get(item.type, GENERIC_RIS_TYPE)
    yield "ID", entry.id
    yield from (("AU", name.inverted) for name in item.authors)
    yield from (("A2" if item.is_part else "ED", name.inverted) for name in item.editors)
    yield from (("A4", name.inverted) for name in item.translators)
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


def _pages(item: CitedItem) -> Iterator[tuple[str, str]]:
    page_range = PAGE_RANGE.fullmatch(item.pages)
    yield "SP", page_range[1] if page_range else item.pages
    yield "EP", page_range[2] if page_range else ""


def _format_date(date: PartialDate | None) -> str:
    """Format `2018/10/26` as far as known; a bare year is given in PY instead."""
    if date is None or not date.month:
        return ""
    return "/".join(f"{part:02}" for part in (date.year, date.month, date.day) if part)


def write_csl_json(entries: Iterable[CitationEntry]) -> Iterator[str]:
    """Write a list of items, one per line."""
    separator = "[\n"
    for entry in entries:
        yield separator + json.dumps(to_csl(entry.item, entry.id), ensure_ascii=False)
        separator = ",\n"
    yield "[]\n" if separator == "[\n" else "\n]\n"
