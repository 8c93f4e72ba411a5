"""Routes of suspected duplicates and of decisions that two people are distinct."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from biobank.accounts.policy import Action
from biobank.editorial.duplicates.not_duplicates import mark_distinct, unmark_distinct
from biobank.http.auth import identity, requires
from biobank.http.extensions import services
from biobank.web.core.forms import read_line
from biobank.web.desk import blueprint
from biobank.web.desk.duplicates.pages import duplicates_page


@blueprint.get("/duplicates")
@requires(Action.SEE_DESK)
def duplicates(lang: str) -> ResponseReturnValue:
    return duplicates_page()


@blueprint.post("/duplicates")
@requires(Action.WRITE_PEOPLE)
def duplicates_post(lang: str) -> ResponseReturnValue:
    """Mark a pair as distinct, or remove that mark, by the button that was pressed."""
    apply_decision = unmark_distinct if read_line("do") == "forget" else mark_distinct
    apply_decision(services.database, identity(), read_line("first"), read_line("second"))
    return redirect(url_for("desk.duplicates", lang=lang), 303)
