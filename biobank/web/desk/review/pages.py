"""The home page of the desk, the review queue and the list of all records."""

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from biobank.accounts.policy import Action, is_allowed_in_any_state
from biobank.editorial.inbox.queue import count_waiting as waiting_messages
from biobank.editorial.models import REVISION_STATES
from biobank.editorial.review import desk_queries
from biobank.errors import NotFound
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.web.core.gettext import _
from biobank.web.core.pagination import Pagination, make_pagination, page_number
from biobank.web.core.urls import with_query
from biobank.web.desk.layout import render_desk
from biobank.web.desk.review.labels import state_label
from biobank.web.desk.review.rows import desk_rows
from biobank.web.desk.writing.pages import copy_rows

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
        handed_in=desk_rows(waiting.submitted, g.lang),
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
        total=total,
        paging=_paging("desk_reviews", page, total),
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
        words=query,
        words_most=MAX_NAME_FILTER_CHARS,
        state=state,
        run=import_run_id,
        states=[(option, state_label(option)) for option in REVISION_STATES],
        paging=_paging(
            "desk_people", page, total, q=query, state=state, run=str(import_run_id or "")
        ),
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
    url = url_for(f"web.{endpoint}", lang=g.lang)
    arguments = [(name, value) for name, value in filters.items() if value]
    return make_pagination(
        page,
        RECORDS_PER_PAGE,
        total,
        lambda number: with_query(url, [*arguments, ("page", str(number))]),
    )
