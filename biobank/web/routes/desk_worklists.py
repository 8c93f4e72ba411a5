"""Routes of worklists, of the people on them and of saved searches."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from biobank.access import identity, permits
from biobank.accounts.policy import Action
from biobank.downloads import text_file
from biobank.editorial.worklists import saved
from biobank.editorial.worklists.listing import list_called
from biobank.extensions import services
from biobank.web.account.forms import row_id, typed
from biobank.web.blueprint import LANG, blueprint
from biobank.web.desk.page import Mistake, render_desk
from biobank.web.desk.worklists.keeping import handed, keep
from biobank.web.desk.worklists.list_page import list_as_csv, make_list
from biobank.web.desk.worklists.overview import make_overview, today
from biobank.web.desk.worklists.titles import title_of
from biobank.web.paging import page_of
from biobank.web.text import _

CSV = "text/csv; charset=utf-8"


@blueprint.get(f"/{LANG}/desk/worklists")
@permits(Action.SEE_DESK)
def desk_worklists(lang: str) -> ResponseReturnValue:
    return _page([])


@blueprint.post(f"/{LANG}/desk/worklists")
@permits(Action.SEE_DESK)
def desk_worklists_send(lang: str) -> ResponseReturnValue:
    """Save a search, or remove the one whose id was sent."""
    if one := typed("remove"):
        saved.remove(services.database, identity(), row_id(one))
    elif mistakes := keep(lang):
        return _page(mistakes)
    return redirect(url_for("web.desk_worklists", lang=lang, _anchor="searches"), 303)


@blueprint.get(f"/{LANG}/desk/worklists/<list_id>")
@permits(Action.SEE_DESK)
def desk_worklist(lang: str, list_id: str) -> ResponseReturnValue:
    page = make_list(list_id, page_of(request.args))
    return render_desk("worklists/list.html", title_of(list_id), page=page)


@blueprint.get(f"/{LANG}/desk/worklists/<list_id>.csv")
@permits(Action.SEE_DESK)
def desk_worklist_file(lang: str, list_id: str) -> ResponseReturnValue:
    name = f"biobank-{list_called(list_id).id}-{today()}.csv"
    return text_file(list_as_csv(list_id), name, CSV)


def _page(mistakes: list[Mistake]) -> ResponseReturnValue:
    before = request.form if mistakes else {"question": handed()}
    return render_desk(
        "worklists/lists.html", _("Worklists"), mistakes, page=make_overview(), typed=before
    )
