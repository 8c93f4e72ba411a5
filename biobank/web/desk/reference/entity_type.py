"""The description of an entity type, and the fields that several types share."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import lazy_gettext

from biobank.records.countries import COUNTRY_CODES, country_name
from biobank.records.reference.kinds import ReferenceKind
from biobank.web.desk.reference.fields import (
    ChoiceField,
    OptionsProvider,
    ReferenceFormField,
    RowColumn,
    RowsField,
)

NAME_LABEL: Final = lazy_gettext("Display name")
LANGUAGE_LABEL: Final = lazy_gettext("Language")
IN_USE_LABEL: Final = lazy_gettext("Period of use")


@dataclass(frozen=True)
class EntityType:
    """A type of reference records; `name` is its URL segment."""

    name: str
    kind: ReferenceKind
    title: Any
    #: Text of the button and title of the page for a new record.
    add_label: Any
    fields: tuple[ReferenceFormField, ...]


def options_from_labels(labels: Mapping[str, Any], order: Sequence[str] = ()) -> OptionsProvider:
    """Return options labelled by a mapping, in its order or the given one."""
    return lambda _lang: [(value, str(labels.get(value, value))) for value in (order or labels)]


def _country_options(lang: str) -> Sequence[tuple[str, str]]:
    return sorted(
        ((code, country_name(code, lang)) for code in COUNTRY_CODES), key=lambda pair: pair[1]
    )


def _identifier_rows(value: Any) -> list[dict[str, str]]:
    return [{"scheme": scheme, "value": text} for scheme, text in (value or {}).items()]


def _identifiers_from_rows(rows: list[dict[str, str]]) -> dict[str, str]:
    return {row["scheme"]: row["value"] for row in rows if row["value"]}


IDENTIFIERS_FIELD: Final = RowsField(
    name="identifiers",
    label=lazy_gettext("Identifiers in other catalogues"),
    columns=(
        RowColumn("scheme", lazy_gettext("Catalogue"), 30, hint="wikidata, geonames"),
        RowColumn("value", lazy_gettext("Catalogue identifier"), 200),
    ),
    to_rows=_identifier_rows,
    from_rows=_identifiers_from_rows,
)
COUNTRY_FIELD: Final = ChoiceField(
    name="country", label=lazy_gettext("Present-day country"), options=_country_options
)
