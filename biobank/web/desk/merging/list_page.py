"""The page of all merges, newest first, each with a link to undo it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from biobank.access import identity
from biobank.editorial.merging.finding import names_of_all
from biobank.editorial.merging.listing import PAGE, merges
from biobank.editorial.merging.models import Merge
from biobank.errors import NotFound
from biobank.extensions import services
from biobank.records.people.mapping import preferred_name
from biobank.web.desk.page import render_desk
from biobank.web.desk.review.record import desk_url
from biobank.web.paging import make_paging
from biobank.web.text import _
from biobank.web.words import day_words


@dataclass(frozen=True)
class Done:
    """A merge in the list.

    `undone` is the day it was undone, `affected_count` the number of other changed records.
    """

    id: int
    kept: str
    kept_id: str
    kept_url: str
    gone: str
    gone_id: str
    gone_url: str
    by: str
    day: str
    day_on: str
    text: str
    undone: str
    undone_by: str
    others: int
    undo_url: str


def merges_page(page: int) -> ResponseReturnValue:
    """Render a page of the list of merges.

    Raises:
        NotFound: if the list has no such page.
    """
    rows, total = merges(services.database, identity(), page)
    if not rows and page > 1:
        raise NotFound(_("There is no such page in the list."))
    paging = make_paging(
        page, PAGE, total, lambda number: url_for("web.desk_merges", lang=g.lang, page=number)
    )
    told = rows_of(rows, g.lang)
    done = [it for it in told if str(it.id) == request.args.get("done")]
    return render_desk("merging/merges.html", _("Merges"), rows=told, paging=paging, done=done)


def rows_of(rows: Sequence[Merge], lang: str) -> list[Done]:
    with services.database.read() as session:
        names = names_of_all(session, [id_ for row in rows for id_ in (row.kept_id, row.gone_id)])
    called = {id_: preferred_name({"names": its}, lang) for id_, its in names.items()}
    return [_done(row, called, lang) for row in rows]


def _done(row: Merge, called: Mapping[str, str], lang: str) -> Done:
    others = {person_id for person_id, *_numbers in row.rewritten} - {row.kept_id}
    return Done(
        id=row.id,
        kept=called.get(row.kept_id, row.kept_id),
        kept_id=row.kept_id,
        kept_url=desk_url(row.kept_id, lang),
        gone=called.get(row.gone_id, row.gone_id),
        gone_id=row.gone_id,
        gone_url=desk_url(row.gone_id, lang),
        by=row.by,
        day=day_words(row.at, lang),
        day_on=_on(row.at),
        text=row.text,
        undone=day_words(row.undone_at, lang) if row.undone_at else "",
        undone_by=row.undone_by,
        others=len(others),
        undo_url=url_for("web.desk_merge_undo", lang=lang, merge_id=row.id),
    )


def _on(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d}"
