"""The four entity types of the reference lists with their fields."""

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext

from biobank.records.organisations.schemas import VALID_ORGANISATION_KINDS as ORGANISATION_KIND_IDS
from biobank.records.places.schemas import VALID_PLACE_KINDS as PLACE_KIND_IDS
from biobank.records.reference.kinds import ORGANISATION_KIND, PLACE_KIND, TERM_KIND
from biobank.web.core.labels import ORGANISATION_KIND_LABELS
from biobank.web.desk.reference.entity_type import (
    COUNTRY_FIELD,
    IDENTIFIERS_FIELD,
    IN_USE_LABEL,
    LANGUAGE_LABEL,
    NAME_LABEL,
    EntityType,
    options_from_labels,
)
from biobank.web.desk.reference.fields import (
    ChoiceField,
    LocalizedListField,
    LocalizedTextField,
    NumberField,
    ReferenceField,
    ReferenceListField,
    RowColumn,
    RowsField,
    SingleLineField,
)
from biobank.web.desk.reference.labels import ORGANISATION_NAME_KIND_LABELS, PLACE_KIND_TITLES
from biobank.web.desk.reference.source_entity_type import SOURCE_ENTITY_TYPE

TERM_ENTITY_TYPE: Final = EntityType(
    "terms",
    TERM_KIND,
    lazy_gettext("Terms"),
    lazy_gettext("Add a term"),
    (
        LocalizedTextField(name="labels", label=lazy_gettext("Label"), required=True),
        LocalizedListField(
            name="alt",
            label=lazy_gettext("Synonyms and variants"),
            hint=lazy_gettext(
                "Feminine forms and synonyms, one per line. The search also finds these."
            ),
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
            hint=lazy_gettext(
                "For relationships only. Example: the inverse of “teacher” is “student”."
            ),
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
    for entity_type in (
        TERM_ENTITY_TYPE,
        PLACE_ENTITY_TYPE,
        ORGANISATION_ENTITY_TYPE,
        SOURCE_ENTITY_TYPE,
    )
}
ENTITY_TYPE_BY_KIND: Final[Mapping[str, EntityType]] = {
    entity_type.kind.name: entity_type for entity_type in ENTITY_TYPES.values()
}
