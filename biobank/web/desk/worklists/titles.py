"""Titles of the worklists, and labels of the reasons why a person is on one."""

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext

from biobank.editorial.worklists.listing import Why
from biobank.search import labels
from biobank.web.text import _
from biobank.web.words import date_words, own_name

#: The lists in page order, grouped by subject.
GROUPS: Final = (
    (
        lazy_gettext("Texts"),
        ("missing-az", "missing-en", "missing-ru", "stale-az", "stale-en", "stale-ru"),
    ),
    (
        lazy_gettext("Sources and dates"),
        ("unsourced-facts", "unsourced-biographies", "uncertain-dates", "unchecked"),
    ),
    (
        lazy_gettext("Ties and pictures"),
        ("dead-ends", "without-portrait", "without-identifier"),
    ),
)
TITLES: Final[Mapping[str, str]] = {
    "missing-az": lazy_gettext("No text in Azerbaijani"),
    "missing-en": lazy_gettext("No text in English"),
    "missing-ru": lazy_gettext("No text in Russian"),
    "stale-az": lazy_gettext("Azerbaijani text out of date"),
    "stale-en": lazy_gettext("English text out of date"),
    "stale-ru": lazy_gettext("Russian text out of date"),
    "unsourced-facts": lazy_gettext("Facts without a source"),
    "unsourced-biographies": lazy_gettext("Texts without a citation"),
    "uncertain-dates": lazy_gettext("Uncertain dates"),
    "unchecked": lazy_gettext("Long not compared with the sources"),
    "dead-ends": lazy_gettext("Tied to nobody"),
    "without-portrait": lazy_gettext("No portrait"),
    "without-identifier": lazy_gettext("In no other catalogue"),
}


def title_of(list_id: str) -> str:
    return str(TITLES[list_id])


def why_words(list_id: str, why: Why, lang: str) -> str:
    """Return the label of one reason in the language `lang`."""
    if list_id == "unchecked":
        return date_words(why.date, lang) or _("never")
    if list_id == "unsourced-biographies":
        return own_name(why.what)
    if list_id.startswith("stale-"):
        return _("newer: %(language)s", language=own_name(why.what))
    kind = labels.GAPS["unsourced"][why.what][lang]
    return f"{kind}: {date_words(why.date, lang)}" if why.date else kind
