"""Routes of one record: its page with review actions, its revisions and the origin of values."""

from flask import request
from flask.typing import ResponseReturnValue

from biobank.access import permits
from biobank.accounts.policy import Action
from biobank.web.blueprint import LANG, blueprint
from biobank.web.desk.review import blame, deciding, record, redacting, versions
from biobank.web.paging import revision_number
from biobank.web.routes.revisions import NUMBER

PERSON = f"/{LANG}/desk/people/<id:person_id>"


@blueprint.get(PERSON)
@permits(Action.SEE_DESK)
def desk_person(lang: str, person_id: str) -> ResponseReturnValue:
    return record.record_page(person_id)


@blueprint.post(PERSON)
@permits(Action.SEE_DESK)
def desk_person_send(lang: str, person_id: str) -> ResponseReturnValue:
    return deciding.take_step(person_id)


@blueprint.get(f"{PERSON}/blame")
@permits(Action.SEE_DESK)
def desk_blame(lang: str, person_id: str) -> ResponseReturnValue:
    return blame.blame_page(person_id)


@blueprint.get(f"{PERSON}/revisions/{NUMBER}")
@permits(Action.SEE_DESK)
def desk_revision(lang: str, person_id: str, number: int) -> ResponseReturnValue:
    return versions.preview_page(person_id, number)


@blueprint.get(f"{PERSON}/revisions/{NUMBER}/changes")
@permits(Action.SEE_DESK)
def desk_changes(lang: str, person_id: str, number: int) -> ResponseReturnValue:
    return versions.changes_page(person_id, number, revision_number(request.args, "from"))


@blueprint.get(f"{PERSON}/revisions/{NUMBER}/redaction")
@permits(Action.REDACT)
def desk_redaction(lang: str, person_id: str, number: int) -> ResponseReturnValue:
    return redacting.redaction_page(person_id, number)


@blueprint.post(f"{PERSON}/revisions/{NUMBER}/redaction")
@permits(Action.REDACT)
def desk_redaction_send(lang: str, person_id: str, number: int) -> ResponseReturnValue:
    return redacting.take(person_id, number)
