"""Routes of the page that resolves two conflicting edits of one record."""

from flask.typing import ResponseReturnValue

from biobank.access import permits
from biobank.accounts.policy import Action
from biobank.web.blueprint import LANG, blueprint
from biobank.web.desk.review import conflict

PATH = f"/{LANG}/desk/people/<id:person_id>/conflict"


@blueprint.get(PATH)
@permits(Action.WRITE_PEOPLE)
def desk_conflict(lang: str, person_id: str) -> ResponseReturnValue:
    return conflict.conflict_page(person_id)


@blueprint.post(PATH)
@permits(Action.WRITE_PEOPLE)
def desk_conflict_send(lang: str, person_id: str) -> ResponseReturnValue:
    return conflict.join(person_id)
