"""The first page of the desk."""

from flask.typing import ResponseReturnValue

from biobank.access import permits
from biobank.accounts.policy import Action
from biobank.web.blueprint import LANG, blueprint
from biobank.web.desk.page import render_desk
from biobank.web.desk.writing.page import copy_rows
from biobank.web.text import _


@blueprint.get(f"/{LANG}/desk")
@permits(Action.SEE_DESK)
def desk(lang: str) -> ResponseReturnValue:
    return render_desk("home.html", _("Desk"), copies=copy_rows())
