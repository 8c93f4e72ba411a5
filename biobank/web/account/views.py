"""Views of the user's own account, and of users and the audit log for administrators."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from biobank.accounts import audit_erasure, authentication, erasure, sessions, tokens, users
from biobank.accounts import second_factor as factor
from biobank.accounts.audit_queries import iter_events
from biobank.accounts.policy import Action
from biobank.common.clock import now
from biobank.errors import AccountRefused, TooManyAttempts
from biobank.exchange.exports.formats import AUDIT_FORMATS
from biobank.http.auth import identity, requires, store_session_key
from biobank.http.extensions import services
from biobank.http.streaming import text_file_response
from biobank.web.account import blueprint, pages
from biobank.web.account.link_delivery import deliver_link
from biobank.web.core.forms import parse_row_id, read_line, read_lines, read_number, read_password
from biobank.web.core.pagination import page_number
from biobank.web.core.urls import with_query


@blueprint.get("/account")
@requires(Action.MANAGE_OWN_ACCOUNT)
def overview(lang: str) -> ResponseReturnValue:
    return pages.account_page()


@blueprint.post("/account")
@requires(Action.MANAGE_OWN_ACCOUNT)
def overview_post(lang: str) -> ResponseReturnValue:
    try:
        users.update_profile(services.database, identity(), read_line("name"), read_line("lang"))
    except AccountRefused as error:
        return pages.account_page(error)
    return _redirect_to("overview", lang)


@blueprint.get("/account/password")
@requires(Action.MANAGE_OWN_ACCOUNT)
def password(lang: str) -> ResponseReturnValue:
    return pages.password_page()


@blueprint.post("/account/password")
@requires(Action.MANAGE_OWN_ACCOUNT)
def password_post(lang: str) -> ResponseReturnValue:
    try:
        key = authentication.change_password(
            services.database, identity(), read_password("password"), read_password("new")
        )
    except (AccountRefused, TooManyAttempts) as error:
        return pages.password_page(error)
    store_session_key(key)
    return _redirect_to("password", lang, done="1")


@blueprint.get("/account/second-factor")
@requires(Action.MANAGE_OWN_ACCOUNT)
def second_factor(lang: str) -> ResponseReturnValue:
    return pages.second_factor_page()


@blueprint.post("/account/second-factor")
@requires(Action.MANAGE_OWN_ACCOUNT)
def second_factor_post(lang: str) -> ResponseReturnValue:
    """Run the step that the submit button names."""
    database, actor, step = services.database, identity(), read_line("step")
    codes: tuple[str, ...] = ()
    try:
        if step == "start":
            factor.start_totp(database, actor, services.secret_box, read_password("password"))
        elif step == "confirm":
            confirmed = factor.confirm_totp(database, actor, services.secret_box, read_line("code"))
            codes = confirmed.recovery_codes
            store_session_key(confirmed.session_key)
        elif step == "codes":
            codes = factor.regenerate_recovery_codes(database, actor, read_password("password"))
        elif step == "drop":
            store_session_key(factor.disable_totp(database, actor, read_password("password")))
    except (AccountRefused, TooManyAttempts) as error:
        return pages.second_factor_page(error)
    # Recovery codes are shown only in this response.
    return pages.second_factor_page(codes=codes) if codes else _redirect_to("second_factor", lang)


@blueprint.get("/account/sessions", endpoint="sessions")
@requires(Action.MANAGE_OWN_ACCOUNT)
def sessions_view(lang: str) -> ResponseReturnValue:
    return pages.sessions_page()


@blueprint.post("/account/sessions")
@requires(Action.MANAGE_OWN_ACCOUNT)
def sessions_post(lang: str) -> ResponseReturnValue:
    """End the given session, or all sessions but this one."""
    if session_id := read_line("session"):
        sessions.end_own_session(services.database, identity(), parse_row_id(session_id))
    else:
        sessions.sign_out_everywhere(services.database, identity())
    return _redirect_to("sessions", lang)


@blueprint.get("/account/tokens", endpoint="tokens")
@requires(Action.MANAGE_OWN_ACCOUNT)
def tokens_view(lang: str) -> ResponseReturnValue:
    return pages.tokens_page()


@blueprint.post("/account/tokens")
@requires(Action.MANAGE_OWN_ACCOUNT)
def tokens_post(lang: str) -> ResponseReturnValue:
    """Revoke the given token, or create one, which is shown only in this response."""
    if token_id := read_line("token"):
        tokens.revoke_token(services.database, identity(), parse_row_id(token_id))
        return _redirect_to("tokens", lang)
    try:
        token = tokens.create_token(
            services.database,
            identity(),
            read_password("password"),
            read_line("name"),
            read_lines("scopes"),
            read_number("days") or 0,
        )
    except (AccountRefused, TooManyAttempts) as error:
        return pages.tokens_page(error)
    return pages.tokens_page(new_token=token)


def _redirect_to(endpoint: str, lang: str, **values: str) -> Response:
    return redirect(with_query(url_for(f"account.{endpoint}", lang=lang), values.items()), 303)


#: URL rule of a user id, limited to 32-bit integers of the database.
USER_ID_RULE = "<int(max=2147483647):user_id>"


@blueprint.get("/users", endpoint="users")
@requires(Action.SEE_USERS)
def users_list(lang: str) -> ResponseReturnValue:
    return pages.users_page(page=page_number(request.args))


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
        return pages.users_page(error)
    return pages.users_page(delivery=deliver_link(invitation))


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
        elif command == "erase":
            erasure.erase_account(database, actor, user_id, read_line("confirm"))
        elif command == "link":
            return pages.users_page(delivery=deliver_link(users.issue_link(database, actor, user_id)))
        elif handler := USER_ACTIONS.get(command):
            handler(database, actor, user_id)
    except AccountRefused as error:
        return pages.users_page(error)
    return _redirect_to_list(lang)


@blueprint.get("/users/audit")
@requires(Action.SEE_AUDIT)
def events(lang: str) -> ResponseReturnValue:
    return pages.events_page(page_number(request.args))


@blueprint.post("/users/audit")
@requires(Action.ERASE_ADDRESSES)
def events_post(lang: str) -> ResponseReturnValue:
    """Erase a network address on request."""
    try:
        audit_erasure.erase_address(services.database, identity(), read_line("address"))
    except AccountRefused as error:
        return pages.events_page(1, error)
    return _redirect_to("events", lang)


@blueprint.get("/users/audit.<any(csv, jsonl):ending>")
@requires(Action.SEE_AUDIT)
def events_file(lang: str, ending: str) -> ResponseReturnValue:
    events = iter_events(services.database, identity(), pages.parse_filter(request.args))
    export_format = AUDIT_FORMATS[ending]
    filename = f"biobank-audit-{now():%Y-%m-%d}.{ending}"
    return text_file_response(export_format.write(events), filename, export_format.media_type)


USER_ACTIONS = {
    "deactivate": users.deactivate,
    "activate": users.activate,
    "sign_out": users.sign_out_user,
    "second_factor": users.remove_second_factor,
    "addresses": audit_erasure.erase_addresses_of_user,
}


def _redirect_to_list(lang: str) -> Response:
    return redirect(url_for("account.users", lang=lang), 303)
