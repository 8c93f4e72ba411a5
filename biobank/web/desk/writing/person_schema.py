"""The schema of the writing form, the options of its choices, and suggested values.

It is flatter than the record in two parts: identifiers are rows of scheme and value, and a source
is an id (`sources-1`) with the details of a new one (`sources-1-csl-title`).
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any, Final

from flask_babel import lazy_gettext

from biobank.records.countries import COUNTRY_CODES, country_name
from biobank.records.fields import MAX_BIOGRAPHY_CHARS, MAX_PARAGRAPH_CHARS
from biobank.records.media.licences import LICENCES
from biobank.records.people.schemas import (
    CALENDAR_VALUES,
    GENDER_VALUES,
    MEDIA_TYPE_VALUES,
    PERSON_NAME_KINDS,
)
from biobank.search.labels import GENDER_LABELS
from biobank.web.core.labels import CALENDAR_LABELS, language_name, script_name
from biobank.web.core.record_labels import FIELD_TITLES, MEDIA_TYPE_LABELS, NAME_KIND_DESCRIPTIONS
from biobank.web.desk.forms.mapping import format_csl_date, format_csl_names, parse_csl_date, parse_csl_names
from biobank.web.desk.forms.schema import (
    SELF_KEY,
    Converter,
    Field,
    FormNode,
    Group,
    Repeat,
    localized,
    reference,
)

DATE_FIELD: Final = Field("date", 64)
LOCALIZED_LINE: Final = localized(Field())
CITATIONS: Final = Repeat(
    Group({"source": reference("source"), "locator": Field(max_length=200)}),
    50,
    row=lazy_gettext("Citation"),
    add=lazy_gettext("Add a citation"),
)
ORIGINAL_DATE: Final = Group(
    {
        "text": Field(max_length=200, label=lazy_gettext("Wording in the source")),
        "calendar": Field("choice", target="calendar"),
    }
)
LIFE_EVENT: Final = Group(
    {"date": DATE_FIELD, "place": reference("place"), "original": ORIGINAL_DATE, "cites": CITATIONS}
)
NAME_GROUP: Final = Group(
    {
        "text": Field(max_length=200, label=lazy_gettext("Name as written")),
        "lang": Field(max_length=12, label=lazy_gettext("Language"), suggestions="lang"),
        "script": Field(max_length=4, suggestions="script"),
        "kind": Field("choice", target="name_kind", default="variant"),
        "family": Field(max_length=200),
        "given": Field(max_length=200),
    }
)
EVENT_GROUP: Final = Group(
    {
        "date": DATE_FIELD,
        "place": reference("place"),
        "type": reference("event"),
        "text": localized(Field("passage", MAX_PARAGRAPH_CHARS), lazy_gettext("Description of the event")),
        "original": ORIGINAL_DATE,
        "cites": CITATIONS,
    }
)
RELATION_GROUP: Final = Group(
    {
        "type": reference("relation", lazy_gettext("Type of relationship")),
        "person": reference("person"),
        "date": DATE_FIELD,
        "cites": CITATIONS,
    }
)
MEMBERSHIP_GROUP: Final = Group(
    {
        "organisation": reference("organisation"),
        "date": DATE_FIELD,
        "role": LOCALIZED_LINE,
        "cites": CITATIONS,
    }
)
WORK_GROUP: Final = Group(
    {"title": LOCALIZED_LINE, "date": DATE_FIELD, "type": reference("work"), "cites": CITATIONS}
)
AWARD_GROUP: Final = Group({"award": reference("award"), "date": DATE_FIELD, "cites": CITATIONS})
MEDIA_GROUP: Final = Group(
    {
        "type": Field("choice", target="media_type", default="image"),
        "url": Field("address", 1000),
        "licence": Field(max_length=100, suggestions="licence"),
        "author": Field(max_length=300),
        "source": Field(max_length=1000, label=lazy_gettext("Source (web address)")),
        "alt": LOCALIZED_LINE,
    }
)
IDENTIFIER_GROUP: Final = Group(
    {
        "scheme": Field(max_length=30, label=lazy_gettext("Catalogue")),
        "value": Field(max_length=200, label=lazy_gettext("Catalogue identifier")),
    }
)
CSL_GROUP: Final = Group(
    {
        "type": Field("choice", target="csl_type", default="webpage"),
        "title": Field(max_length=1000, label=lazy_gettext("Title of the source")),
        "author": Field(
            max_length=1_000,
            label=lazy_gettext("Authors"),
            hint=lazy_gettext("Family name, Given name; Family name, Given name"),
            converter=Converter(format_csl_names, parse_csl_names),
        ),
        "issued": Field(
            max_length=30,
            label=lazy_gettext("Date of publication"),
            hint=lazy_gettext("1948, 1948-11 or 1948-11-23"),
            converter=Converter(format_csl_date, parse_csl_date),
        ),
        "publisher": Field(max_length=300, label=lazy_gettext("Publisher")),
        "url": Field("address", 1000),
    },
    label=lazy_gettext("New source"),
)
SOURCE_GROUP: Final = Group({SELF_KEY: reference("source", lazy_gettext("Title or ID")), "csl": CSL_GROUP})

#: The fields of the form in record order, without the titles of the record's fields.
_FIELDS: Final[Mapping[str, FormNode]] = {
    "id": Field(
        max_length=120,
        label=lazy_gettext("ID"),
        hint=lazy_gettext("Leave blank to create the ID from the name. It is permanent."),
    ),
    "names": Repeat(
        NAME_GROUP,
        200,
        hint=lazy_gettext(
            "Enter languages as codes: az, en, ru, fa. Enter a script (Arab, Cyrl) only if it is "
            "not the usual one for the language. Enter the family name only if alphabetical lists have the "
            "name in the wrong place. A name with a given name only is listed as it is written."
        ),
        row=lazy_gettext("Name"),
        add=lazy_gettext("Add a name"),
    ),
    "gender": Field("choice", target="gender"),
    "birth": LIFE_EVENT,
    "death": LIFE_EVENT,
    "floruit": replace(
        LIFE_EVENT,
        hint=lazy_gettext("Fill in only if the dates of birth and death are unknown or uncertain."),
    ),
    "professions": Repeat(
        reference("profession"), 30, row=lazy_gettext("Profession"), add=lazy_gettext("Add a profession")
    ),
    "countries": Repeat(
        reference("country", suggestions="country"),
        30,
        row=lazy_gettext("Country"),
        add=lazy_gettext("Add a country"),
    ),
    "connection": localized(Field("passage", MAX_PARAGRAPH_CHARS)),
    "headline": LOCALIZED_LINE,
    "biography": localized(Field("markdown", MAX_BIOGRAPHY_CHARS)),
    "events": Repeat(EVENT_GROUP, 300, row=lazy_gettext("Event"), add=lazy_gettext("Add an event")),
    "relations": Repeat(
        RELATION_GROUP,
        300,
        hint=lazy_gettext("Choose who the related person is to this person: teacher, sister…"),
        row=lazy_gettext("Relationship"),
        add=lazy_gettext("Add a relationship"),
    ),
    "memberships": Repeat(
        MEMBERSHIP_GROUP,
        100,
        row=lazy_gettext("Education, position or membership"),
        add=lazy_gettext("Add education, position or membership"),
    ),
    "works": Repeat(WORK_GROUP, 500, row=lazy_gettext("Work"), add=lazy_gettext("Add a work")),
    "awards": Repeat(AWARD_GROUP, 100, row=lazy_gettext("Award"), add=lazy_gettext("Add an award")),
    "media": Repeat(
        MEDIA_GROUP,
        50,
        hint=lazy_gettext(
            "Add portraits under Pictures; they then appear here. Video and audio recordings "
            "remain on other sites and are linked from here."
        ),
        row=lazy_gettext("Picture or recording"),
        add=lazy_gettext("Add a picture or recording"),
    ),
    "identifiers": Repeat(
        IDENTIFIER_GROUP,
        50,
        row=lazy_gettext("Catalogue and identifier"),
        add=lazy_gettext("Add an identifier"),
        mapping=True,
    ),
    "sources": Repeat(SOURCE_GROUP, 200, row=lazy_gettext("Source"), add=lazy_gettext("Add a source")),
    "checked": Group(
        {
            "on": replace(DATE_FIELD, label=lazy_gettext("Day")),
            "against": Repeat(
                reference("source"),
                100,
                label=lazy_gettext("Sources used for verification"),
                row=lazy_gettext("Source"),
                add=lazy_gettext("Add a source"),
            ),
        }
    ),
}


def _with_title(key: str, node: FormNode) -> Any:
    return replace(node, label=FIELD_TITLES[key] if node.label is None else node.label)


#: The whole form, in record order.
PERSON_FORM: Final = Group({key: _with_title(key, node) for key, node in _FIELDS.items()})


#: Labels of the selectable CSL types, most frequent first.
CSL_TYPE_LABELS: Final = {
    "webpage": lazy_gettext("web page"),
    "book": lazy_gettext("book"),
    "chapter": lazy_gettext("book chapter"),
    "article-journal": lazy_gettext("journal article"),
    "article-newspaper": lazy_gettext("newspaper article"),
    "article-magazine": lazy_gettext("magazine article"),
    "entry-encyclopedia": lazy_gettext("encyclopedia entry"),
    "thesis": lazy_gettext("thesis"),
    "paper-conference": lazy_gettext("conference paper"),
    "manuscript": lazy_gettext("manuscript or archive material"),
    "interview": lazy_gettext("interview"),
    "broadcast": lazy_gettext("broadcast"),
    "report": lazy_gettext("report"),
}
#: Suggested languages and scripts of names.
NAME_LANGUAGES: Final = ("az", "en", "ru", "fa", "tr", "ar", "fr", "de", "ka", "uz", "tk", "ota")
SCRIPTS: Final = ("Latn", "Cyrl", "Arab")


@cache
def choice_options(target: str, lang: str) -> tuple[tuple[str, str], ...]:
    """Return the options of a choice: values and labels."""
    if target == "gender":
        return tuple((gender, GENDER_LABELS[gender].translate(lang)) for gender in GENDER_VALUES)
    values, labels = _CHOICE_SETS[target]
    return tuple((value, str(labels.get(value, value))) for value in values)


@cache
def datalist_options(lang: str) -> Mapping[str, list[tuple[str, str]]]:
    """Return suggested values of fields that also accept others, by kind."""
    return {
        "country": sorted((f"{country_name(code, lang)} ({code})", "") for code in COUNTRY_CODES),
        "lang": [(code, language_name(code, lang)) for code in NAME_LANGUAGES],
        "script": [(code, script_name(code, lang)) for code in SCRIPTS],
        "licence": [(code, "") for code in LICENCES],
    }


_CHOICE_SETS: Final[Mapping[str, tuple[Sequence[str], Mapping[str, object]]]] = {
    "name_kind": (PERSON_NAME_KINDS, NAME_KIND_DESCRIPTIONS),
    "media_type": (MEDIA_TYPE_VALUES, MEDIA_TYPE_LABELS),
    "calendar": (CALENDAR_VALUES, CALENDAR_LABELS),
    "csl_type": (tuple(CSL_TYPE_LABELS), CSL_TYPE_LABELS),
}
