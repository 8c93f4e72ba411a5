"""Cited works, parsed from CSL-JSON once, so that styles work with validated values."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from biobank.names.surnames import find_surname

#: Words of a literal that is read as a person's name; names of institutions are mostly longer.
MAX_PERSONAL_NAME_WORDS = 3
#: Initials without spaces: `J.K.` is two initials.
JOINED_INITIALS = re.compile(r"(?:\w\.){2,}")


@dataclass(frozen=True)
class CreatorName:
    """A person's name in parts; an institution, or a name without parts, is `literal`."""

    family: str = ""
    given: str = ""
    #: A particle before the family name, such as `von` or `bin`; part of the sort order.
    particle: str = ""
    suffix: str = ""
    literal: str = ""

    @property
    def sort_name(self) -> str:
        """Return the sort name: the family name with its particle, or the literal."""
        return self.literal or f"{self.particle} {self.family}".strip()

    @property
    def inverted(self) -> str:
        """Return `Neumann, John von, Jr.`."""
        return ", ".join(filter(None, (self.sort_name, self.given, self.suffix)))

    @property
    def direct(self) -> str:
        """Return `Firudin bəy Köçərli`."""
        return " ".join(filter(None, (self.given, self.sort_name, self.suffix)))

    @property
    def inverted_initials(self) -> str:
        """Return `Köçərli, F. bəy`."""
        return self._abbreviated.inverted

    @property
    def initials_first(self) -> str:
        """Return `F. bəy Köçərli`."""
        return self._abbreviated.direct

    @property
    def inverted_without_comma(self) -> str:
        """Return `Köçərli F. bəy`, as GOST requires."""
        return f"{self.sort_name} {self._abbreviated.given if self.family else ''}".strip()

    @property
    def _abbreviated(self) -> "CreatorName":
        return replace(self, given=abbreviate_given_name(self.given))


def abbreviate_given_name(given: str) -> str:
    """Abbreviate `Elmaddin Ali oglu` to `E. A. oglu`, `Жан-Поль` to `Ж.-П.`.

    Existing abbreviations stay: `Дж.` is one initial, and the person chose `Аз.`. So do the words
    of a patronymic, and scripts without capitals, which have no initials.
    """
    words = JOINED_INITIALS.sub(lambda match: match[0].replace(".", ". "), given).split()
    return " ".join(map(_abbreviate_word, words))


def _abbreviate_word(word: str) -> str:
    if word.endswith(".") or word[0] == word[0].swapcase() or word[0].islower():
        return word
    return "-".join(f"{part[0]}." for part in word.split("-") if part)


def parse_names(value: Any) -> tuple[CreatorName, ...]:
    """Parse the names of a CSL variable; invalid ones are skipped."""
    parts = value if isinstance(value, list) else []
    names = (_parse_name(part) for part in parts if isinstance(part, Mapping))
    return tuple(name for name in names if name.sort_name)


def _parse_name(part: Mapping[str, Any]) -> CreatorName:
    if literal := to_plain_text(part.get("literal")):
        return _split_literal(literal)
    family, given = to_plain_text(part.get("family")), to_plain_text(part.get("given"))
    if not family:
        return CreatorName(literal=given)
    given = f"{given} {to_plain_text(part.get('dropping-particle'))}".strip()
    return CreatorName(
        family, given, to_plain_text(part.get("non-dropping-particle")), to_plain_text(part.get("suffix"))
    )


def _split_literal(literal: str) -> CreatorName:
    """Return the parts of a name that ends in a surname; other literals may be institutions."""
    words = literal.split()
    parts = find_surname(literal)
    if len(words) <= MAX_PERSONAL_NAME_WORDS and parts.given and parts.family == words[-1]:
        return CreatorName(parts.family, parts.given)
    return CreatorName(literal=literal)


def names_to_csl(names: tuple[CreatorName, ...]) -> list[dict[str, str]]:
    keys = {"particle": "non-dropping-particle"}
    order = ("literal", "family", "given", "particle", "suffix")
    return [
        {keys.get(part, part): value for part in order if (value := getattr(name, part))} for name in names
    ]


