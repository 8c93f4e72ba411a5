"""The description of an entity type, and the fields that several types share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import lazy_gettext

from biobank.records.countries import COUNTRIES, country_name
from biobank.records.reference.kinds import Kind
from biobank.web.desk.reference.fields import Choice, Column, Field, Options, Rows

NAME: Final = lazy_gettext("Its name")
LANGUAGE: Final = lazy_gettext("Language")
IN_USE: Final = lazy_gettext("In use")


@dataclass(frozen=True)
class Room:
    """A type of reference records; `name` is its URL segment."""

    name: str
    kind: Kind
    title: Any
    #: Text of the button and title of the page for a new record.
    new: Any
    fields: tuple[Field, ...]


def of_words(words: Mapping[str, Any], order: Sequence[str] = ()) -> Options:
    """Return options labelled by a mapping, in its order or the given one."""
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
