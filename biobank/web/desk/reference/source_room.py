"""The entity type of sources: CSL-JSON as form fields; other CSL keys are preserved."""

from dataclasses import dataclass
from typing import Any, Final

from flask_babel import lazy_gettext

from biobank.records.reference.kinds import SOURCE
from biobank.web.desk.reference.csl import date_of, date_text, people_of, people_rows
from biobank.web.desk.reference.fields import Choice, Column, Line, Rows
from biobank.web.desk.reference.room import LANGUAGE, Room, of_words
from biobank.web.desk.reference.words import SOURCE_TYPES


@dataclass(frozen=True, kw_only=True)
class CslDate(Line):
    """A CSL date as typed text."""

    def shown(self, value: Any) -> str:
        return date_text(value)

    def value(self, shown: str) -> Any:
        return date_of(shown)


SOURCES: Final = Room(
    "sources",
    SOURCE,
    lazy_gettext("Sources"),
    lazy_gettext("Add a source"),
    (
        Choice(
            name="csl.type",
            label=lazy_gettext("Kind of source"),
            options=of_words(SOURCE_TYPES),
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
        Line(name="csl.language", label=LANGUAGE, hint="az, ru, en", most=20),
    ),
)
