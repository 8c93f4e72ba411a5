"""Links from the occurrences of redacted words to the desk pages that show them."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import url_for

from biobank.editorial.word_places import Place

Arguments = Mapping[str, Any]


def place_url(place: Place, lang: str) -> str:
    """Return the URL of the page that shows an occurrence; empty if there is none."""
    if place.kind not in PAGES:
        return ""
    endpoint, arguments = PAGES[place.kind]
    return url_for(f"web.{endpoint}", lang=lang, **arguments(place))


def _entry(room: str) -> tuple[str, Callable[[Place], Arguments]]:
    return "desk_reference_entry", lambda it: {"room": room, "key": it.id}


def _person(place: Place) -> Arguments:
    return {"person_id": place.label.partition(",")[0]}


def _nothing(_place: Place) -> Arguments:
    return {}


def _run(place: Place) -> Arguments:
    return {"run_id": place.id}


PAGES: Final[Mapping[str, tuple[str, Callable[[Place], Arguments]]]] = {
    "revision": ("desk_person", _person),
    "other": ("desk_person", _person),
    "term": _entry("terms"),
    "place": _entry("places"),
    "organisation": _entry("organisations"),
    "registration": _entry("organisations"),
    "source": _entry("sources"),
    "picture": ("desk_picture", lambda it: {"picture_id": it.id}),
    "account": ("users", _nothing),
    "audit": ("account_events", _nothing),
    "import_name": ("desk_import", _run),
    "import_unread": ("desk_import", _run),
    "import_file": ("desk_import", _run),
    "unread": ("desk_people", _nothing),
}
