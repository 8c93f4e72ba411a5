"""Routes of the webhooks that receive changes."""

from collections.abc import Callable, Mapping

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from biobank.access import identity, permits
from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action
from biobank.errors import BadAddress
from biobank.exchange.mirroring import webhooks
from biobank.extensions import services
from biobank.store.session import Database
from biobank.web.account.forms import row_id, typed
from biobank.web.blueprint import LANG, blueprint
from biobank.web.desk.webhooks.page import FIELD, make_page, mistake

#: Actions of the buttons of a row, by field name; the field value is the row id.
STEPS: Mapping[str, Callable[[Database, Identity, int], None]] = {
    "try": webhooks.try_out,
    "pause": webhooks.pause,
    "remove": webhooks.remove,
}


@blueprint.get(f"/{LANG}/desk/webhooks")
@permits(Action.MANAGE_WEBHOOKS)
def desk_webhooks(lang: str) -> ResponseReturnValue:
    return make_page()


@blueprint.post(f"/{LANG}/desk/webhooks")
@permits(Action.MANAGE_WEBHOOKS)
def desk_webhooks_send(lang: str) -> ResponseReturnValue:
    """Add a webhook or perform the action of a button; a new secret is shown once."""
    for name, step in STEPS.items():
        if one := typed(name):
            step(services.database, identity(), row_id(one))
            return redirect(url_for("web.desk_webhooks", lang=lang), 303)
    if one := typed("secret"):
        return make_page(made=webhooks.change_secret(services.database, identity(), row_id(one)))
    address, private = typed(FIELD), services.settings.webhooks_private
    try:
        made = webhooks.add(services.database, identity(), address, private=private)
    except BadAddress as error:
        return make_page([mistake(error)], address)
    return make_page(made=made)
