"""Cited works, parsed from CSL-JSON once, so that styles work with validated values."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any

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
        return self.literal or " ".join(part for part in (self.particle, self.family) if part)

    @property
    def inverted(self) -> str:
        """Return `Neumann, John von, Jr.`."""
        return self._inverted_with(self.given)

    @property
    def inverted_initials(self) -> str:
        """Return `Köçərli, F. bəy`."""
        return self._inverted_with(abbreviate_given(self.given))

    @property
    def direct(self) -> str:
        """Return `Firudin bəy Köçərli`."""
        return self._direct_with(self.given)

    @property
    def initials_first(self) -> str:
        """Return `F. bəy Köçərli`."""
        return self._direct_with(abbreviate_given(self.given))

    @property
    def inverted_without_comma(self) -> str:
        """Return `Köçərli F. bəy`, as GOST requires."""
        return " ".join(
            part for part in (self.sort_name, abbreviate_given(self.given) if self.family else "") if part
        )

    def _inverted_with(self, given: str) -> str:
        return ", ".join(part for part in (self.sort_name, given, self.suffix) if part)

    def _direct_with(self, given: str) -> str:
        full_name = " ".join(part for part in (given, self.sort_name) if part)
        return f"{full_name} {self.suffix}".strip()


def abbreviate_given(given: str) -> str:
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


def names_to_csl(names: tuple[CreatorName, ...]) -> list[dict[str, str]]:
    """Convert names to CSL-JSON."""
    return [_name_to_csl(name) for name in names]


def _parse_name(part: Mapping[str, Any]) -> CreatorName:
    if literal := to_plain_text(part.get("literal")):
        return CreatorName(literal=literal)
    family, given = to_plain_text(part.get("family")), to_plain_text(part.get("given"))
    if not family:
        return CreatorName(literal=given)
    given = f"{given} {to_plain_text(part.get('dropping-particle'))}".strip()
    return CreatorName(
        family, given, to_plain_text(part.get("non-dropping-particle")), to_plain_text(part.get("suffix"))
    )


def _name_to_csl(name: CreatorName) -> dict[str, str]:
    parts = {
        "literal": name.literal,
        "family": name.family,
        "given": name.given,
        "non-dropping-particle": name.particle,
        "suffix": name.suffix,
    }
    return {key: value for key, value in parts.items() if value}


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
#: Text fields of an item, with the CSL variable of each.
CSL_TEXT_FIELDS = {
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
CSL_NAME_FIELDS = {"authors": "author", "editors": "editor", "translators": "translator"}
CSL_DATE_FIELDS = {"issued": "issued", "accessed": "accessed"}


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


def parse_csl(csl: Mapping[str, Any]) -> CitedItem:
    """Parse a CSL-JSON record; invalid and unknown variables are skipped."""
    values: dict[str, Any] = {
        field_name: to_plain_text(csl.get(name)) for field_name, name in CSL_TEXT_FIELDS.items()
    }
    values |= {field_name: parse_names(csl.get(name)) for field_name, name in CSL_NAME_FIELDS.items()}
    values |= {field_name: _parse_date(csl.get(name)) for field_name, name in CSL_DATE_FIELDS.items()}
    values["doi"] = values["doi"].removeprefix("https://doi.org/")
    values["url"] = _clean_url(values["url"])
    return CitedItem(**values)


def to_csl(item: CitedItem, id_: str) -> dict[str, Any]:
    """Convert the item to CSL-JSON, with only the variables of its schema."""
    csl: dict[str, Any] = {"id": id_}
    for name in (item_field.name for item_field in fields(item)):
        value = getattr(item, name)
        if not value:
            continue
        if name in CSL_NAME_FIELDS:
            csl[CSL_NAME_FIELDS[name]] = names_to_csl(value)
        elif name in CSL_DATE_FIELDS:
            csl[CSL_DATE_FIELDS[name]] = _date_to_csl(value)
        elif name in CSL_TEXT_FIELDS:
            csl[CSL_TEXT_FIELDS[name]] = value
    return csl


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
