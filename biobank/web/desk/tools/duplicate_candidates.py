"""Duplicate candidates of the person being written, as JSON."""

from typing import Any

from flask import url_for

from biobank.editorial.duplicates.candidates import MAX_QUERIED_NAMES
from biobank.editorial.duplicates.not_duplicates import MAX_MARKED_AT_ONCE
from biobank.editorial.duplicates.scoring import (
    ComparableRecord,
    DuplicateCandidate,
    DuplicateReason,
    to_comparable,
)
from biobank.editorial.reference.autocomplete import choice_for_person
from biobank.editorial.revisions.latest_revisions import LatestRevision
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.names.explain import explain_match
from biobank.records.catalogue import Catalogue
from biobank.records.date_parser.parser import MAX_TYPED_DATE_CHARS, parse_typed_date
from biobank.records.edtf import DateError
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_edtf_date
from biobank.web.core.urls import person_url
from biobank.web.desk.tools.autocomplete import choice_payload
from biobank.web.desk.tools.forms import query_arg, query_args

MAX_TYPED_NAME_CHARS, MAX_PERSON_ID_CHARS = 200, 120


def requested_candidates(lang: str) -> list[dict[str, Any]]:
    """Return the candidates for the submitted form, best match first, with reasons."""
    candidates = services.duplicates.find_candidates(
        identity(),
        _typed_person(),
        excluding=query_args("distinct", MAX_MARKED_AT_ONCE, MAX_PERSON_ID_CHARS),
    )
    catalogue = services.catalogue() if candidates else Catalogue()
    return [
        _candidate_payload(candidate, latest, catalogue, lang) for candidate, latest in candidates
    ]


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
    return url_for("web.desk_person", lang=lang, person_id=latest.person_id)


def reason_labels(candidate: DuplicateCandidate, catalogue: Catalogue, lang: str) -> list[str]:
    """Return the reasons why two records may be the same person, the name first."""
    name_reasons = [explain_match(candidate.match, lang)] if candidate.match else []
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
