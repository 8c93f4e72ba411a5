"""Views of the user's own account: name, password, second factor, sessions, tokens."""

from flask import redirect, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from biobank.access import identity, keep_key, permits
from biobank.accounts import second_factor as factor
from biobank.accounts import sessions, signing_in, tokens, users
from biobank.accounts.policy import Action
from biobank.errors import AccountRefused, TooManyAttempts
from biobank.extensions import services
from biobank.web.account import pages
from biobank.web.account.forms import chosen, row_id, secret, typed
from biobank.web.blueprint import LANG, blueprint
from biobank.web.links import with_parameters


@blueprint.get(f"/{LANG}/account")
@permits(Action.OWN_ACCOUNT)
def account(lang: str) -> ResponseReturnValue:
    return pages.account_page()


@blueprint.post(f"/{LANG}/account")
@permits(Action.OWN_ACCOUNT)
def account_send(lang: str) -> ResponseReturnValue:
    try:
        users.rename(services.database, identity(), typed("name"), typed("lang"))
    except AccountRefused as error:
        return pages.account_page(error)
    return _to("account", lang)


@blueprint.get(f"/{LANG}/account/password")
@permits(Action.OWN_ACCOUNT)
def account_password(lang: str) -> ResponseReturnValue:
    return pages.password_page()


@blueprint.post(f"/{LANG}/account/password")
@permits(Action.OWN_ACCOUNT)
def account_password_send(lang: str) -> ResponseReturnValue:
    try:
        key = signing_in.change_password(
            services.database, identity(), secret("password"), secret("new")
        )
    except (AccountRefused, TooManyAttempts) as error:
        return pages.password_page(error)
    keep_key(key)
    return _to("account_password", lang, done="1")


@blueprint.get(f"/{LANG}/account/second-factor")
@permits(Action.OWN_ACCOUNT)
def account_second_factor(lang: str) -> ResponseReturnValue:
    return pages.second_factor_page()


@blueprint.post(f"/{LANG}/account/second-factor")
@permits(Action.OWN_ACCOUNT)
def account_second_factor_send(lang: str) -> ResponseReturnValue:
    """Run the step that the submit button names."""
    database, who, step = services.database, identity(), typed("step")
    codes: tuple[str, ...] = ()
    try:
        if step == "start":
            factor.start_totp(database, who, services.seal, secret("password"))
        elif step == "confirm":
            confirmed = factor.confirm_totp(database, who, services.seal, typed("code"))
            codes = confirmed.codes
            keep_key(confirmed.key)
        elif step == "codes":
            codes = factor.new_recovery_codes(database, who, secret("password"))
        elif step == "drop":
            keep_key(factor.drop_totp(database, who, secret("password")))
    except (AccountRefused, TooManyAttempts) as error:
        return pages.second_factor_page(error)
    # Recovery codes are shown only in this response.
    return pages.second_factor_page(codes=codes) if codes else _to("account_second_factor", lang)


@blueprint.get(f"/{LANG}/account/sessions")
@permits(Action.OWN_ACCOUNT)
def account_sessions(lang: str) -> ResponseReturnValue:
    return pages.sessions_page()


@blueprint.post(f"/{LANG}/account/sessions")
@permits(Action.OWN_ACCOUNT)
def account_sessions_send(lang: str) -> ResponseReturnValue:
    """End the given session, or all sessions but this one."""
    if one := typed("session"):
        sessions.end_one(services.database, identity(), row_id(one))
    else:
        sessions.sign_out_everywhere(services.database, identity())
    return _to("account_sessions", lang)


@blueprint.get(f"/{LANG}/account/tokens")
@permits(Action.OWN_ACCOUNT)
def account_tokens(lang: str) -> ResponseReturnValue:
    return pages.tokens_page()


@blueprint.post(f"/{LANG}/account/tokens")
@permits(Action.OWN_ACCOUNT)
def account_tokens_send(lang: str) -> ResponseReturnValue:
    """Revoke the given token, or create one, which is shown only in this response."""
    if one := typed("token"):
        tokens.revoke_token(services.database, identity(), row_id(one))
        return _to("account_tokens", lang)
    try:
        made = tokens.make_token(services.database, identity(), typed("name"), chosen("scopes"))
    except AccountRefused as error:
        return pages.tokens_page(error)
    return pages.tokens_page(made=made)


def _to(endpoint: str, lang: str, **values: str) -> Response:
    return redirect(with_parameters(url_for(f"web.{endpoint}", lang=lang), values.items()), 303)
