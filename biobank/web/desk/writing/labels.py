"""Labels of fields, rows and buttons of the writing form, and its options."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from flask_babel import lazy_gettext

from biobank.common.i18n import LANGUAGE_NAMES
from biobank.records.countries import COUNTRY_CODES, country_name
from biobank.records.media.licences import LICENCES as PICTURE_LICENCES
from biobank.records.people.schemas import (
    CALENDAR_VALUES,
    GENDER_VALUES,
    MEDIA_TYPE_VALUES,
    PERSON_NAME_KINDS,
)
from biobank.search.labels import GENDER_LABELS
from biobank.web.core.labels import CALENDAR_LABELS, language_name, script_name
from biobank.web.desk.writing.csl import OFFERED_CSL_TYPES
from biobank.web.revisions.labels import FIELD_TITLES, PART_TITLES
from biobank.web.revisions.value_labels import MEDIA_TYPE_LABELS
from biobank.web.revisions.value_labels import NAME_KIND_DESCRIPTIONS as NAME_KIND_LABELS

#: Labels of the rows of a list.
ROW_LABELS: Final = {
    "names": lazy_gettext("Name"),
    "professions": lazy_gettext("Profession"),
    "countries": lazy_gettext("Country"),
    "events": lazy_gettext("Event"),
    "relations": lazy_gettext("Relationship"),
    "memberships": lazy_gettext("Education, position or membership"),
    "works": lazy_gettext("Work"),
    "awards": lazy_gettext("Award"),
    "media": lazy_gettext("Picture or recording"),
    "identifiers": lazy_gettext("Catalogue and identifier"),
    "sources": lazy_gettext("Source"),
    "cites": lazy_gettext("Citation"),
    "against": lazy_gettext("Source"),
}
#: Labels of the buttons that add a row.
ADD_BUTTON_LABELS: Final = {
    "names": lazy_gettext("Add a name"),
    "professions": lazy_gettext("Add a profession"),
    "countries": lazy_gettext("Add a country"),
    "events": lazy_gettext("Add an event"),
    "relations": lazy_gettext("Add a relationship"),
    "memberships": lazy_gettext("Add education, position or membership"),
    "works": lazy_gettext("Add a work"),
    "awards": lazy_gettext("Add an award"),
    "media": lazy_gettext("Add a picture or recording"),
    "identifiers": lazy_gettext("Add an identifier"),
    "sources": lazy_gettext("Add a source"),
    "cites": lazy_gettext("Add a citation"),
    "against": lazy_gettext("Add a source"),
}
#: Labels that differ from those of the change lists, by parent and key.
FIELD_LABEL_OVERRIDES: Final = {
    "id": lazy_gettext("ID"),
    "names.text": lazy_gettext("Name as written"),
    "names.lang": lazy_gettext("Language"),
    "relations.type": lazy_gettext("Type of relationship"),
    "events.text": lazy_gettext("Description of the event"),
    "media.source": lazy_gettext("Source (web address)"),
    "original.text": lazy_gettext("Wording in the source"),
    "identifiers.scheme": lazy_gettext("Catalogue"),
    "identifiers.value": lazy_gettext("Catalogue identifier"),
    "sources.": lazy_gettext("Title or ID"),
    "sources.csl": lazy_gettext("New source"),
    "csl.title": lazy_gettext("Title of the source"),
    "csl.issued": lazy_gettext("Date of publication"),
    "csl.publisher": lazy_gettext("Publisher"),
    "csl.author": lazy_gettext("Authors"),
    "checked.against": lazy_gettext("Sources used for verification"),
    "checked.on": lazy_gettext("Day"),
}
FIELD_HINTS: Final = {
    "id": lazy_gettext("Leave blank to create the ID from the name. It is permanent."),
    "names": lazy_gettext(
        "Enter languages as codes: az, en, ru, fa. Enter a script (Arab, Cyrl) only if it is "
        "not the usual one for the language."
    ),
    "csl.author": lazy_gettext("Family name, Given name; Family name, Given name"),
    "csl.issued": lazy_gettext("1948, 1948-11 or 1948-11-23"),
    "floruit": lazy_gettext("Fill in only if the dates of birth and death are unknown or uncertain."),
    "media": lazy_gettext(
        "Add portraits under Pictures; they then appear here. Video and audio recordings "
        "remain on other sites and are linked from here."
    ),
    "relations": lazy_gettext("Choose who the related person is to this person: teacher, sister…"),
}
#: Labels of CSL types.
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
#: Suggested languages and scripts of names, and licences.
NAME_LANGUAGES: Final = ("az", "en", "ru", "fa", "tr", "ar", "fr", "de", "ka", "uz", "tk", "ota")
SCRIPTS: Final = ("Latn", "Cyrl", "Arab")
OFFERED_LICENCES: Final = tuple(PICTURE_LICENCES)


# Cached, as a form needs the same labels a thousand times; translation took a quarter of its time.
@cache
def field_label(parent: str, key: str, lang: str) -> str:
    """Return the label of the field `key` within `parent`; `lang` is the page language."""
    if key in LANGUAGE_NAMES:
        return language_titles()[key]
    if f"{parent}.{key}" in FIELD_LABEL_OVERRIDES:
        return str(FIELD_LABEL_OVERRIDES[f"{parent}.{key}"])
    if not parent:
        return str(FIELD_LABEL_OVERRIDES.get(key) or FIELD_TITLES.get(key, key))
    return str(PART_TITLES.get(key, key))


@cache
def field_hint(parent: str, key: str, lang: str) -> str:
    return str(FIELD_HINTS.get(f"{parent}.{key}" if parent else key, ""))


@cache
def row_labels(key: str, lang: str) -> tuple[str, str]:
    """Return the label of a row and of the button that adds one."""
    return str(ROW_LABELS[key]), str(ADD_BUTTON_LABELS[key])


@cache
def choice_options(target: str, lang: str) -> tuple[tuple[str, str], ...]:
    """Return the options of a choice: values and labels."""
    if target == "gender":
        return tuple((gender, GENDER_LABELS[gender][lang]) for gender in GENDER_VALUES)
    values, labels = _CHOICE_SETS[target]
    return tuple((value, str(labels.get(value, value))) for value in values)


@cache
def datalist_options(lang: str) -> Mapping[str, list[tuple[str, str]]]:
    """Return suggested values of fields that also accept others, by kind."""
    return {
        "country": sorted((f"{country_name(code, lang)} ({code})", "") for code in COUNTRY_CODES),
        "lang": [(code, language_name(code, lang)) for code in NAME_LANGUAGES],
        "script": [(code, script_name(code, lang)) for code in SCRIPTS],
        "licence": [(code, "") for code in OFFERED_LICENCES],
    }


def language_titles() -> Mapping[str, str]:
    return {str(code): name for code, name in LANGUAGE_NAMES.items()}


_CHOICE_SETS: Final[Mapping[str, tuple[Sequence[str], Mapping[str, object]]]] = {
    "name_kind": (PERSON_NAME_KINDS, NAME_KIND_LABELS),
    "media_type": (MEDIA_TYPE_VALUES, MEDIA_TYPE_LABELS),
    "calendar": (CALENDAR_VALUES, CALENDAR_LABELS),
    "csl_type": (OFFERED_CSL_TYPES, CSL_TYPE_LABELS),
}
