"""Titles of the worklists, and labels of the reasons why a person is on one."""

from collections.abc import Mapping
from typing import Final

from flask_babel import lazy_gettext

from biobank.editorial.worklists.members import WorklistReason
from biobank.search import labels
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_edtf_date, native_language_name

#: The lists in page order, grouped by subject.
LIST_GROUPS: Final = (
    (lazy_gettext("Texts"), ("missing-az", "missing-en", "missing-ru", "stale-az", "stale-en", "stale-ru")),
    (
        lazy_gettext("Sources and dates"),
        ("unsourced-facts", "unsourced-biographies", "uncertain-dates", "unchecked"),
    ),
    (lazy_gettext("Relationships and pictures"), ("dead-ends", "without-portrait", "without-identifier")),
)
LIST_TITLES: Final[Mapping[str, str]] = {
    "missing-az": lazy_gettext("No text in Azerbaijani"),
    "missing-en": lazy_gettext("No text in English"),
    "missing-ru": lazy_gettext("No text in Russian"),
    "stale-az": lazy_gettext("Azerbaijani text out of date"),
    "stale-en": lazy_gettext("English text out of date"),
    "stale-ru": lazy_gettext("Russian text out of date"),
    "unsourced-facts": lazy_gettext("Facts without a source"),
    "unsourced-biographies": lazy_gettext("Texts without a citation"),
    "uncertain-dates": lazy_gettext("Uncertain dates"),
    "unchecked": lazy_gettext("Not verified recently"),
    "dead-ends": lazy_gettext("No related people"),
    "without-portrait": lazy_gettext("No portrait"),
    "without-identifier": lazy_gettext("No identifiers in other catalogues"),
}


def list_title(list_id: str) -> str:
    return str(LIST_TITLES[list_id])


def reason_label(list_id: str, reason: WorklistReason, lang: str) -> str:
    """Return the label of one reason in the language `lang`."""
    if list_id == "unchecked":
        return format_edtf_date(reason.date, lang) or _("never")
    if list_id == "unsourced-biographies":
        return native_language_name(reason.code)
    if list_id.startswith("stale-"):
        return _("newer: %(language)s", language=native_language_name(reason.code))
    kind = labels.GAP_LABELS["unsourced"][reason.code].translate(lang)
    return f"{kind}: {format_edtf_date(reason.date, lang)}" if reason.date else kind
