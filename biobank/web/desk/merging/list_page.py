"""The page of all merges, newest first, each with a link to undo it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from biobank.editorial.merging.merge_log import MERGES_PAGE_SIZE, list_merges
from biobank.editorial.merging.models import Merge
from biobank.editorial.merging.record_search import names_by_person
from biobank.errors import NotFound
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.records.people.mapping import preferred_name
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_day
from biobank.web.core.pagination import make_pagination
from biobank.web.desk.layout import render_desk
from biobank.web.desk.review.record_page import desk_person_url


@dataclass(frozen=True)
class MergeSummary:
    """A merge in the list.

    `undone` is the day it was undone, `affected_count` the number of other changed records.
    """

    id: int
    survivor: str
    survivor_id: str
    survivor_url: str
    duplicate: str
    duplicate_id: str
    duplicate_url: str
    by: str
    day: str
    day_iso: str
    text: str
    undone: str
    undone_by: str
    affected_count: int
    undo_url: str


def merges_page(page: int) -> ResponseReturnValue:
    """Render a page of the list of merges.

    Raises:
        NotFound: if the list has no such page.
    """
    rows, total = list_merges(services.database, identity(), page)
    if not rows and page > 1:
        raise NotFound(_("This page of the list does not exist."))
    paging = make_pagination(
        page,
        MERGES_PAGE_SIZE,
        total,
        lambda number: url_for("web.desk_merges", lang=g.lang, page=number),
    )
    summaries = merge_summaries(rows, g.lang)
    completed = [summary for summary in summaries if str(summary.id) == request.args.get("done")]
    return render_desk(
        "merging/merges.html", _("Merges"), rows=summaries, paging=paging, done=completed
    )


def merge_summaries(rows: Sequence[Merge], lang: str) -> list[MergeSummary]:
    with services.database.read() as session:
        names = names_by_person(
            session, [id_ for row in rows for id_ in (row.kept_id, row.gone_id)]
        )
    preferred_names = {
        id_: preferred_name({"names": person_names}, lang) for id_, person_names in names.items()
    }
    return [_merge_summary(row, preferred_names, lang) for row in rows]


def _merge_summary(row: Merge, preferred_names: Mapping[str, str], lang: str) -> MergeSummary:
    affected_ids = {person_id for person_id, *_numbers in row.rewritten} - {row.kept_id}
    return MergeSummary(
        id=row.id,
        survivor=preferred_names.get(row.kept_id, row.kept_id),
        survivor_id=row.kept_id,
        survivor_url=desk_person_url(row.kept_id, lang),
        duplicate=preferred_names.get(row.gone_id, row.gone_id),
        duplicate_id=row.gone_id,
        duplicate_url=desk_person_url(row.gone_id, lang),
        by=row.by,
        day=format_day(row.at, lang),
        day_iso=_iso_date(row.at),
        text=row.text,
        undone=format_day(row.undone_at, lang) if row.undone_at else "",
        undone_by=row.undone_by,
        affected_count=len(affected_ids),
        undo_url=url_for("web.desk_merge_undo", lang=lang, merge_id=row.id),
    )


def _iso_date(timestamp: datetime) -> str:
    return f"{timestamp:%Y-%m-%d}"
