"""The home page of the desk, the review queue and the list of all records."""

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from biobank.access import identity
from biobank.accounts.policy import Action, allows_somewhere
from biobank.editorial import desk
from biobank.editorial.inbox.queue import waiting as inbox_waiting
from biobank.editorial.models import STATES
from biobank.errors import NotFound
from biobank.extensions import services
from biobank.web.desk.page import render_desk
from biobank.web.desk.review.rows import desk_rows
from biobank.web.desk.review.words import state_words
from biobank.web.desk.writing.page import copy_rows
from biobank.web.links import with_parameters
from biobank.web.paging import Paging, make_paging, page_of
from biobank.web.text import _

#: Rows per page.
SIZE = 25
#: Maximum length of the name filter, in characters.
WORDS_MOST = 100


def home_page() -> ResponseReturnValue:
    found = desk.waiting(services.database, identity())
    return render_desk(
        "review/home.html",
        _("Desk"),
        returned=desk_rows(found.returned, g.lang),
        drafts=desk_rows(found.drafts, g.lang),
        handed_in=desk_rows(found.handed_in, g.lang),
        published=desk_rows(found.published, g.lang),
        in_review=found.in_review,
        copies=copy_rows(),
        inbox=inbox_waiting(services.database, identity()),
        reviews_others=allows_somewhere(identity(), Action.PUBLISH_PEOPLE),
        triages=allows_somewhere(identity(), Action.TRIAGE),
        writes=allows_somewhere(identity(), Action.WRITE_PEOPLE),
    )


def reviews_page() -> ResponseReturnValue:
    page = page_of(request.args)
    rows, total = desk.reviews(services.database, identity(), page, SIZE)
    return render_desk(
        "review/reviews.html",
        _("In review"),
        rows=desk_rows(rows, g.lang),
        total=total,
        paging=_paging("desk_reviews", page, total),
    )


def people_page() -> ResponseReturnValue:
    page, state = page_of(request.args), request.args.get("state", "")
    words = request.args.get("q", "")[:WORDS_MOST].strip()
    state = state if state in STATES else ""
    run = _run_of_an_import()
    rows, total = desk.people(
        services.database, services.head_names, identity(), state, words, page, SIZE, run
    )
    return render_desk(
        "review/people.html",
        _("All records"),
        rows=desk_rows(rows, g.lang),
        total=total,
        words=words,
        words_most=WORDS_MOST,
        state=state,
        run=run,
        states=[(it, state_words(it)) for it in STATES],
        paging=_paging("desk_people", page, total, q=words, state=state, run=str(run or "")),
    )


def _run_of_an_import() -> int | None:
    """Return the import run whose records are listed, if the URL names one."""
    text = request.args.get("run", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _paging(endpoint: str, page: int, total: int, **kept: str) -> Paging:
    """Return the paging of a list.

    Raises:
        NotFound: beyond the last page.
    """
    if page > max(1, -(-total // SIZE)):
        raise NotFound(_("There is no such page in the list."))
    address = url_for(f"web.{endpoint}", lang=g.lang)
    arguments = [(name, value) for name, value in kept.items() if value]
    return make_paging(
        page,
        SIZE,
        total,
        lambda number: with_parameters(address, [*arguments, ("page", str(number))]),
    )
