"""JSON of the form scripts: autocomplete, duplicates, previews of dates and biographies."""

from typing import Any

from flask import request, url_for
from flask_babel import lazy_gettext
from werkzeug.exceptions import BadRequest

from biobank.common.i18n import is_language
from biobank.common.text import CONTROL_CHARS
from biobank.editorial.duplicates.candidates import (
    MAX_QUERIED_NAMES,
    ComparableRecord,
    DuplicateCandidate,
    DuplicateReason,
    to_comparable,
)
from biobank.editorial.duplicates.not_duplicates import MAX_MARKED_PEOPLE
from biobank.editorial.reference.autocomplete import (
    AUTOCOMPLETE_KINDS,
    MAX_AUTOCOMPLETE_CHARS,
    AutocompleteOption,
    choice_for_person,
)
from biobank.editorial.revisions.latest_revisions import LatestRevision
from biobank.errors import BadQuery
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.names.explain import explain_match
from biobank.records.catalogue import Catalogue
from biobank.records.date_formatting import format_edtf, format_uncertain_years
from biobank.records.date_parser.parser import MAX_TYPED_DATE_CHARS, parse_typed_date
from biobank.records.edtf import DateError
from biobank.records.fields import ID_PATTERN, MAX_BIOGRAPHY_CHARS
from biobank.records.people.citations import cited_in_text
from biobank.records.sources import queries
from biobank.web.core.biography import make_biography
from biobank.web.core.footnotes import Footnotes
from biobank.web.core.forms import query_arg, query_args
from biobank.web.core.gettext import _
from biobank.web.core.labels import ORGANISATION_KIND_LABELS, format_edtf_date
from biobank.web.core.urls import person_url

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
    choices = services.autocomplete.find(identity(), kind, query_arg("q", MAX_AUTOCOMPLETE_CHARS), lang)
    return [choice_payload(kind, choice) for choice in choices]


def choice_payload(kind: str, choice: AutocompleteOption) -> ChoicePayload:
    kinds = PLACE_KIND_LABELS if kind == "place" else ORGANISATION_KIND_LABELS
    kind_label = str(kinds.get(choice.kind, choice.kind))
    note_parts = (unpublished_state_label(choice.state), kind_label, *choice.about)
    return {"id": choice.id, "label": choice.label, "note": " · ".join(part for part in note_parts if part)}


def unpublished_state_label(state: str) -> str:
    """Return the label of an unpublished state; empty for a published record."""
    return str(UNPUBLISHED_STATE_LABELS.get(state, ""))


MAX_TYPED_NAME_CHARS, MAX_PERSON_ID_CHARS = 200, 120


def requested_candidates(lang: str) -> list[dict[str, Any]]:
    """Return the candidates for the submitted form, best match first, with reasons."""
    candidates = services.duplicates.find_candidates(
        identity(), _typed_person(), excluding=query_args("distinct", MAX_MARKED_PEOPLE, MAX_PERSON_ID_CHARS)
    )
    catalogue = services.catalogue() if candidates else Catalogue()
    return [_candidate_payload(candidate, latest, catalogue, lang) for candidate, latest in candidates]


def _typed_person() -> ComparableRecord:
    names = query_args("name", MAX_QUERIED_NAMES, MAX_TYPED_NAME_CHARS)
    record = {
        "names": [{"text": name} for name in names],
        "birth": {"date": _typed_date("born")},
        "death": {"date": _typed_date("died")},
        "gender": query_arg("gender", 10) or None,
    }
    return to_comparable(record, query_arg("id", MAX_PERSON_ID_CHARS))


def _typed_date(name: str) -> str | None:
    """Return a typed date as EDTF; None if it cannot be parsed."""
    try:
        return parse_typed_date(query_arg(name, MAX_TYPED_DATE_CHARS))
    except DateError:
        return None


def _candidate_payload(
    candidate: DuplicateCandidate, latest: LatestRevision, catalogue: Catalogue, lang: str
) -> dict[str, Any]:
    return {
        **choice_payload("person", choice_for_person(latest, lang)),
        "reasons": reason_labels(candidate, catalogue, lang),
        "url": record_url(latest, lang),
    }


def record_url(latest: LatestRevision, lang: str) -> str:
    """Return the URL of a record: the public page, or the desk page if it is not public."""
    if latest.public:
        return person_url(latest.person_id, lang)
    return url_for("desk.person", lang=lang, person_id=latest.person_id)


