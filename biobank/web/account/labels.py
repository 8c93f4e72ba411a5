"""Labels of roles, scopes and states, and messages of account errors."""

from datetime import datetime

from babel.dates import format_date
from flask import g

from biobank.common.clock import as_utc
from biobank.errors import BiobankError, TooManyAttempts
from biobank.web.core.gettext import _, ngettext

#: Markers in the User-Agent header; browsers that also name another one come first.
BROWSER_MARKERS = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("YaBrowser", "Yandex"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
OS_MARKERS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def role_label(role: str) -> str:
    return {
        "contributor": _("contributor"),
        "editor": _("editor"),
        "admin": _("administrator"),
    }.get(role, role)


def scope_label(scope: str) -> str:
    return {
        "read": _("read"),
        "write": _("write"),
        "publish": _("publish"),
        "admin": _("manage users"),
    }.get(scope, scope)


def user_state_label(state: str) -> str:
    return {
        "invited": _("invited"),
        "active": _("active"),
        "out": _("deactivated"),
    }[state]


def format_timestamp(timestamp: datetime) -> str:
    """Format a timestamp in UTC with a localised date: `Nov 26, 2026 04:42 UTC`."""
    return f"{format_date(as_utc(timestamp), locale=g.lang)} {as_utc(timestamp):%H:%M} UTC"


def describe_browser(agent: str) -> str:
    """Return browser and system of a User-Agent, `Firefox, Linux`, or its first 60 characters."""
    parts = [
        next((name for marker, name in names if marker in agent), "")
        for names in (BROWSER_MARKERS, OS_MARKERS)
    ]
    return ", ".join(filter(None, parts)) or agent[:60] or _("unknown browser")


def error_message(error: BiobankError) -> str:
    """Return the localised message of an account error, with what to do about it."""
    if isinstance(error, TooManyAttempts):
        return _retry_message(error.wait)
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
        "sealed_otherwise": _(
            "The bank's key was changed, so that no code can be checked. Use a recovery code, or"
            " ask an administrator to turn your second factor off."
        ),
    }[error.code]


def _retry_message(seconds: int) -> str:
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
