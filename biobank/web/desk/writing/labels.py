"""Options and suggested values of the writing form."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from flask_babel import lazy_gettext

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
from biobank.web.core.record_labels import MEDIA_TYPE_LABELS
from biobank.web.core.record_labels import NAME_KIND_DESCRIPTIONS as NAME_KIND_LABELS

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
#: Suggested languages and scripts of names, and licences.
NAME_LANGUAGES: Final = ("az", "en", "ru", "fa", "tr", "ar", "fr", "de", "ka", "uz", "tk", "ota")
SCRIPTS: Final = ("Latn", "Cyrl", "Arab")
OFFERED_LICENCES: Final = tuple(PICTURE_LICENCES)


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
        "licence": [(code, "") for code in OFFERED_LICENCES],
    }


_CHOICE_SETS: Final[Mapping[str, tuple[Sequence[str], Mapping[str, object]]]] = {
    "name_kind": (PERSON_NAME_KINDS, NAME_KIND_LABELS),
    "media_type": (MEDIA_TYPE_VALUES, MEDIA_TYPE_LABELS),
    "calendar": (CALENDAR_VALUES, CALENDAR_LABELS),
    "csl_type": (tuple(CSL_TYPE_LABELS), CSL_TYPE_LABELS),
}