def reason_labels(candidate: DuplicateCandidate, catalogue: Catalogue, lang: str) -> list[str]:
    """Return the reasons why two records may be the same person, the name first."""
    name_reasons = [explain_match(candidate.match).text(lang)] if candidate.match else []
    return name_reasons + [_reason_label(reason, catalogue, lang) for reason in candidate.reasons]


def _reason_label(reason: DuplicateReason, catalogue: Catalogue, lang: str) -> str:
    value = reason.value
    if reason.kind == "place":
        return _("born in the same place: %(place)s", place=catalogue.place_name(value, lang))
    if reason.kind == "profession":
        label = catalogue.term_label("profession", value, lang)
        return _("same profession: %(profession)s", profession=label)
    date = format_edtf_date(value, lang)
    return {
        "identifier": _("same identifier: %(identifier)s", identifier=value),
        "birth_day": _("born on the same day: %(date)s", date=date),
        "birth": _("born in the same year: %(date)s", date=date),
        "birth_perhaps": _("possibly born in the same year: %(date)s", date=date),
        "death_day": _("died on the same day: %(date)s", date=date),
        "death": _("died in the same year: %(date)s", date=date),
        "death_perhaps": _("possibly died in the same year: %(date)s", date=date),
    }[reason.kind]


#: Maximum number of sources of a form, and length of each in characters.
MAX_FORM_SOURCES, MAX_FORM_SOURCE_CHARS = 200, 500


def preview_payload(lang: str) -> dict[str, Any]:
    """Return safe `html`, the numbered `sources`, and cited ids that are `unknown`.

    Raises:
        BadRequest: if the text is too long or contains control characters.
    """
    text = request.form.get("text", "").replace("\r\n", "\n")
    if len(text) > MAX_BIOGRAPHY_CHARS or CONTROL_CHARS.search(text):
        raise BadRequest(
            f"The text is longer than {MAX_BIOGRAPHY_CHARS} characters or holds a control character."
        )
    text_lang = request.form.get("lang", "")
    text_lang = text_lang if is_language(text_lang) else lang
    cited = list(dict.fromkeys(cited_in_text({"biography": {text_lang: text}})))
    with services.database.read() as session:
        titles = queries.load_titles(session, cited)
    titles = {id_: id_ for id_ in _form_source_ids() if id_ in cited} | titles
    footnotes = Footnotes(frozenset(titles))
    biography = make_biography({text_lang: text}, text_lang, footnotes)
    return {
        "html": biography.html if biography else "",
        "sources": [
            {"number": number, "id": id_, "title": titles[id_]}
            for number, id_ in enumerate(footnotes.marks_by_source, start=1)
        ],
        "unknown": [id_ for id_ in cited if id_ not in titles],
    }


def _form_source_ids() -> list[str]:
    """Return the source ids of the same form, written as `Title (id)` or as the id alone."""
    values = (value[:MAX_FORM_SOURCE_CHARS] for value in request.form.getlist("sources")[:MAX_FORM_SOURCES])
    ids = (value.rpartition("(")[2].removesuffix(")").strip() for value in values)
    return [id_ for id_ in ids if ID_PATTERN.fullmatch(id_)]


def date_payload(text: str, lang: str) -> dict[str, str]:
    """Return `edtf`, `reading` and `band`, or the `problem`; all are empty for empty input."""
    if not text.strip():
        return {"edtf": "", "reading": "", "band": ""}
    try:
        edtf = parse_typed_date(text)
        return {"edtf": edtf, "reading": format_edtf(edtf, lang), "band": format_uncertain_years(edtf, lang)}
    except DateError as error:
        return {"problem": date_error_text(error)}


def date_error_text(error: DateError) -> str:
    """Return the message of a date error in the page language."""
    messages = {
        "date_no_such_month": _("Invalid month. Enter the year first, for example 1885-09."),
        "date_no_such_day": _("This day does not exist in the calendar. Leave out the day if it is unknown."),
        "date_reversed": _("The end is before the start. Swap the two values."),
        "date_says_nothing": _("Both ends of the range are open. Enter at least one of them."),
        "date_too_long": _(
            "The date is too long. Enter up to %(most)s characters.", most=MAX_TYPED_DATE_CHARS
        ),
        "date_two_ways": _("This date is ambiguous. Enter the year, month and day, for example 1885-09-18."),
    }
    default = _(
        "Enter a valid date, for example 1885, 18 September 1885, c. 1141, 19th century or "
        "between 1483 and 1494."
    )
    return messages.get(error.code, default)
