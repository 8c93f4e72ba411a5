"""BibTeX for LaTeX, with the fields that biblatex adds and BibTeX passes over.

Letters stay as they are in UTF-8, as every engine of today reads them; what TeX would take for a
command is escaped. The id of a work in the bank is its key: ASCII, and nobody else's.
"""

from collections.abc import Iterable, Iterator

from biobank.exchange.citing.biography import BETWEEN
from biobank.exchange.citing.item import Day, Item
from biobank.exchange.citing.names import Name
from biobank.exchange.citing.wording import PAGES
from biobank.exchange.citing.work import CitedWork

#: Braces by name, for BibTeX counts even those with a backslash in front.
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
#: In an address nothing is escaped; what would end the field is percent-encoded.
ADDRESS = str.maketrans({"{": "%7B", "}": "%7D", "\\": "%5C"})
#: As the packages babel and biblatex call the languages.
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
#: Asks for no field at all: pages, entries that nobody signed, whatever else there is.
MISC = "misc"
#: Words that every style knows, so that each writes months in its own way; not in braces.
MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
#: How each type calls the work that holds the one cited.
HOLDERS = {"article": "journal", "incollection": "booktitle", "inproceedings": "booktitle"}
HOUSES = {"phdthesis": "school", "techreport": "institution"}


def write(entries: Iterable[CitedWork]) -> Iterator[str]:
    """An entry a work, an empty line between two."""
    for entry in entries:
        type_ = _type(entry.item)
        fields = ((name, value) for name, value in _fields(entry.item, type_) if value)
        lines = (f"  {name} = {_braced(name, value)},\n" for name, value in fields)
        yield f"@{type_}{{{entry.id},\n{''.join(lines)}}}\n\n"


def _braced(name: str, value: str) -> str:
    return value if name == "month" else f"{{{value}}}"


def escaped(text: str) -> str:
    """Text that TeX prints as it stands."""
    return text.translate(ESCAPES)


def _type(item: Item) -> str:
    if item.is_entry and item.authors:
        return "incollection"
    return TYPES.get(item.type, MISC)


def _fields(item: Item, type_: str) -> Iterator[tuple[str, str]]:
    yield "author", _people(item.authors)
    yield "editor", _people(item.editors)
    # Styles change the case of titles, but not within braces of their own.
    yield "title", f"{{{escaped(item.title)}}}"
    # What there is to sort by where there is no author.
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
    """`von Last, Jr, First`, the order that BibTeX never misreads; a body in braces of its own."""
    if name.literal:
        return f"{{{escaped(name.literal)}}}"
    parts = (name.last, name.suffix, name.given)
    return ", ".join(_whole(escaped(part)) for part in parts if part)


def _whole(part: str) -> str:
    # A comma or an `and` within a name would part it.
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
