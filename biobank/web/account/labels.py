"""Labels of roles, scopes and states, and messages of account errors."""

from biobank.errors import BiobankError, TooManyAttempts
from biobank.web.core.gettext import _
from biobank.web.core.labels import retry_message

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
    return {"contributor": _("contributor"), "editor": _("editor"), "admin": _("administrator")}.get(
        role, role
    )


def scope_label(scope: str) -> str:
    return {"read": _("read"), "write": _("write"), "publish": _("publish"), "admin": _("manage users")}.get(
        scope, scope
    )


def user_state_label(state: str) -> str:
    return {"invited": _("invited"), "active": _("active"), "out": _("deactivated")}[state]


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
        return retry_message(error.wait)
    return {
        "wrong_sign_in": _("Incorrect e-mail address or password."),
        "wrong_code": _("This code is incorrect or has already been used. Enter a new code."),
        "wrong_password": _("Incorrect password."),
        "bad_link": _("This link is invalid or has expired. Request a new one."),
        "bad_email": _("Enter a valid e-mail address."),
        "email_taken": _("An account with this address already exists."),
        "bad_name": _("Enter a name of 1 to 100 characters."),
        "bad_role": _("Choose a role."),
        "bad_scope": _("Choose at least one permission."),
        "short_password": _("Use at least 10 characters."),
        "long_password": _("Use no more than 128 characters."),
        "common_password": _("This password is too common. Choose another one."),
        "email_password": _("Your password cannot be your e-mail address. Choose another one."),
        "last_admin": _("At least one administrator must remain."),
        "already_on": _("Two-factor authentication is already on."),
        "not_started": _("Start the setup first."),
        "sealed_otherwise": _(
            "Codes cannot be checked because the server’s key has changed. Use a recovery "
            "code, or ask an administrator to turn off your two-factor authentication."
        ),
    }[error.code]
