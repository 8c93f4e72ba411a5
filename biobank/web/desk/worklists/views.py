"""Routes of worklists, of the people on them and of saved searches."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from biobank.accounts.policy import Action
from biobank.editorial.worklists import saved_searches
from biobank.editorial.worklists.members import get_worklist
from biobank.errors import FieldError
from biobank.http.auth import identity, requires
from biobank.http.extensions import services
from biobank.http.streaming import text_file_response
from biobank.web.core.forms import parse_row_id, read_line
from biobank.web.core.gettext import _
from biobank.web.core.pagination import page_number
from biobank.web.desk import blueprint
from biobank.web.desk.layout import render_desk
from biobank.web.desk.worklists.forms import prefilled_question, save_search
from biobank.web.desk.worklists.labels import list_title
from biobank.web.desk.worklists.pages import build_list_page, build_overview, list_as_csv, today

CSV_MEDIA_TYPE = "text/csv; charset=utf-8"


@blueprint.get("/worklists")
@requires(Action.SEE_DESK)
def worklists(lang: str) -> ResponseReturnValue:
    return _render_overview([])


@blueprint.post("/worklists")
@requires(Action.SEE_DESK)
def worklists_post(lang: str) -> ResponseReturnValue:
    """Save a search, or remove the one whose id was sent."""
    if search_id := read_line("remove"):
        saved_searches.remove_search(services.database, identity(), parse_row_id(search_id))
    elif errors := save_search(lang):
        return _render_overview(errors)
    return redirect(url_for("desk.worklists", lang=lang, _anchor="searches"), 303)


@blueprint.get("/worklists/<list_id>")
@requires(Action.SEE_DESK)
def worklist(lang: str, list_id: str) -> ResponseReturnValue:
    page = build_list_page(list_id, page_number(request.args))
    return render_desk("worklists/list.html", list_title(list_id), page=page)


@blueprint.get("/worklists/<list_id>.csv")
@requires(Action.SEE_DESK)
def worklist_file(lang: str, list_id: str) -> ResponseReturnValue:
    name = f"biobank-{get_worklist(list_id).id}-{today()}.csv"
    return text_file_response(list_as_csv(list_id), name, CSV_MEDIA_TYPE)


def _render_overview(errors: list[FieldError]) -> ResponseReturnValue:
    form_values = request.form if errors else {"question": prefilled_question()}
    return render_desk(
        "worklists/lists.html", _("Worklists"), errors, page=build_overview(), typed=form_values
    )
