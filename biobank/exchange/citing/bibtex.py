"""BibTeX for LaTeX, with additional biblatex fields, which BibTeX ignores.

Text is UTF-8, as current engines expect; characters special to TeX are escaped. The key of an entry
is the id of the work in the bank: ASCII and unique.
"""

from collections.abc import Iterable, Iterator

from biobank.exchange.citing.biography import BETWEEN
from biobank.exchange.citing.item import Day, Item
from biobank.exchange.citing.names import Name
from biobank.exchange.citing.wording import PAGES
from biobank.exchange.citing.work import CitedWork

#: Braces are escaped by name, since BibTeX counts even braces after a backslash.
ESCAPES = str.maketrans(
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
ADDRESS = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})
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
TYPES = {
    "article": "article",
    "article-journal": "article",
    "article-magazine": "article",
    "article-newspaper": "article",
    "book": "book",
    "chapter": "incollection",
    "paper-conference": "inproceedings",
    "report": "techreport",
    "review": "article",
    "review-book": "article",
    "thesis": "phdthesis",
}
#: Entry type without required fields: web pages, unsigned entries and everything else.
MISC = "misc"
#: Month macros, which every style formats in its own way; written without braces.
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
#: Field of the containing work by entry type.
HOLDERS = {"article": "journal", "incollection": "booktitle", "inproceedings": "booktitle"}
HOUSES = {"phdthesis": "school", "techreport": "institution"}


def write(entries: Iterable[CitedWork]) -> Iterator[str]:
    """Write one entry per work, with an empty line between entries."""
    for entry in entries:
        type_ = _type(entry.item)
        fields = ((name, value) for name, value in _fields(entry.item, type_) if value)
        lines = (f"  {name} = {_braced(name, value)},\n" for name, value in fields)
        yield f"@{type_}{{{entry.id},\n{''.join(lines)}}}\n\n"


def _braced(name: str, value: str) -> str:
    return value if name == "month" else f"{{{value}}}"


def escaped(text: str) -> str:
    """Escape text so that TeX prints it literally."""
    return text.translate(ESCAPES)


def _type(item: Item) -> str:
    if item.is_entry and item.authors:
        return "incollection"
    return TYPES.get(item.type, MISC)


def _fields(item: Item, type_: str) -> Iterator[tuple[str, str]]:
    yield "author", _people(item.authors)
    yield "editor", _people(item.editors)
    # Styles change the case of titles, except within inner braces.
    yield "title", f"{{{escaped(item.title)}}}"
    # Sort key of entries without an author.
    yield "key", "" if item.authors else escaped(item.title)
    yield HOLDERS.get(type_, "howpublished"), escaped(item.container)
    yield HOUSES.get(type_, "publisher"), escaped(item.publisher)
    yield "address", escaped(item.place)
    yield "edition", escaped(item.edition)
    yield "version", escaped(item.version)
    yield "volume", escaped(item.volume)
    yield "number", escaped(item.issue or item.number)
    yield "pages", escaped(PAGES.sub(r"\1--\2", item.pages))
    yield from _issued(item.issued)
    yield "type", escaped(item.genre)
    yield "isbn", escaped(item.isbn)
    yield "issn", escaped(item.issn)
    yield "doi", item.doi.translate(ADDRESS)
    yield "url", item.url.translate(ADDRESS)
    yield "urldate", _iso(item.accessed)
    yield "langid", LANGUAGE_IDS.get(item.tongue, "")
    yield "keywords", ", ".join(map(escaped, filter(None, item.keywords.split(BETWEEN))))
    yield "abstract", escaped(item.abstract)
    yield "note", escaped(item.note)


def _people(names: tuple[Name, ...]) -> str:
    return " and ".join(map(_name, names))


def _name(name: Name) -> str:
    """Format `von Last, Jr, First`, which BibTeX always parses correctly.

    Names of institutions are put in braces.
    """
    if name.literal:
        return f"{{{escaped(name.literal)}}}"
    parts = (name.last, name.suffix, name.given)
    return ", ".join(_whole(escaped(part)) for part in parts if part)


def _whole(part: str) -> str:
    # A comma or `and` within a name would split it.
    return f"{{{part}}}" if "," in part or " and " in f" {part} " else part


def _issued(day: Day | None) -> Iterator[tuple[str, str]]:
    if day is None:
        return
    yield "year", escaped(day.years.replace("–", "--"))
    yield "month", MONTHS[day.month - 1] if day.month else ""
    yield "date", _iso(day) if day.day else ""


def _iso(day: Day | None) -> str:
    parts = (day.year, day.month, day.day) if day else ()
    return "-".join(f"{part:02}" for part in parts if part)
