"""Routes of the webhooks that receive changes."""

from collections.abc import Callable, Mapping

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action
from biobank.errors import BadAddress
from biobank.exchange.changes import webhooks
from biobank.http.auth import identity, requires
from biobank.http.extensions import services
from biobank.store.session import Database
from biobank.web.core.forms import parse_row_id, read_line
from biobank.web.desk import blueprint
from biobank.web.desk.webhooks.pages import ADDRESS_FIELD, field_error, webhooks_page

#: Actions of the buttons of a row, by field name; the field value is the row id.
WEBHOOK_ACTIONS: Mapping[str, Callable[[Database, Identity, int], None]] = {
    "try": webhooks.send_test,
    "pause": webhooks.pause,
    "remove": webhooks.remove,
}


@blueprint.get("/webhooks", endpoint="webhooks")
@requires(Action.MANAGE_WEBHOOKS)
def webhooks_view(lang: str) -> ResponseReturnValue:
    return webhooks_page()


@blueprint.post("/webhooks")
@requires(Action.MANAGE_WEBHOOKS)
def webhooks_post(lang: str) -> ResponseReturnValue:
    """Add a webhook or perform the action of a button; a new secret is shown once."""
    for name, action in WEBHOOK_ACTIONS.items():
        if value := read_line(name):
            action(services.database, identity(), parse_row_id(value))
            return redirect(url_for("desk.webhooks", lang=lang), 303)
    if value := read_line("secret"):
        return webhooks_page(
            new_webhook=webhooks.change_secret(services.database, identity(), parse_row_id(value))
        )
    address, private = read_line(ADDRESS_FIELD), services.settings.webhooks_private
    try:
        webhook = webhooks.add_webhook(services.database, identity(), address, allow_private=private)
    except BadAddress as error:
        return webhooks_page([field_error(error)], address)
    return webhooks_page(new_webhook=webhook)
