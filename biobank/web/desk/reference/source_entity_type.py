"""The entity type of sources: CSL-JSON as form fields; other CSL keys are preserved."""

from dataclasses import dataclass
from typing import Any, Final

from flask_babel import lazy_gettext

from biobank.records.reference.kinds import SOURCE_KIND
from biobank.web.desk.reference.csl import csl_names, format_csl_date, name_rows, parse_csl_date
from biobank.web.desk.reference.entity_type import LANGUAGE_LABEL, EntityType, options_from_labels
from biobank.web.desk.reference.fields import ChoiceField, RowColumn, RowsField, SingleLineField
from biobank.web.desk.reference.labels import SOURCE_TYPE_LABELS


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
            name="csl.title",
            label=lazy_gettext("Title of the work"),
            max_length=1_000,
            required=True,
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
        CslDateField(
            name="csl.issued", label=lazy_gettext("Date of publication"), hint="1999, 1999-05-01"
        ),
        SingleLineField(
            name="csl.container-title",
            label=lazy_gettext("Journal, book or website"),
            hint=lazy_gettext(
                "The journal, newspaper, book or website in which the text was published."
            ),
            max_length=1_000,
        ),
        SingleLineField(name="csl.publisher", label=lazy_gettext("Publisher")),
        SingleLineField(name="csl.publisher-place", label=lazy_gettext("Place of publication")),
        SingleLineField(name="csl.volume", label=lazy_gettext("Volume"), max_length=60),
        SingleLineField(name="csl.issue", label=lazy_gettext("Issue"), max_length=60),
        SingleLineField(name="csl.page", label=lazy_gettext("Pages"), max_length=60),
        SingleLineField(
            name="csl.URL", label=lazy_gettext("Web address"), mode="url", max_length=2_000
        ),
        SingleLineField(name="csl.DOI", label="DOI", max_length=200),
        SingleLineField(name="csl.ISBN", label="ISBN", max_length=60),
        SingleLineField(
            name="csl.language", label=LANGUAGE_LABEL, hint="az, ru, en", max_length=20
        ),
    ),
)
