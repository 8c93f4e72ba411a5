"""Links from the occurrences of redacted words to the desk pages that show them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import url_for

from biobank.editorial.redaction.occurrences_person import Occurrence

UrlArguments = Mapping[str, Any]


def occurrence_url(occurrence: Occurrence, lang: str) -> str:
    """Return the URL of the page that shows an occurrence; empty if there is none."""
    if occurrence.kind not in OCCURRENCE_PAGES:
        return ""
    endpoint, arguments = OCCURRENCE_PAGES[occurrence.kind]
    return url_for(f"web.{endpoint}", lang=lang, **arguments(occurrence))


def _reference_link(entity_type: str) -> tuple[str, Callable[[Occurrence], UrlArguments]]:
    return "desk_reference_entry", lambda occurrence: {"room": entity_type, "key": occurrence.id}


def _person_args(occurrence: Occurrence) -> UrlArguments:
    return {"person_id": occurrence.label.partition(",")[0]}


def _no_args(_occurrence: Occurrence) -> UrlArguments:
    return {}


def _import_run_args(occurrence: Occurrence) -> UrlArguments:
    return {"run_id": occurrence.id}


OCCURRENCE_PAGES: Final[Mapping[str, tuple[str, Callable[[Occurrence], UrlArguments]]]] = {
    "other": ("desk_person", _person_args),
    "term": _reference_link("terms"),
    "place": _reference_link("places"),
    "organisation": _reference_link("organisations"),
    "source": _reference_link("sources"),
    "picture": ("desk_picture", lambda occurrence: {"picture_id": occurrence.id}),
    "audit": ("account_events", _no_args),
    "import_name": ("desk_import", _import_run_args),
    "import_unread": ("desk_import", _import_run_args),
    "import_file": ("desk_import", _import_run_args),
    "unread": ("desk_people", _no_args),
}
