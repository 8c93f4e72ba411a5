"""Autocomplete choices as JSON: id, label and a note."""

from flask_babel import lazy_gettext

from biobank.access import identity
from biobank.editorial.choices import KINDS, TYPED_MOST
from biobank.editorial.reference_choices import Choice
from biobank.errors import BadQuery
from biobank.extensions import services
from biobank.web.desk.tools.asked import asked
from biobank.web.words import ORGANISATION_KINDS

STATES = {"draft": lazy_gettext("draft"), "review": lazy_gettext("in review")}
PLACE_KINDS = {
    "city": lazy_gettext("city"),
    "town": lazy_gettext("town"),
    "village": lazy_gettext("village"),
    "settlement": lazy_gettext("settlement"),
    "region": lazy_gettext("region"),
    "country": lazy_gettext("country"),
}

Shown = dict[str, str]


def choices_asked_for(lang: str) -> list[Shown]:
    """Return the choices for the request, best match first."""
    kind = asked("kind", 20)
    if kind not in KINDS:
        raise BadQuery(f"kind takes one of {', '.join(KINDS)}.")
    found = services.choices.find(identity(), kind, asked("q", TYPED_MOST), lang)
    return [choice_shown(kind, one) for one in found]


def choice_shown(kind: str, choice: Choice) -> Shown:
    kinds = PLACE_KINDS if kind == "place" else ORGANISATION_KINDS
    of_kind = str(kinds.get(choice.kind, choice.kind))
    note = (state_words(choice.state), of_kind, *choice.about)
    return {
        "id": choice.id,
        "label": choice.label,
        "note": " · ".join(part for part in note if part),
    }


def state_words(state: str) -> str:
    """Return the label of an unpublished state; empty for a published record."""
    return str(STATES.get(state, ""))
