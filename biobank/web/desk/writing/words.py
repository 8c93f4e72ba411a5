"""Labels of fields, rows and buttons of the writing form, and its options."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from flask_babel import lazy_gettext

from biobank.i18n import LANGUAGE_NAMES
from biobank.records.countries import COUNTRIES, country_name
from biobank.records.media.licences import LICENCES as PICTURE_LICENCES
from biobank.records.people.schemas import CALENDARS, GENDERS, MEDIA_TYPES, NAME_KINDS
from biobank.search.labels import GENDERS as GENDER_LABELS
from biobank.web.desk.writing.csl import TYPES
from biobank.web.revisions.titles import FIELDS, PARTS
from biobank.web.revisions.values import MEDIA_TYPES as MEDIA_WORDS
from biobank.web.revisions.values import NAME_KINDS as NAME_WORDS
from biobank.web.words import CALENDARS as CALENDAR_WORDS
from biobank.web.words import language_name, script_name

#: Labels of the rows of a list.
ROWS: Final = {
    "names": lazy_gettext("Name"),
    "professions": lazy_gettext("Profession"),
    "countries": lazy_gettext("Country"),
    "events": lazy_gettext("Event"),
    "relations": lazy_gettext("Tie"),
    "memberships": lazy_gettext("Membership"),
    "works": lazy_gettext("Work"),
    "awards": lazy_gettext("Award"),
    "media": lazy_gettext("Picture or recording"),
    "identifiers": lazy_gettext("Catalogue and id"),
    "sources": lazy_gettext("Source"),
    "cites": lazy_gettext("Citation"),
    "against": lazy_gettext("Source"),
}
#: Labels of the buttons that add a row.
ADD: Final = {
    "names": lazy_gettext("Add a name"),
    "professions": lazy_gettext("Add a profession"),
    "countries": lazy_gettext("Add a country"),
    "events": lazy_gettext("Add an event"),
    "relations": lazy_gettext("Add a tie"),
    "memberships": lazy_gettext("Add a membership"),
    "works": lazy_gettext("Add a work"),
    "awards": lazy_gettext("Add an award"),
    "media": lazy_gettext("Add a picture or recording"),
    "identifiers": lazy_gettext("Add an id"),
    "sources": lazy_gettext("Add a source"),
    "cites": lazy_gettext("Add a citation"),
    "against": lazy_gettext("Add a source"),
}
#: Labels that differ from those of the change lists, by parent and key.
OTHERWISE: Final = {
    "id": lazy_gettext("Id"),
    "names.text": lazy_gettext("Name as it is written"),
    "names.lang": lazy_gettext("Language"),
    "relations.type": lazy_gettext("Who the other is"),
    "events.text": lazy_gettext("What happened"),
    "media.source": lazy_gettext("Where it comes from"),
    "original.text": lazy_gettext("As the source says it"),
    "identifiers.scheme": lazy_gettext("Catalogue"),
    "identifiers.value": lazy_gettext("Id there"),
    "sources.": lazy_gettext("Title or id"),
    "sources.csl": lazy_gettext("New source"),
    "csl.title": lazy_gettext("Title of the source"),
    "csl.issued": lazy_gettext("Date of publication"),
    "csl.publisher": lazy_gettext("Publisher"),
    "csl.author": lazy_gettext("Authors"),
    "checked.against": lazy_gettext("Sources it was compared with"),
    "checked.on": lazy_gettext("Day"),
}
HINTS: Final = {
    "id": lazy_gettext("Made from the name where it is left empty. It stays for ever."),
    "names": lazy_gettext(
        "Languages by their codes: az, en, ru, fa. A script (Arab, Cyrl) only where it is not the "
        "usual one of the language."
    ),
    "csl.author": lazy_gettext("Surname, Name; Surname, Name"),
    "csl.issued": lazy_gettext("1948, 1948-11 or 1948-11-23"),
    "floruit": lazy_gettext("Only where birth and death are not known well."),
    "media": lazy_gettext(
        "A portrait is added under Pictures, which puts it here. Films and recordings stay at "
        "other sites and are linked to."
    ),
    "relations": lazy_gettext("Say who the other is to this person: teacher, sister…"),
}
#: Labels of CSL types.
CSL_TYPES: Final = {
    "webpage": lazy_gettext("web page"),
    "book": lazy_gettext("book"),
    "chapter": lazy_gettext("chapter of a book"),
    "article-journal": lazy_gettext("article in a journal"),
    "article-newspaper": lazy_gettext("article in a newspaper"),
    "article-magazine": lazy_gettext("article in a magazine"),
    "entry-encyclopedia": lazy_gettext("entry of an encyclopedia"),
    "thesis": lazy_gettext("thesis"),
    "paper-conference": lazy_gettext("conference paper"),
    "manuscript": lazy_gettext("manuscript, archive"),
    "interview": lazy_gettext("interview"),
    "broadcast": lazy_gettext("broadcast"),
    "report": lazy_gettext("report"),
}
#: Suggested languages and scripts of names, and licences.
NAME_LANGUAGES: Final = ("az", "en", "ru", "fa", "tr", "ar", "fr", "de", "ka", "uz", "tk", "ota")
SCRIPTS: Final = ("Latn", "Cyrl", "Arab")
LICENCES: Final = tuple(PICTURE_LICENCES)


# Cached, as a form needs the same labels a thousand times; translation took a quarter of its time.
@cache
def label(within: str, key: str, lang: str) -> str:
    """Return the label of the field `key` within `parent`; `lang` is the page language."""
    if key in LANGUAGE_NAMES:
        return language_titles()[key]
    if f"{within}.{key}" in OTHERWISE:
        return str(OTHERWISE[f"{within}.{key}"])
    if not within:
        return str(OTHERWISE.get(key) or FIELDS.get(key, key))
    return str(PARTS.get(key, key))


@cache
def hint(within: str, key: str, lang: str) -> str:
    return str(HINTS.get(f"{within}.{key}" if within else key, ""))


@cache
def row_words(key: str, lang: str) -> tuple[str, str]:
    """Return the label of a row and of the button that adds one."""
    return str(ROWS[key]), str(ADD[key])


@cache
def options(of: str, lang: str) -> tuple[tuple[str, str], ...]:
    """Return the options of a choice: values and labels."""
    if of == "gender":
        return tuple((it, GENDER_LABELS[it][lang]) for it in GENDERS)
    values, words = _CHOICES[of]
    return tuple((value, str(words.get(value, value))) for value in values)


@cache
def offered(lang: str) -> Mapping[str, list[tuple[str, str]]]:
    """Return suggested values of fields that also accept others, by kind."""
    return {
        "country": sorted((f"{country_name(it, lang)} ({it})", "") for it in COUNTRIES),
        "lang": [(it, language_name(it, lang)) for it in NAME_LANGUAGES],
        "script": [(it, script_name(it, lang)) for it in SCRIPTS],
        "licence": [(it, "") for it in LICENCES],
    }


def language_titles() -> Mapping[str, str]:
    return {str(code): name for code, name in LANGUAGE_NAMES.items()}


_CHOICES: Final[Mapping[str, tuple[Sequence[str], Mapping[str, object]]]] = {
    "name_kind": (NAME_KINDS, NAME_WORDS),
    "media_type": (MEDIA_TYPES, MEDIA_WORDS),
    "calendar": (CALENDARS, CALENDAR_WORDS),
    "csl_type": (TYPES, CSL_TYPES),
}
