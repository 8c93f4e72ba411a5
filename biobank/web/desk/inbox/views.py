"""Routes of the inbox."""

from flask.typing import ResponseReturnValue

from biobank.accounts.policy import Action
from biobank.http.auth import requires
from biobank.http.extensions import services
from biobank.web.core.blueprint import LANG_RULE, blueprint
from biobank.web.core.gettext import _
from biobank.web.desk.inbox.actions import handle_action
from biobank.web.desk.inbox.message_page import message_page
from biobank.web.desk.inbox.queue_page import build_inbox_page
from biobank.web.desk.layout import render_desk

MESSAGE_ID = "<int(max=999999999):message_id>"


@blueprint.get(f"/{LANG_RULE}/desk/inbox")
@requires(Action.TRIAGE)
def desk_inbox(lang: str) -> ResponseReturnValue:
    return render_desk("inbox.html", _("Inbox"), page=build_inbox_page(services))


@blueprint.get(f"/{LANG_RULE}/desk/inbox/{MESSAGE_ID}")
@requires(Action.TRIAGE)
def desk_message(lang: str, message_id: int) -> ResponseReturnValue:
    return message_page(message_id)


@blueprint.post(f"/{LANG_RULE}/desk/inbox/{MESSAGE_ID}")
@requires(Action.TRIAGE)
def desk_message_post(lang: str, message_id: int) -> ResponseReturnValue:
    return handle_action(message_id)
