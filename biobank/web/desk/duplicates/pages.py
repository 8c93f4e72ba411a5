"""The page of duplicate candidates of the whole bank, with both records side by side."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from biobank.accounts.policy import Action, is_allowed
from biobank.common.i18n import best_with_language
from biobank.editorial.duplicates.candidates import DuplicateCandidate, DuplicateReason
from biobank.editorial.duplicates.not_duplicates import recent_distinct_pairs
from biobank.editorial.duplicates.scan import DuplicatePair
from biobank.editorial.revisions.latest_revisions import LatestRevision, get_latest_revisions
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.names.explain import explain_match
from biobank.records.catalogue import Catalogue
from biobank.records.people.mapping import preferred_name
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_day, format_edtf_date
from biobank.web.core.name_forms import NameForm, find_name_form
from biobank.web.core.pagination import Pagination, make_pagination, page_number
from biobank.web.core.urls import person_url
from biobank.web.desk.forms.references import unpublished_state_label
from biobank.web.desk.layout import render_desk

PAIRS_PER_PAGE = 20
#: Maximum number of other names of a record, and of listed distinct pairs.
MAX_OTHER_NAMES, MAX_DISTINCT_ROWS = 6, 30


@dataclass(frozen=True)
class DuplicateSide:
    """One record of a pair."""

    id: str
    url: str
    name: NameForm
    other_names: tuple[NameForm, ...]
    state: str
    born: str
    died: str
    professions: tuple[str, ...]
    headline: str
    headline_lang: str


@dataclass(frozen=True)
class DuplicatePairRow:
    """Two records with the reasons; URLs of actions that the user may not perform are empty."""

    first: DuplicateSide
    second: DuplicateSide
    reasons: tuple[str, ...]
    merge_url: str


@dataclass(frozen=True)
class DistinctPairRow:
    """Two records that were marked as distinct."""

    first: str
    first_id: str
    second: str
    second_id: str
    marked_by: str
    day: str


def duplicates_page() -> ResponseReturnValue:
    """Render a page of undecided pairs and the recently marked distinct pairs."""
    lang, page = g.lang, page_number(request.args)
    undecided = services.duplicate_scans.undecided_pairs(identity())
    pairs = undecided or []
    visible = pairs[(page - 1) * PAIRS_PER_PAGE : page * PAIRS_PER_PAGE]
    with services.database.read() as session:
        distinct_pairs = recent_distinct_pairs(session, MAX_DISTINCT_ROWS)
        ids = [id_ for pair in visible for id_ in pair.ids]
        ids += [id_ for row in distinct_pairs for id_ in (row.first_id, row.second_id)]
        latest_by_id = get_latest_revisions(session, ids)
    catalogue = services.catalogue()
    rows = [row for pair in visible if (row := _row(pair, latest_by_id, catalogue, lang))]
    distinct_rows = [
        DistinctPairRow(
            _preferred_name(latest_by_id, row.first_id, lang),
            row.first_id,
            _preferred_name(latest_by_id, row.second_id, lang),
            row.second_id,
            row.said_by,
            format_day(row.at, lang),
        )
        for row in distinct_pairs
    ]
    return render_desk(
        "duplicates/duplicates.html",
        _("Duplicates"),
        rows=rows,
        total=len(pairs),
        scanning=undecided is None,
        paging=_paging(page, len(pairs)),
        distinct_pairs=distinct_rows,
        merges=is_allowed(identity(), Action.MERGE_PEOPLE),
    )


def _paging(page: int, total: int) -> Pagination:
    return make_pagination(
        page,
        PAIRS_PER_PAGE,
        total,
        lambda target_page: url_for("desk.duplicates", lang=g.lang, page=target_page),
    )


def _row(
    pair: DuplicatePair, latest_by_id: Mapping[str, LatestRevision], catalogue: Catalogue, lang: str
) -> DuplicatePairRow | None:
    """Return the row of a pair; None if a record was withdrawn or merged since the scan."""
    if pair.first not in latest_by_id or pair.second not in latest_by_id:
        return None
    # The public record is proposed as the survivor of a merge.
    survivor, duplicate = sorted(
        (latest_by_id[pair.first], latest_by_id[pair.second]), key=lambda latest: not latest.public
    )
    may_merge = is_allowed(identity(), Action.MERGE_PEOPLE)
    return DuplicatePairRow(
        first=_side(survivor, catalogue, lang),
        second=_side(duplicate, catalogue, lang),
        reasons=tuple(reason_labels(pair.candidate, catalogue, lang)),
        merge_url=_merge_url(survivor.person_id, duplicate.person_id) if may_merge else "",
    )


def _merge_url(survivor_id: str, duplicate_id: str) -> str:
    return url_for("desk.merge", lang=g.lang, kept=survivor_id, gone=duplicate_id)


def _side(latest: LatestRevision, catalogue: Catalogue, lang: str) -> DuplicateSide:
    record = latest.record
    name = preferred_name(record, lang)
    other_names = [
        find_name_form([entry], entry["text"], lang) for entry in record["names"] if entry["text"] != name
    ]
    headline, headline_lang = best_with_language(record.get("headline"), lang)
    return DuplicateSide(
        id=latest.person_id,
        url=record_url(latest, lang),
        name=find_name_form(record["names"], name, lang),
        other_names=tuple(other_names[:MAX_OTHER_NAMES]),
        state=unpublished_state_label("" if latest.public else latest.state),
        born=_event_label(latest, "birth", catalogue, lang),
        died=_event_label(latest, "death", catalogue, lang),
        professions=catalogue.main_professions(record.get("professions", ()), lang, record.get("gender", "")),
        headline=headline,
        headline_lang=headline_lang,
    )


def _event_label(latest: LatestRevision, role: str, catalogue: Catalogue, lang: str) -> str:
    event = latest.record.get(role) or {}
    place = catalogue.place_name(event["place"], lang) if event.get("place") else ""
    return ", ".join(text for text in (format_edtf_date(event.get("date"), lang), place) if text)


def _preferred_name(latest_by_id: Mapping[str, LatestRevision], person_id: str, lang: str) -> str:
    latest = latest_by_id.get(person_id)
    return preferred_name(latest.record, lang) if latest else person_id


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
