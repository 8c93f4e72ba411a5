"""What the pages of accounts say of roles, scopes, states, events and refusals."""

from datetime import datetime

from babel.dates import format_date
from flask import g

from biobank.accounts.clock import as_utc
from biobank.errors import BiobankError, TooManyAttempts
from biobank.web.text import _, ngettext

#: By the mark of each in what it sends; those first that pretend to be the others too.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("YaBrowser", "Yandex"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def role_words(role: str) -> str:
    return {
        "contributor": _("contributor"),
        "editor": _("editor"),
        "admin": _("administrator"),
    }.get(role, role)


def scope_words(scope: str) -> str:
    return {
        "read": _("read"),
        "write": _("write"),
        "publish": _("publish"),
        "admin": _("manage users"),
    }.get(scope, scope)


def state_words(state: str) -> str:
    return {
        "invited": _("invited"),
        "active": _("active"),
        "out": _("deactivated"),
    }[state]


def moment(at: datetime) -> str:
    """`Nov 26, 2026 04:42 UTC`, the day as each language writes it."""
    return f"{format_date(as_utc(at), locale=g.lang)} {as_utc(at):%H:%M} UTC"


def browser_words(agent: str) -> str:
    """`Firefox, Linux` of how a browser calls itself; all it says where that is nothing known."""
    found = [
        next((name for mark, name in names if mark in agent), "") for names in (BROWSERS, SYSTEMS)
    ]
    return ", ".join(filter(None, found)) or agent[:60] or _("unknown browser")


def trouble_words(error: BiobankError) -> str:
    """Why something is refused, and the way out."""
    if isinstance(error, TooManyAttempts):
        return _wait(error.wait)
    return {
        "wrong_sign_in": _("The e-mail address or the password is not right."),
        "wrong_code": _("This code is not right, or was used before."),
        "wrong_password": _("This is not your password."),
        "bad_link": _("This link does not work, or does not work any more. Ask for a new one."),
        "bad_email": _("This is no e-mail address."),
        "email_taken": _("This address has an account already."),
        "bad_name": _("A name has 1 to 100 characters."),
        "bad_role": _("Choose a role."),
        "bad_scope": _("Choose what the token is for."),
        "short_password": _("Take 10 characters or more."),
        "long_password": _("Take 128 characters at most."),
        "common_password": _("This one is among the first to be guessed. Take another."),
        "email_password": _("Not the e-mail address itself. Take another."),
        "last_admin": _("Somebody must stay administrator."),
        "already_on": _("The second factor is on already."),
        "not_started": _("Start to set it up first."),
    }[error.code]


def _wait(seconds: int) -> str:
    minutes = -(-seconds // 60)
    if seconds <= 60:
        return ngettext(
            "Too many attempts. Try again in %(count)s second.",
            "Too many attempts. Try again in %(count)s seconds.",
            seconds,
            count=seconds,
        )
    return ngettext(
        "Too many attempts. Try again in %(count)s minute.",
        "Too many attempts. Try again in %(count)s minutes.",
        minutes,
        count=minutes,
    )


def event_words(what: str) -> str:
    """What happened to an account."""
    return {
        "invited": _("invited"),
        "invitation_made": _("new invitation link"),
        "invitation_accepted": _("accepted the invitation"),
        "signed_in": _("signed in"),
        "password_given": _("gave the password"),
        "sign_in_failed": _("sign-in failed"),
        "code_failed": _("wrong code"),
        "signed_out": _("signed out"),
        "signed_out_everywhere": _("signed out everywhere"),
        "password_changed": _("password changed"),
        "reset_asked": _("asked for a new password"),
        "reset_made": _("link to a new password"),
        "password_reset": _("password set by link"),
        "second_factor_on": _("second factor on"),
        "second_factor_off": _("second factor off"),
        "recovery_codes_made": _("new recovery codes"),
        "token_made": _("token made"),
        "token_revoked": _("token revoked"),
        "role_changed": _("role changed"),
        "renamed": _("name changed"),
        "deactivated": _("deactivated"),
        "activated": _("activated"),
        **_of_messages(),
    }.get(what, what)


def _of_messages() -> dict[str, str]:
    """What happened to messages of the public, and in the register of organisations."""
    return {
        "message_accepted": _("message accepted"),
        "message_declined": _("message declined"),
        "message_spam": _("message marked as spam"),
        "message_closed": _("message closed"),
        "message_reopened": _("message opened again"),
        "message_drafted": _("draft made of a message"),
        "message_withdrew": _("person withdrawn after an objection"),
        "message_registered": _("organisation registered"),
        "message_published": _("correction published"),
        "message_replied": _("message answered"),
        "message_deleted": _("message deleted"),
        "struck_off": _("struck off the register"),
        "registered_again": _("entered into the register again"),
    }
