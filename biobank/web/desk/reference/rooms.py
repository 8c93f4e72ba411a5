"""The four rooms, each described once: its kind of record, its fields, how it is listed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import lazy_gettext

from biobank.records.countries import COUNTRIES, country_name
from biobank.records.organisations.schemas import KINDS as ORGANISATION_KIND_IDS
from biobank.records.places.schemas import KINDS as PLACE_KIND_IDS
from biobank.records.reference.kinds import ORGANISATION, PLACE, SOURCE, TERM, Kind
from biobank.web.desk.reference.csl import date_of, date_text, people_of, people_rows
from biobank.web.desk.reference.fields import (
    Choice,
    Column,
    Field,
    Line,
    Number,
    Options,
    Ref,
    Refs,
    Rows,
    WordLists,
    Words,
)
from biobank.web.desk.reference.words import (
    ORGANISATION_NAME_KINDS,
    PLACE_KINDS,
    SOURCE_TYPES,
)
from biobank.web.words import ORGANISATION_KINDS

_NAME: Final = lazy_gettext("Name")
_LANGUAGE: Final = lazy_gettext("Language")
_IN_USE: Final = lazy_gettext("In use")


@dataclass(frozen=True)
class Room:
    """One kind of reference record at the desk; `name` is the part of its address."""

    name: str
    kind: Kind
    title: Any
    #: What the button and the page for a new one say.
    new: Any
    fields: tuple[Field, ...]

    def parts(self, key: str) -> str:
        """The id within a key: terms have their vocabulary before it."""
        return key.rpartition("/")[2]


@dataclass(frozen=True, kw_only=True)
class CslDate(Line):
    """A CSL date as one types it."""

    def shown(self, value: Any) -> str:
        return date_text(value)

    def value(self, shown: str) -> Any:
        return date_of(shown)


def _of(words: Mapping[str, Any], order: Sequence[str] = ()) -> Options:
    return lambda _lang: [(value, str(words.get(value, value))) for value in (order or words)]


def _countries(lang: str) -> Sequence[tuple[str, str]]:
    return sorted(
        ((code, country_name(code, lang)) for code in COUNTRIES), key=lambda pair: pair[1]
    )


def _identifier_rows(value: Any) -> list[dict[str, str]]:
    return [{"scheme": scheme, "value": text} for scheme, text in (value or {}).items()]


def _identifiers(rows: list[dict[str, str]]) -> dict[str, str]:
    return {row["scheme"]: row["value"] for row in rows if row["value"]}


IDENTIFIERS: Final = Rows(
    name="identifiers",
    label=lazy_gettext("Ids in other catalogues"),
    columns=(
        Column("scheme", lazy_gettext("Catalogue"), 30, hint="wikidata, geonames"),
        Column("value", lazy_gettext("Id there"), 200),
    ),
    to_rows=_identifier_rows,
    from_rows=_identifiers,
)
COUNTRY: Final = Choice(
    name="country", label=lazy_gettext("Present-day country"), options=_countries
)

TERMS: Final = Room(
    "terms",
    TERM,
    lazy_gettext("Terms"),
    lazy_gettext("Add a term"),
    (
        Words(name="labels", label=lazy_gettext("Label"), required=True),
        WordLists(
            name="alt",
            label=lazy_gettext("Other words"),
            hint=lazy_gettext("Feminine forms and synonyms, one a line; they are found too."),
        ),
        Refs(
            name="broader",
            label=lazy_gettext("Broader terms"),
            hint=lazy_gettext("Whoever is found by this one is found by those too."),
            to="terms",
        ),
        Ref(
            name="inverse",
            label=lazy_gettext("Seen from the other person"),
            hint=lazy_gettext("Of relations alone: for a teacher, student."),
            to="terms",
        ),
        COUNTRY,
    ),
)
PLACES: Final = Room(
    "places",
    PLACE,
    lazy_gettext("Places"),
    lazy_gettext("Add a place"),
    (
        Rows(
            name="names",
            label=lazy_gettext("Names"),
            hint=lazy_gettext("The first one of a language without dates is the name of today."),
            columns=(
                Column("text", _NAME),
                Column("lang", _LANGUAGE, 12, hint="az"),
                Column("period", _IN_USE, 64, hint="1804/1918"),
            ),
            required=True,
        ),
        Choice(
            name="kind",
            label=lazy_gettext("Kind of place"),
            options=_of(PLACE_KINDS, PLACE_KIND_IDS),
            required=True,
        ),
        Ref(name="broader", label=lazy_gettext("Lies in"), to="places"),
        COUNTRY,
        Number(name="lat", label=lazy_gettext("Latitude")),
        Number(name="lon", label=lazy_gettext("Longitude")),
        IDENTIFIERS,
    ),
)
ORGANISATIONS: Final = Room(
    "organisations",
    ORGANISATION,
    lazy_gettext("Organisations"),
    lazy_gettext("Add an organisation"),
    (
        Rows(
            name="names",
            label=lazy_gettext("Names"),
            columns=(
                Column("text", _NAME, 300),
                Column("lang", _LANGUAGE, 12, hint="az"),
                Column(
                    "kind",
                    lazy_gettext("Kind of name"),
                    20,
                    _of(ORGANISATION_NAME_KINDS),
                ),
                Column("period", _IN_USE, 64, hint="1920/1958"),
            ),
            required=True,
        ),
        Choice(
            name="kind",
            label=lazy_gettext("Kind of organisation"),
            options=_of(ORGANISATION_KINDS, ORGANISATION_KIND_IDS),
            required=True,
        ),
        Ref(name="place", label=lazy_gettext("Place"), to="places"),
        COUNTRY,
        Line(name="founded", label=lazy_gettext("Founded"), hint="1920, 1920-08-26", most=64),
        Line(name="dissolved", label=lazy_gettext("Dissolved"), most=64),
        Words(name="summary", label=lazy_gettext("In short"), rows=3, most=5_000),
        Line(name="website", label=lazy_gettext("Website"), mode="url", most=500),
        IDENTIFIERS,
    ),
)
SOURCES: Final = Room(
    "sources",
    SOURCE,
    lazy_gettext("Sources"),
    lazy_gettext("Add a source"),
    (
        Choice(
            name="csl.type",
            label=lazy_gettext("Kind of source"),
            options=_of(SOURCE_TYPES),
            required=True,
        ),
        Line(
            name="csl.title",
            label=lazy_gettext("Title of the work"),
            most=1_000,
            required=True,
        ),
        Rows(
            name="csl.author",
            label=lazy_gettext("Authors"),
            columns=(
                Column("family", lazy_gettext("Family name, or the whole name")),
                Column("given", lazy_gettext("Given name")),
            ),
            to_rows=people_rows,
            from_rows=people_of,
            any_column=True,
        ),
        CslDate(name="csl.issued", label=lazy_gettext("Published on"), hint="1999, 1999-05-01"),
        Line(
            name="csl.container-title",
            label=lazy_gettext("Within"),
            hint=lazy_gettext("The journal, the newspaper, the book or the site it stands in."),
            most=1_000,
        ),
        Line(name="csl.publisher", label=lazy_gettext("Publisher")),
        Line(name="csl.publisher-place", label=lazy_gettext("Published in")),
        Line(name="csl.volume", label=lazy_gettext("Volume"), most=60),
        Line(name="csl.issue", label=lazy_gettext("Issue"), most=60),
        Line(name="csl.page", label=lazy_gettext("Pages"), most=60),
        Line(name="csl.URL", label=lazy_gettext("Address on the web"), mode="url", most=2_000),
        Line(name="csl.DOI", label="DOI", most=200),
        Line(name="csl.ISBN", label="ISBN", most=60),
        Line(name="csl.language", label=_LANGUAGE, hint="az, ru, en", most=20),
    ),
)
ROOMS: Final[Mapping[str, Room]] = {
    room.name: room for room in (TERMS, PLACES, ORGANISATIONS, SOURCES)
}
ROOM_OF: Final[Mapping[str, Room]] = {room.kind.name: room for room in ROOMS.values()}
