"""Routes of one record: its page with review actions, its revisions and the origin of values."""

from flask import request
from flask.typing import ResponseReturnValue

from biobank.accounts.policy import Action
from biobank.http.auth import requires
from biobank.web.core.blueprint import LANG_RULE, blueprint
from biobank.web.core.pagination import revision_number
from biobank.web.desk.review import actions, blame, record_page, redaction_page, revision_pages
from biobank.web.revisions.views import REVISION_NUMBER_RULE

PERSON_PATH = f"/{LANG_RULE}/desk/people/<id:person_id>"


@blueprint.get(PERSON_PATH)
@requires(Action.SEE_DESK)
def desk_person(lang: str, person_id: str) -> ResponseReturnValue:
    return record_page.record_page(person_id)


@blueprint.post(PERSON_PATH)
@requires(Action.SEE_DESK)
def desk_person_post(lang: str, person_id: str) -> ResponseReturnValue:
    return actions.handle_action(person_id)


@blueprint.get(f"{PERSON_PATH}/blame")
@requires(Action.SEE_DESK)
def desk_blame(lang: str, person_id: str) -> ResponseReturnValue:
    return blame.blame_page(person_id)


@blueprint.get(f"{PERSON_PATH}/revisions/{REVISION_NUMBER_RULE}")
@requires(Action.SEE_DESK)
def desk_revision(lang: str, person_id: str, number: int) -> ResponseReturnValue:
    return revision_pages.preview_page(person_id, number)


@blueprint.get(f"{PERSON_PATH}/revisions/{REVISION_NUMBER_RULE}/changes")
@requires(Action.SEE_DESK)
def desk_changes(lang: str, person_id: str, number: int) -> ResponseReturnValue:
    return revision_pages.changes_page(person_id, number, revision_number(request.args, "from"))


@blueprint.get(f"{PERSON_PATH}/revisions/{REVISION_NUMBER_RULE}/redaction")
@requires(Action.REDACT)
def desk_redaction(lang: str, person_id: str, number: int) -> ResponseReturnValue:
    return redaction_page.redaction_page(person_id, number)


@blueprint.post(f"{PERSON_PATH}/revisions/{REVISION_NUMBER_RULE}/redaction")
@requires(Action.REDACT)
def desk_redaction_post(lang: str, person_id: str, number: int) -> ResponseReturnValue:
    return redaction_page.submit_redaction(person_id, number)
