"""Views of users and the audit log, for administrators."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from biobank.accounts import users
from biobank.accounts.audit_queries import iter_events
from biobank.accounts.policy import Action
from biobank.common.clock import now
from biobank.errors import AccountRefused
from biobank.exchange.exports.formats import AUDIT_FORMATS
from biobank.http.auth import identity, requires
from biobank.http.extensions import services
from biobank.http.streaming import text_file_response
from biobank.web.account import blueprint
from biobank.web.account.link_delivery import deliver_link
from biobank.web.account.pages import events_page, parse_filter, users_page
from biobank.web.core.forms import read_line
from biobank.web.core.pagination import page_number

#: URL rule of a user id, limited to 32-bit integers of the database.
USER_ID_RULE = "<int(max=2147483647):user_id>"


@blueprint.get("/users", endpoint="users")
@requires(Action.SEE_USERS)
def users_list(lang: str) -> ResponseReturnValue:
    return users_page(page=page_number(request.args))


@blueprint.post("/users", endpoint="users_post")
@requires(Action.INVITE)
def invite(lang: str) -> ResponseReturnValue:
    try:
        invitation = users.invite(
            services.database,
            identity(),
            read_line("email"),
            read_line("role"),
            read_line("name"),
            read_line("lang") or lang,
        )
    except AccountRefused as error:
        return users_page(error)
    return users_page(delivery=deliver_link(invitation))


@blueprint.get(f"/users/{USER_ID_RULE}")
@requires(Action.SEE_USERS)
def user(lang: str, user_id: int) -> ResponseReturnValue:
    """Redirect to the list, where users are managed."""
    return _redirect_to_list(lang)


@blueprint.post(f"/users/{USER_ID_RULE}")
@requires(Action.MANAGE_USER)
def user_post(lang: str, user_id: int) -> ResponseReturnValue:
    """Run the action that the submit button names."""
    database, actor, command = services.database, identity(), read_line("do")
    try:
        if command == "role":
            users.change_role(database, actor, user_id, read_line("role"))
        elif command == "link":
            return users_page(delivery=deliver_link(users.issue_link(database, actor, user_id)))
        elif handler := USER_ACTIONS.get(command):
            handler(database, actor, user_id)
    except AccountRefused as error:
        return users_page(error)
    return _redirect_to_list(lang)


@blueprint.get("/users/audit")
@requires(Action.SEE_AUDIT)
def events(lang: str) -> ResponseReturnValue:
    return events_page(page_number(request.args))


@blueprint.get("/users/audit.<any(csv, jsonl):ending>")
@requires(Action.SEE_AUDIT)
def events_file(lang: str, ending: str) -> ResponseReturnValue:
    events = iter_events(services.database, identity(), parse_filter(request.args))
    export_format = AUDIT_FORMATS[ending]
    filename = f"biobank-audit-{now():%Y-%m-%d}.{ending}"
    return text_file_response(export_format.write(events), filename, export_format.media_type)


USER_ACTIONS = {
    "deactivate": users.deactivate,
    "activate": users.activate,
    "sign_out": users.sign_out_user,
    "second_factor": users.remove_second_factor,
}


def _redirect_to_list(lang: str) -> Response:
    return redirect(url_for("account.users", lang=lang), 303)
