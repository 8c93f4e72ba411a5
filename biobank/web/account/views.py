"""Views of the user's own account: name, password, second factor, sessions, tokens."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from biobank.accounts import authentication, sessions, tokens, users
from biobank.accounts import second_factor as factor
from biobank.accounts.policy import Action
from biobank.errors import AccountRefused, TooManyAttempts
from biobank.http.auth import identity, requires, store_session_key
from biobank.http.extensions import services
from biobank.web.account import blueprint, pages
from biobank.web.core.forms import parse_row_id, read_line, read_lines, read_password
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
        token = tokens.create_token(services.database, identity(), read_line("name"), read_lines("scopes"))
    except AccountRefused as error:
        return pages.tokens_page(error)
    return pages.tokens_page(new_token=token)


def _redirect_to(endpoint: str, lang: str, **values: str) -> Response:
    return redirect(with_query(url_for(f"account.{endpoint}", lang=lang), values.items()), 303)
