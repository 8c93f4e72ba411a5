"""The four entity types of the reference lists with their fields and queries."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask_babel import lazy_gettext, lazy_pgettext

from biobank.records.countries import COUNTRY_CODES, country_name
from biobank.records.organisations.schemas import VALID_ORGANISATION_KINDS as ORGANISATION_KIND_IDS
from biobank.records.places.schemas import VALID_PLACE_KINDS as PLACE_KIND_IDS
from biobank.records.reference.kinds import (
    ORGANISATION_KIND,
    PLACE_KIND,
    SOURCE_KIND,
    TERM_KIND,
    ReferenceKind,
)
from biobank.web.core.labels import ORGANISATION_KIND_LABELS
from biobank.web.desk.reference.csl import csl_names, format_csl_date, name_rows, parse_csl_date
from biobank.web.desk.reference.fields import (
    ChoiceField,
    LocalizedListField,
    LocalizedTextField,
    NumberField,
    OptionsProvider,
    ReferenceField,
    ReferenceFormField,
    ReferenceListField,
    RowColumn,
    RowsField,
    SingleLineField,
)
from biobank.web.desk.reference.labels import (
    ORGANISATION_NAME_KIND_LABELS,
    PLACE_KIND_TITLES,
    SOURCE_TYPE_LABELS,
)

NAME_LABEL: Final = lazy_pgettext("organisation or place", "Name")
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
    return sorted(((code, country_name(code, lang)) for code in COUNTRY_CODES), key=lambda pair: pair[1])


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


@dataclass(frozen=True, kw_only=True)
class CslDateField(SingleLineField):
    """A CSL date as typed text."""

    def to_input(self, value: Any) -> str:
        return format_csl_date(value)

    def from_input(self, input_value: str) -> Any:
        return parse_csl_date(input_value)


SOURCE_ENTITY_TYPE: Final = EntityType(
    "sources",
    SOURCE_KIND,
    lazy_gettext("Sources"),
    lazy_gettext("Add a source"),
    (
        ChoiceField(
            name="csl.type",
            label=lazy_gettext("Type of source"),
            options=options_from_labels(SOURCE_TYPE_LABELS),
            required=True,
        ),
        SingleLineField(
            name="csl.title", label=lazy_gettext("Title of the work"), max_length=1_000, required=True
        ),
        RowsField(
            name="csl.author",
            label=lazy_gettext("Authors"),
            columns=(
                RowColumn("family", lazy_gettext("Family name or full name")),
                RowColumn("given", lazy_gettext("Given name")),
            ),
            to_rows=name_rows,
            from_rows=csl_names,
            any_column=True,
        ),
        CslDateField(name="csl.issued", label=lazy_gettext("Date of publication"), hint="1999, 1999-05-01"),
        SingleLineField(
            name="csl.container-title",
            label=lazy_gettext("Journal, book or website"),
            hint=lazy_gettext("The journal, newspaper, book or website in which the text was published."),
            max_length=1_000,
        ),
        SingleLineField(name="csl.publisher", label=lazy_gettext("Publisher")),
        SingleLineField(name="csl.publisher-place", label=lazy_gettext("Place of publication")),
        SingleLineField(name="csl.volume", label=lazy_gettext("Volume"), max_length=60),
        SingleLineField(name="csl.issue", label=lazy_gettext("Issue"), max_length=60),
        SingleLineField(name="csl.page", label=lazy_gettext("Pages"), max_length=60),
        SingleLineField(name="csl.URL", label=lazy_gettext("Web address"), mode="url", max_length=2_000),
        SingleLineField(name="csl.DOI", label="DOI", max_length=200),
        SingleLineField(name="csl.ISBN", label="ISBN", max_length=60),
        SingleLineField(name="csl.language", label=LANGUAGE_LABEL, hint="az, ru, en", max_length=20),
    ),
)


TERM_ENTITY_TYPE: Final = EntityType(
    "terms",
    TERM_KIND,
    lazy_gettext("Terms"),
    lazy_gettext("Add a term"),
    (
        LocalizedTextField(name="labels", label=lazy_gettext("Label"), required=True),
        LocalizedTextField(
            name="feminine",
            label=lazy_gettext("Label for women"),
            hint=lazy_gettext("Fill in only if the general label is not usual for a woman."),
            max_length=100,
        ),
        LocalizedListField(
            name="alt",
            label=lazy_gettext("Synonyms and variants"),
            hint=lazy_gettext("Synonyms and other forms, one per line. The search also finds these."),
        ),
        ReferenceListField(
            name="broader",
            label=lazy_gettext("Broader terms"),
            hint=lazy_gettext("A search for a broader term also finds people with this term."),
            target="terms",
        ),
        ReferenceField(
            name="inverse",
            label=lazy_gettext("Inverse relationship"),
            hint=lazy_gettext("For relationships only. Example: the inverse of “teacher” is “student”."),
            target="terms",
        ),
        COUNTRY_FIELD,
    ),
)
PLACE_ENTITY_TYPE: Final = EntityType(
    "places",
    PLACE_KIND,
    lazy_gettext("Places"),
    lazy_gettext("Add a place"),
    (
        RowsField(
            name="names",
            label=lazy_gettext("All names"),
            hint=lazy_gettext("The first undated name in each language is the current name."),
            columns=(
                RowColumn("text", NAME_LABEL),
                RowColumn("lang", LANGUAGE_LABEL, 12, hint="az"),
                RowColumn("period", IN_USE_LABEL, 64, hint="1804/1918"),
            ),
            required=True,
        ),
        ChoiceField(
            name="kind",
            label=lazy_gettext("Type of place"),
            options=options_from_labels(PLACE_KIND_TITLES, PLACE_KIND_IDS),
            required=True,
        ),
        ReferenceField(name="broader", label=lazy_gettext("Located in"), target="places"),
        COUNTRY_FIELD,
        NumberField(name="lat", label=lazy_gettext("Latitude")),
        NumberField(name="lon", label=lazy_gettext("Longitude")),
        IDENTIFIERS_FIELD,
    ),
)
ORGANISATION_ENTITY_TYPE: Final = EntityType(
    "organisations",
    ORGANISATION_KIND,
    lazy_gettext("Organisations"),
    lazy_gettext("Add an organisation"),
    (
        RowsField(
            name="names",
            label=lazy_gettext("All names"),
            columns=(
                RowColumn("text", NAME_LABEL, 300),
                RowColumn("lang", LANGUAGE_LABEL, 12, hint="az"),
                RowColumn(
                    "kind",
                    lazy_gettext("Type of name"),
                    20,
                    options_from_labels(ORGANISATION_NAME_KIND_LABELS),
                ),
                RowColumn("period", IN_USE_LABEL, 64, hint="1920/1958"),
            ),
            required=True,
        ),
        ChoiceField(
            name="kind",
            label=lazy_gettext("Type of organisation"),
            options=options_from_labels(ORGANISATION_KIND_LABELS, ORGANISATION_KIND_IDS),
            required=True,
        ),
        ReferenceField(name="place", label=lazy_gettext("Place"), target="places"),
        COUNTRY_FIELD,
        SingleLineField(
            name="founded", label=lazy_gettext("Founded"), hint="1920, 1920-08-26", max_length=64
        ),
        SingleLineField(name="dissolved", label=lazy_gettext("Dissolved"), max_length=64),
        LocalizedTextField(name="summary", label=lazy_gettext("Summary"), rows=3, max_length=5_000),
        SingleLineField(name="website", label=lazy_gettext("Website"), mode="url", max_length=500),
        IDENTIFIERS_FIELD,
    ),
)
ENTITY_TYPES: Final[Mapping[str, EntityType]] = {
    entity_type.name: entity_type
    for entity_type in (TERM_ENTITY_TYPE, PLACE_ENTITY_TYPE, ORGANISATION_ENTITY_TYPE, SOURCE_ENTITY_TYPE)
}
ENTITY_TYPE_BY_KIND: Final[Mapping[str, EntityType]] = {
    entity_type.kind.name: entity_type for entity_type in ENTITY_TYPES.values()
}
