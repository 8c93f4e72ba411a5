"""JSON for the scripts of forms, which also work without: autocomplete, duplicates, previews."""

from typing import Any

from flask import jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from biobank.accounts.policy import Action
from biobank.common.i18n import is_language
from biobank.common.text import CONTROL_CHARS
from biobank.editorial.duplicates.candidates import (
    MAX_QUERIED_NAMES,
    ComparableRecord,
    DuplicateCandidate,
    to_comparable,
)
from biobank.editorial.duplicates.not_duplicates import MAX_MARKED_PEOPLE
from biobank.editorial.reference.autocomplete import (
    AUTOCOMPLETE_KINDS,
    MAX_AUTOCOMPLETE_CHARS,
    choice_for_person,
)
from biobank.editorial.revisions.latest_revisions import LatestRevision
from biobank.errors import BadQuery
from biobank.http.auth import identity, requires
from biobank.http.extensions import services
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
from biobank.web.desk import blueprint
from biobank.web.desk.duplicates.pages import reason_labels, record_url
from biobank.web.desk.forms.references import choice_payload


@blueprint.get("/values.json")
@requires(Action.SEE_DESK)
def values(lang: str) -> ResponseReturnValue:
    """Return the autocomplete choices, best match first."""
    kind = query_arg("kind", 20)
    if kind not in AUTOCOMPLETE_KINDS:
        raise BadQuery(f"kind takes one of {', '.join(AUTOCOMPLETE_KINDS)}.")
    choices = services.autocomplete.find(identity(), kind, query_arg("q", MAX_AUTOCOMPLETE_CHARS), lang)
    return jsonify(choices=[choice_payload(kind, choice) for choice in choices])


MAX_TYPED_NAME_CHARS, MAX_PERSON_ID_CHARS = 200, 120


@blueprint.get("/duplicates.json")
@requires(Action.SEE_DESK)
def duplicate_candidates(lang: str) -> ResponseReturnValue:
    """Return the candidates for the submitted form, best match first, with reasons."""
    candidates = services.duplicates.find_candidates(
        identity(), _typed_person(), excluding=query_args("distinct", MAX_MARKED_PEOPLE, MAX_PERSON_ID_CHARS)
    )
    catalogue = services.catalogue() if candidates else Catalogue()
    return jsonify(
        suspects=[_candidate_payload(candidate, latest, catalogue, lang) for candidate, latest in candidates]
    )


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


#: Maximum number of sources of a form, and length of each in characters.
MAX_FORM_SOURCES, MAX_FORM_SOURCE_CHARS = 200, 500


@blueprint.post("/preview.json")
@requires(Action.SEE_DESK)
def preview_post(lang: str) -> ResponseReturnValue:
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
    return jsonify(
        {
            "html": biography.html if biography else "",
            "sources": [
                {"number": number, "id": id_, "title": titles[id_]}
                for number, id_ in enumerate(footnotes.marks_by_source, start=1)
            ],
            "unknown": [id_ for id_ in cited if id_ not in titles],
        }
    )


def _form_source_ids() -> list[str]:
    """Return the source ids of the same form, written as `Title (id)` or as the id alone."""
    texts = (text[:MAX_FORM_SOURCE_CHARS] for text in request.form.getlist("sources")[:MAX_FORM_SOURCES])
    ids = (text.rpartition("(")[2].removesuffix(")").strip() for text in texts)
    return [id_ for id_ in ids if ID_PATTERN.fullmatch(id_)]


@blueprint.get("/date.json")
@requires(Action.SEE_DESK)
def date(lang: str) -> ResponseReturnValue:
    # One character beyond the limit, so that a longer text is reported and not cut.
    return jsonify(date_payload(query_arg("text", MAX_TYPED_DATE_CHARS + 1), lang))


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
