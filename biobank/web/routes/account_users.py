"""Views of users and the audit log, for administrators."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from biobank.access import identity, permits
from biobank.accounts import users
from biobank.accounts.audit_reading import walk
from biobank.accounts.clock import now
from biobank.accounts.policy import Action
from biobank.downloads import text_file
from biobank.errors import AccountRefused
from biobank.exchange.audit_export import FORMATS
from biobank.extensions import services
from biobank.web.account.audit_page import events_page, narrowing
from biobank.web.account.forms import typed
from biobank.web.account.mail import hand_over
from biobank.web.account.users_pages import users_page
from biobank.web.blueprint import LANG, blueprint
from biobank.web.paging import page_of

#: URL rule of a user id, limited to 32-bit integers of the database.
ID = "<int(max=2147483647):user_id>"


@blueprint.get(f"/{LANG}/users", endpoint="users")
@permits(Action.SEE_USERS)
def users_list(lang: str) -> ResponseReturnValue:
    return users_page(page=page_of(request.args))


@blueprint.post(f"/{LANG}/users", endpoint="users_send")
@permits(Action.INVITE)
def invite(lang: str) -> ResponseReturnValue:
    try:
        made = users.invite(
            services.database,
            identity(),
            typed("email"),
            typed("role"),
            typed("name"),
            typed("lang") or lang,
        )
    except AccountRefused as error:
        return users_page(error)
    return users_page(handed=hand_over(made))


@blueprint.get(f"/{LANG}/users/{ID}")
@permits(Action.SEE_USERS)
def user(lang: str, user_id: int) -> ResponseReturnValue:
    """Redirect to the list, where users are managed."""
    return _to_list(lang)


@blueprint.post(f"/{LANG}/users/{ID}")
@permits(Action.MANAGE_USER)
def user_send(lang: str, user_id: int) -> ResponseReturnValue:
    """Run the action that the submit button names."""
    database, who, do = services.database, identity(), typed("do")
    try:
        if do == "role":
            users.change_role(database, who, user_id, typed("role"))
        elif do == "link":
            return users_page(handed=hand_over(users.make_link(database, who, user_id)))
        elif action := DONE_TO_A_USER.get(do):
            action(database, who, user_id)
    except AccountRefused as error:
        return users_page(error)
    return _to_list(lang)


@blueprint.get(f"/{LANG}/users/audit")
@permits(Action.SEE_AUDIT)
def account_events(lang: str) -> ResponseReturnValue:
    return events_page(page_of(request.args))


@blueprint.get(f"/{LANG}/users/audit.<any(csv, jsonl):ending>")
@permits(Action.SEE_AUDIT)
def account_events_file(lang: str, ending: str) -> ResponseReturnValue:
    events = walk(services.database, identity(), narrowing(request.args))
    format_ = FORMATS[ending]
    name = f"biobank-audit-{now():%Y-%m-%d}.{ending}"
    return text_file(format_.write(events), name, format_.media_type)


DONE_TO_A_USER = {
    "deactivate": users.deactivate,
    "activate": users.activate,
    "sign_out": users.sign_out_user,
    "second_factor": users.drop_second_factor,
}


def _to_list(lang: str) -> Response:
    return redirect(url_for("web.users", lang=lang), 303)