def to_plain_text(value: Any) -> str:
    """Return a CSL-JSON text or number in one line; empty for anything else."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return " ".join(str(value).split())


#: Separator of keywords, which no label of a term contains.
KEYWORD_SEPARATOR = "; "
PERIODICAL_TYPES = frozenset(
    {"article", "article-journal", "article-magazine", "article-newspaper", "review", "review-book"}
)
ENTRY_TYPES = frozenset({"entry", "entry-dictionary", "entry-encyclopedia"})
#: Types of works that are parts of a book.
PART_TYPES = ENTRY_TYPES | {"chapter", "paper-conference"}
WEB_TYPES = frozenset({"webpage", "post", "post-weblog"})
#: CSL variables of the text fields of an item that have another name there.
CSL_TEXT_NAMES = {
    "container": "container-title",
    "place": "publisher-place",
    "pages": "page",
    "archive_place": "archive-place",
    "shelf": "archive_location",
    **{name: name.upper() for name in ("url", "doi", "isbn", "issn")},
    "lang": "language",
    "keywords": "keyword",
}
CSL_NAME_FIELDS = {"authors": "author", "editors": "editor", "translators": "translator"}
CSL_DATE_FIELDS = ("issued", "accessed")


@dataclass(frozen=True)
class PartialDate:
    """A date as precise as known: month and day are 0 if unknown.

    `end_year` is the last year of a range; `literal` holds a date that could not be parsed.
    """

    year: int = 0
    month: int = 0
    day: int = 0
    end_year: int = 0
    literal: str = ""

    @property
    def years(self) -> str:
        """Return `1995` or `1995–1997`; an unparsed date stays as it is."""
        if self.literal:
            return self.literal
        return f"{self.year}–{self.end_year}" if self.end_year else str(self.year)


@dataclass(frozen=True)
class CitedItem:
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
    authors: tuple[CreatorName, ...] = ()
    editors: tuple[CreatorName, ...] = ()
    translators: tuple[CreatorName, ...] = ()
    issued: PartialDate | None = None
    accessed: PartialDate | None = None
    #: Whether the title is a person's name, whose case no style changes; not part of CSL-JSON.
    is_name: bool = field(default=False, compare=False)
    #: The person's name surname first, by which the entry is sorted; not part of CSL-JSON.
    sort_title: str | None = field(default=None, compare=False)
    #: The same work described in Russian, if this one is not; not part of CSL-JSON.
    russian: "CitedItem | None" = field(default=None, compare=False)

    @property
    def is_periodical(self) -> bool:
        return self.type in PERIODICAL_TYPES

    @property
    def is_entry(self) -> bool:
        return self.type in ENTRY_TYPES

    @property
    def is_part(self) -> bool:
        return self.type in PART_TYPES

    @property
    def is_web(self) -> bool:
        return self.type in WEB_TYPES

    @property
    def link(self) -> str:
        """Return the URL of the work: the permanent one of its DOI, if it has one."""
        return f"https://doi.org/{self.doi}" if self.doi else self.url

    @property
    def primary_language(self) -> str:
        """Return the language without country or script: `az` for `az-Cyrl`."""
        return self.lang.replace("_", "-").partition("-")[0].casefold()


#: The CSL variable of each text field, in the order of the item.
CSL_TEXT_FIELDS = {
    text_field.name: CSL_TEXT_NAMES.get(text_field.name, text_field.name)
    for text_field in fields(CitedItem)
    if text_field.default == ""
}


def parse_csl(csl: Mapping[str, Any]) -> CitedItem:
    """Parse a CSL-JSON record; invalid and unknown variables are skipped."""
    values: dict[str, Any] = {
        **{field_name: to_plain_text(csl.get(name)) for field_name, name in CSL_TEXT_FIELDS.items()},
        **{field_name: parse_names(csl.get(name)) for field_name, name in CSL_NAME_FIELDS.items()},
        **{name: _parse_date(csl.get(name)) for name in CSL_DATE_FIELDS},
    }
    values["doi"] = values["doi"].removeprefix("https://doi.org/")
    values["url"] = _clean_url(values["url"])
    return CitedItem(**values)


def to_csl(item: CitedItem, id_: str) -> dict[str, Any]:
    """Convert the item to CSL-JSON, with only the variables of its schema."""
    dates = {name: getattr(item, name) for name in CSL_DATE_FIELDS}
    variables = {
        **{name: getattr(item, field_name) for field_name, name in CSL_TEXT_FIELDS.items()},
        **{name: names_to_csl(getattr(item, field_name)) for field_name, name in CSL_NAME_FIELDS.items()},
        **{name: _date_to_csl(date) for name, date in dates.items() if date},
    }
    return {"id": id_, **{name: value for name, value in variables.items() if value}}


def _parse_date(value: Any) -> PartialDate | None:
    if not isinstance(value, Mapping):
        return None
    parts = value.get("date-parts")
    dates = parts if isinstance(parts, Sequence) and not isinstance(parts, str) else []
    start = _date_parts(dates[0]) if dates else []
    if not start:
        literal = to_plain_text(value.get("literal")) or to_plain_text(value.get("raw"))
        return PartialDate(literal=literal) if literal else None
    end_years = _date_parts(dates[1])[:1] if len(dates) > 1 else []
    year, month, day = (*start, 0, 0)[:3]
    end_year = end_years[0] if end_years and end_years[0] != year else 0
    return PartialDate(year, month, day) if not end_year else PartialDate(year, end_year=end_year)


def _date_parts(parts: Any) -> list[int]:
    """Return the valid leading ones of year, month and day."""
    if not isinstance(parts, Sequence) or isinstance(parts, str):
        return []
    texts = [to_plain_text(part) for part in parts[:3]]
    numbers: list[int] = []
    for text, maximum in zip(texts, (9999, 12, 31), strict=False):
        if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:6]) <= maximum:
            break
        numbers.append(int(text))
    return numbers


def _date_to_csl(date: PartialDate) -> dict[str, Any]:
    if date.literal:
        return {"literal": date.literal}
    first = [part for part in (date.year, date.month, date.day) if part]
    return {"date-parts": [first, [date.end_year]] if date.end_year else [first]}


def _clean_url(url: str) -> str:
    return url.replace(" ", "%20") if url.startswith(("http://", "https://")) else ""


@dataclass(frozen=True)
class CitationEntry:
    """A work and its id in the bank, which is its key in every file."""

    id: str
    item: CitedItem
