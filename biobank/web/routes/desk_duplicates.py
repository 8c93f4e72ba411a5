"""Routes of suspected duplicates and of decisions that two people are distinct."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from biobank.access import identity, permits
from biobank.accounts.policy import Action
from biobank.editorial.distinct import forget_distinct, say_distinct
from biobank.extensions import services
from biobank.web.account.forms import typed
from biobank.web.blueprint import LANG, blueprint
from biobank.web.desk.tools.duplicates_page import duplicates_page


@blueprint.get(f"/{LANG}/desk/duplicates")
@permits(Action.SEE_DESK)
def desk_duplicates(lang: str) -> ResponseReturnValue:
    return duplicates_page()


@blueprint.post(f"/{LANG}/desk/duplicates")
@permits(Action.WRITE_PEOPLE)
def desk_duplicates_send(lang: str) -> ResponseReturnValue:
    """Mark a pair as distinct, or remove that mark, by the button that was pressed."""
    do = forget_distinct if typed("do") == "forget" else say_distinct
    do(services.database, identity(), typed("first"), typed("second"))
    return redirect(url_for("web.desk_duplicates", lang=lang), 303)
