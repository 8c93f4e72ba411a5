"""Routes of the page that resolves two conflicting edits of one record."""

from flask.typing import ResponseReturnValue

from biobank.accounts.policy import Action
from biobank.http.auth import requires
from biobank.web.core.blueprint import LANG_RULE, blueprint
from biobank.web.desk.review import conflict_page

CONFLICT_PATH = f"/{LANG_RULE}/desk/people/<id:person_id>/conflict"


@blueprint.get(CONFLICT_PATH)
@requires(Action.WRITE_PEOPLE)
def desk_conflict(lang: str, person_id: str) -> ResponseReturnValue:
    return conflict_page.conflict_page(person_id)


@blueprint.post(CONFLICT_PATH)
@requires(Action.WRITE_PEOPLE)
def desk_conflict_post(lang: str, person_id: str) -> ResponseReturnValue:
    return conflict_page.resolve_conflict(person_id)
