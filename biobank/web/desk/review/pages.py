"""The home page of the desk, the review queue and the list of records, with their rows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from biobank.accounts.policy import Action, is_allowed, is_allowed_in_any_state
from biobank.common.clock import as_utc
from biobank.editorial.inbox.queue import count_waiting as waiting_messages
from biobank.editorial.models import REVISION_STATES
from biobank.editorial.review import desk_queries
from biobank.editorial.review.desk_queries import DeskRecord
from biobank.editorial.review.four_eyes import ownership
from biobank.editorial.revisions.record_diff import RecordChange, summarize_changes
from biobank.errors import NotFound
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.records.people.mapping import preferred_name
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_timestamp
from biobank.web.core.name_forms import NameForm, find_name_form
from biobank.web.core.pagination import Pagination, make_pagination, page_number
from biobank.web.core.record_labels import changed_field_label, sort_fields
from biobank.web.core.urls import with_query
from biobank.web.desk.layout import render_desk
from biobank.web.desk.review.labels import message_label, note_label, state_label
from biobank.web.desk.writing.pages import copy_rows


@dataclass(frozen=True)
class DeskRowView:
    """A record in a list; `may_publish` is only set for records in review."""

    name: NameForm
    url: str
    number: int
    states: tuple[str, ...]
    by: str
    at: str
    at_iso: str
    is_new: bool
    changed_fields: tuple[str, ...]
    message: str
    note: str
    note_by: str
    note_text: str
    may_publish: bool


def desk_rows(rows: Sequence[DeskRecord], lang: str) -> tuple[DeskRowView, ...]:
    return tuple(_row(row, lang) for row in rows)


def record_name(record: Mapping[str, Any], person_id: str, lang: str) -> NameForm:
    """Return the display name of a record, or its id if the names were redacted."""
    if not record.get("names"):
        return NameForm(person_id, "", "ltr", "")
    return find_name_form(record["names"], preferred_name(record, lang), lang)


def changed_field_labels(changes: Sequence[RecordChange], lang: str) -> tuple[str, ...]:
    """Return the labels of the changed fields in record order, such as "Biography (English)"."""
    by_field = {change.field: change for change in summarize_changes(changes) if change.field != "id"}
    return tuple(changed_field_label(by_field[field], lang) for field in sort_fields(by_field))


def state_labels(row: DeskRecord) -> tuple[str, ...]:
    """Return the state of the latest revision, and "withdrawn" if the person is withdrawn."""
    states = [row.revision.state]
    if row.person.withdrawn_at and row.revision.state != "withdrawn":
        states.append("withdrawn")
    return tuple(map(state_label, states))


def _row(row: DeskRecord, lang: str) -> DeskRowView:
    latest, note, actor = row.revision, row.note, identity()
    timestamp = latest.published_at or latest.at if latest.state == "published" else latest.at
    return DeskRowView(
        name=record_name(latest.record, latest.person_id, lang),
        url=url_for("desk.person", lang=lang, person_id=latest.person_id),
        number=latest.number,
        states=state_labels(row),
        by=latest.author,
        at=format_timestamp(timestamp),
        at_iso=as_utc(timestamp).isoformat(),
        is_new=row.is_new,
        changed_fields=() if row.is_new else changed_field_labels(row.changes, lang),
        message=message_label(latest.message),
        note=note_label(note.kind) if note else "",
        note_by=note.author if note else "",
        note_text=note.text if note else "",
        may_publish=latest.state == "review"
        and is_allowed(actor, Action.PUBLISH_PEOPLE, ownership(latest, actor)),
    )


#: Rows per page.
RECORDS_PER_PAGE = 25
#: Maximum length of the name filter, in characters.
MAX_NAME_FILTER_CHARS = 100


def home_page() -> ResponseReturnValue:
    waiting = desk_queries.desk_overview(services.database, identity())
    return render_desk(
        "review/home.html",
        _("Editors’ desk"),
        returned=desk_rows(waiting.returned, g.lang),
        drafts=desk_rows(waiting.drafts, g.lang),
        submitted=desk_rows(waiting.submitted, g.lang),
        published=desk_rows(waiting.published, g.lang),
        in_review=waiting.in_review,
        copies=copy_rows(),
        inbox=waiting_messages(services.database, identity()),
        reviews_others=is_allowed_in_any_state(identity(), Action.PUBLISH_PEOPLE),
        triages=is_allowed_in_any_state(identity(), Action.TRIAGE),
        writes=is_allowed_in_any_state(identity(), Action.WRITE_PEOPLE),
    )


def reviews_page() -> ResponseReturnValue:
    page = page_number(request.args)
    rows, total = desk_queries.review_queue(services.database, identity(), page, RECORDS_PER_PAGE)
    return render_desk(
        "review/reviews.html",
        _("In review"),
        rows=desk_rows(rows, g.lang),
        paging=_paging("desk.reviews", page, total),
    )


def people_page() -> ResponseReturnValue:
    page, state = page_number(request.args), request.args.get("state", "")
    query = request.args.get("q", "")[:MAX_NAME_FILTER_CHARS].strip()
    state = state if state in REVISION_STATES else ""
    import_run_id = _requested_import_run()
    rows, total = desk_queries.list_people(
        services.database,
        services.name_index,
        identity(),
        state,
        query,
        page,
        RECORDS_PER_PAGE,
        import_run_id,
    )
    return render_desk(
        "review/people.html",
        _("All records"),
        rows=desk_rows(rows, g.lang),
        total=total,
        name_query=query,
        max_query_chars=MAX_NAME_FILTER_CHARS,
        state=state,
        run=import_run_id,
        states=[(option, state_label(option)) for option in REVISION_STATES],
        paging=_paging("desk.people", page, total, q=query, state=state, run=str(import_run_id or "")),
    )


def _requested_import_run() -> int | None:
    """Return the import run whose records are listed, if the URL names one."""
    text = request.args.get("run", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _paging(endpoint: str, page: int, total: int, **filters: str) -> Pagination:
    """Return the paging of a list.

    Raises:
        NotFound: beyond the last page.
    """
    if page > max(1, -(-total // RECORDS_PER_PAGE)):
        raise NotFound(_("This page of the list does not exist."))
    url = url_for(endpoint, lang=g.lang)
    arguments = [(name, value) for name, value in filters.items() if value]
    return make_pagination(
        page, RECORDS_PER_PAGE, total, lambda number: with_query(url, [*arguments, ("page", str(number))])
    )
