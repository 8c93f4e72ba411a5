"""Autocomplete choices as JSON: id, label and a note."""

from flask_babel import lazy_gettext

from biobank.editorial.reference.autocomplete import AUTOCOMPLETE_KINDS, MAX_AUTOCOMPLETE_CHARS
from biobank.editorial.reference.catalogue_autocomplete import AutocompleteOption
from biobank.errors import BadQuery
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.web.core.labels import ORGANISATION_KIND_LABELS
from biobank.web.desk.tools.forms import query_arg

UNPUBLISHED_STATE_LABELS = {"draft": lazy_gettext("draft"), "review": lazy_gettext("in review")}
PLACE_KIND_LABELS = {
    "city": lazy_gettext("city"),
    "town": lazy_gettext("town"),
    "village": lazy_gettext("village"),
    "settlement": lazy_gettext("settlement"),
    "region": lazy_gettext("region"),
    "country": lazy_gettext("country"),
}

ChoicePayload = dict[str, str]


def requested_choices(lang: str) -> list[ChoicePayload]:
    """Return the choices for the request, best match first."""
    kind = query_arg("kind", 20)
    if kind not in AUTOCOMPLETE_KINDS:
        raise BadQuery(f"kind takes one of {', '.join(AUTOCOMPLETE_KINDS)}.")
    choices = services.autocomplete.find(
        identity(), kind, query_arg("q", MAX_AUTOCOMPLETE_CHARS), lang
    )
    return [choice_payload(kind, choice) for choice in choices]


def choice_payload(kind: str, choice: AutocompleteOption) -> ChoicePayload:
    kinds = PLACE_KIND_LABELS if kind == "place" else ORGANISATION_KIND_LABELS
    kind_label = str(kinds.get(choice.kind, choice.kind))
    note_parts = (unpublished_state_label(choice.state), kind_label, *choice.about)
    return {
        "id": choice.id,
        "label": choice.label,
        "note": " · ".join(part for part in note_parts if part),
    }


def unpublished_state_label(state: str) -> str:
    """Return the label of an unpublished state; empty for a published record."""
    return str(UNPUBLISHED_STATE_LABELS.get(state, ""))
