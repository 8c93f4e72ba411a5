"""One record at the desk: its page and the steps of review, its revisions, where values came."""

from flask import redirect, request
from flask.typing import ResponseReturnValue

from biobank.access import identity, permits
from biobank.accounts.policy import Action
from biobank.editorial.redaction import redact
from biobank.errors import RecordRefused, WrongState
from biobank.extensions import services
from biobank.web.blueprint import LANG, blueprint
from biobank.web.desk.review import blame, deciding, record, versions
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
    return versions.redaction_page(person_id, number)


@blueprint.post(f"{PERSON}/revisions/{NUMBER}/redaction")
@permits(Action.REDACT)
def desk_redaction_send(lang: str, person_id: str, number: int) -> ResponseReturnValue:
    reason = deciding.long_text("reason")
    try:
        redact(services.database, identity(), person_id, number, reason)
    except (RecordRefused, WrongState) as error:
        mistakes, status = deciding.mistakes_of(error), deciding.status_of(error)
        return versions.redaction_page(person_id, number, mistakes, status)
    return redirect(record.desk_url(person_id, lang, done="redact"), 303)
