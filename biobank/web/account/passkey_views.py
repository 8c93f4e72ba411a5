"""Views of passkeys: the user's own, and the options for signing in with one."""

from dataclasses import asdict

from flask import Response, jsonify, redirect, session, url_for
from flask.typing import ResponseReturnValue

from biobank.accounts import passkey_sign_in, passkeys, second_factor
from biobank.accounts.challenges import Challenge
from biobank.accounts.passkey_responses import MAX_RESPONSE_CHARS
from biobank.accounts.passkeys import Ceremony
from biobank.accounts.policy import Action
from biobank.accounts.relying_party import RelyingParty, parse_relying_party
from biobank.common.clock import as_utc
from biobank.errors import AccountRefused, NotFound, TooManyAttempts
from biobank.http.auth import CHALLENGE_KEY, PENDING_2FA_KEY, identity, requires, store_session_key
from biobank.http.extensions import services
from biobank.web.account import blueprint
from biobank.web.account.forms import AccountFormError, user_agent
from biobank.web.account.labels import describe_browser
from biobank.web.account.pages import PasskeyRow, render_account_page
from biobank.web.core.forms import parse_row_id, read_line, read_password, read_text
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_timestamp


def get_relying_party() -> RelyingParty | None:
    """Return the site as authenticators know it; None if it can have no passkeys."""
    return parse_relying_party(services.settings.base_url)


def require_relying_party() -> RelyingParty:
    """Return the site as authenticators know it.

    Raises:
        NotFound: the site can have no passkeys.
    """
    if (relying_party := get_relying_party()) is None:
        raise NotFound("Passkeys need BIOBANK_BASE_URL, with https:// and a host name.")
    return relying_party


def pop_challenge() -> Challenge | None:
    """Return the challenge in the cookie, and remove it."""
    return Challenge.parse(session.pop(CHALLENGE_KEY, None))


def read_response() -> str:
    """Return the authenticator's response of the form."""
    return read_text("response", MAX_RESPONSE_CHARS + 1)


@blueprint.get("/account/passkeys", endpoint="passkeys")
@requires(Action.MANAGE_OWN_ACCOUNT)
def passkeys_view(lang: str) -> ResponseReturnValue:
    return _passkeys_page()


@blueprint.post("/account/passkeys", endpoint="passkeys_post")
@requires(Action.MANAGE_OWN_ACCOUNT)
def passkeys_post(lang: str) -> ResponseReturnValue:
    """Run the step that the submit button names."""
    step, removed = read_line("step"), read_line("remove")
    try:
        if removed:
            key = passkeys.remove(
                services.database, identity(), parse_row_id(removed), read_password("password")
            )
            store_session_key(key)
        elif step == "start":
            return _passkeys_page(ceremony=_start_adding(), name=read_line("name"))
        elif step == "add":
            return _add(lang)
    except (AccountRefused, TooManyAttempts) as error:
        return _passkeys_page(error, removing=removed, name=read_line("name"))
    return redirect(url_for("account.passkeys", lang=lang), 303)


@blueprint.post("/sign-in/passkey.json")
@requires(Action.SIGN_IN)
def sign_in_options(lang: str) -> ResponseReturnValue:
    return _options_response(passkey_sign_in.start_sign_in(require_relying_party()))


@blueprint.post("/sign-in/code/passkey.json")
@requires(Action.SIGN_IN)
def sign_in_code_options(lang: str) -> ResponseReturnValue:
    relying_party, pending_key = require_relying_party(), str(session.get(PENDING_2FA_KEY, ""))
    try:
        ceremony = passkey_sign_in.start_second_factor(services.database, relying_party, pending_key)
    except AccountRefused as error:
        raise NotFound(error.message) from error
    return _options_response(ceremony)


def _start_adding() -> Ceremony:
    ceremony = passkeys.start_adding(
        services.database, identity(), require_relying_party(), read_line("name"), read_password("password")
    )
    session[CHALLENGE_KEY] = asdict(ceremony.challenge)
    return ceremony


def _add(lang: str) -> ResponseReturnValue:
    added = passkeys.add(
        services.database,
        identity(),
        require_relying_party(),
        pop_challenge(),
        read_line("name"),
        read_response(),
    )
    store_session_key(added.session_key)
    if not added.recovery_codes:
        return redirect(url_for("account.passkeys", lang=lang), 303)
    # Recovery codes are shown only in this response.
    return _passkeys_page(codes=added.recovery_codes)


def _options_response(ceremony: Ceremony) -> Response:
    session[CHALLENGE_KEY] = asdict(ceremony.challenge)
    return jsonify(ceremony.options)


def _passkeys_page(
    error: AccountFormError | None = None,
    *,
    ceremony: Ceremony | None = None,
    name: str = "",
    removing: str = "",
    codes: tuple[str, ...] = (),
) -> ResponseReturnValue:
    rows = [
        PasskeyRow(
            row.id,
            row.name,
            format_timestamp(row.created_at),
            as_utc(row.created_at).isoformat(),
            format_timestamp(row.used_at) if row.used_at else "",
            as_utc(row.used_at).isoformat() if row.used_at else "",
            row.passwordless,
        )
        for row in passkeys.list_own(services.database, identity())
    ]
    return render_account_page(
        "account/passkeys.html",
        _("Passkeys"),
        error,
        rows=rows,
        available=get_relying_party() is not None,
        options=ceremony.options if ceremony else None,
        name=name or describe_browser(user_agent()),
        row_id=removing,
        removing=removing,
        codes=codes,
        codes_left=second_factor.count_unused_codes(services.database, identity()),
        max_passkeys=passkeys.MAX_PASSKEYS,
    )
