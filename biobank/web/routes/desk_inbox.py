"""Routes of the inbox."""

from flask.typing import ResponseReturnValue

from biobank.access import permits
from biobank.accounts.policy import Action
from biobank.extensions import services
from biobank.web.blueprint import LANG, blueprint
from biobank.web.desk.inbox.actions import act
from biobank.web.desk.inbox.message_page import message_page
from biobank.web.desk.inbox.queue_page import make_inbox_page
from biobank.web.desk.page import render_desk
from biobank.web.text import _

MESSAGE = "<int(max=999999999):message_id>"


@blueprint.get(f"/{LANG}/desk/inbox")
@permits(Action.TRIAGE)
def desk_inbox(lang: str) -> ResponseReturnValue:
    return render_desk("inbox.html", _("Inbox"), page=make_inbox_page(services))


@blueprint.get(f"/{LANG}/desk/inbox/{MESSAGE}")
@permits(Action.TRIAGE)
def desk_message(lang: str, message_id: int) -> ResponseReturnValue:
    return message_page(message_id)


@blueprint.post(f"/{LANG}/desk/inbox/{MESSAGE}")
@permits(Action.TRIAGE)
def desk_message_send(lang: str, message_id: int) -> ResponseReturnValue:
    return act(message_id)
