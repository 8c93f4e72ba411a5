"""Labels of roles, scopes, states and audit events, and messages of account errors."""

from collections.abc import Callable, Mapping
from typing import Final

from flask_babel import lazy_gettext

from biobank.accounts.passkeys import MAX_PASSKEYS
from biobank.accounts.tokens import MAX_TOKEN_DAYS
from biobank.errors import BiobankError, TooManyAttempts
from biobank.web.core.gettext import _
from biobank.web.core.labels import MESSAGE_KIND_LABELS, retry_message

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
    return {"invited": _("invited"), "active": _("active"), "out": _("deactivated"), "erased": _("erased")}[
        state
    ]


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
        "bad_lifetime": _("Enter 1 to %(max)s days.", max=MAX_TOKEN_DAYS),
        "short_password": _("Use at least 10 characters."),
        "long_password": _("Use no more than 128 characters."),
        "common_password": _("This password is too easy to guess. Choose another one."),
        "email_password": _("Your password cannot be your e-mail address. Choose another one."),
        "last_admin": _("At least one administrator must remain."),
        "not_confirmed": _("Enter the e-mail address of the account to erase it."),
        "bad_address": _("Enter an IPv4 or IPv6 address."),
        "already_on": _("Two-factor authentication is already on."),
        "not_started": _("Start the setup first."),
        "wrong_passkey": _("This passkey was not accepted. Try again, or sign in another way."),
        "passkey_expired": _("The time to use the passkey has expired. Try again."),
        "known_passkey": _("This passkey has already been added."),
        "too_many_passkeys": _("You can have at most %(max)s passkeys. Remove one first.", max=MAX_PASSKEYS),
        "password_first": _(
            "The password of this account was reset. Sign in once with the new password and this passkey; "
            "after that, the passkey is enough."
        ),
        "sealed_otherwise": _(
            "Codes cannot be checked because the server’s key has changed. Use a recovery "
            "code, or ask an administrator to turn off your two-factor authentication."
        ),
    }[error.code]


#: Kinds of subjects of an event.
SUBJECT_KINDS: Final[Mapping[str, str]] = {
    "account": lazy_gettext("account"),
    "person": lazy_gettext("person"),
    "term": lazy_gettext("term"),
    "place": lazy_gettext("place"),
    "organisation": lazy_gettext("organisation"),
    "source": lazy_gettext("source"),
    "picture": lazy_gettext("picture"),
    "message": lazy_gettext("message"),
    "file": lazy_gettext("file"),
    "search": lazy_gettext("saved search"),
    "audit": lazy_gettext("audit log"),
    "webhook": lazy_gettext("webhook"),
}
#: Actions on accounts.
ACCOUNT_ACTIONS: Final[Mapping[str, str]] = {
    "invited": lazy_gettext("invited"),
    "invitation_made": lazy_gettext("invitation link created"),
    "invitation_accepted": lazy_gettext("invitation accepted"),
    "signed_in": lazy_gettext("signed in"),
    "password_given": lazy_gettext("password entered"),
    "sign_in_failed": lazy_gettext("sign-in failed"),
    "code_failed": lazy_gettext("wrong code"),
    "signed_out": lazy_gettext("signed out"),
    "signed_out_everywhere": lazy_gettext("signed out of all sessions"),
    "password_changed": lazy_gettext("password changed"),
    "reset_asked": lazy_gettext("password reset requested"),
    "reset_made": lazy_gettext("password reset link created"),
    "password_reset": lazy_gettext("password reset with link"),
    "second_factor_on": lazy_gettext("two-factor authentication turned on"),
    "second_factor_off": lazy_gettext("two-factor authentication turned off"),
    "recovery_codes_made": lazy_gettext("recovery codes generated"),
    "passkey_added": lazy_gettext("passkey added"),
    "passkey_removed": lazy_gettext("passkey removed"),
    "token_made": lazy_gettext("token created"),
    "token_revoked": lazy_gettext("token revoked"),
    "role_changed": lazy_gettext("role changed"),
    "deactivated": lazy_gettext("deactivated"),
    "activated": lazy_gettext("reactivated"),
    "erased": lazy_gettext("erased"),
    "addresses_erased": lazy_gettext("network addresses erased"),
    "sealed": lazy_gettext("older entries sealed"),
}
#: Actions on people, reference records and messages from the public.
RECORD_ACTIONS: Final[Mapping[str, str]] = {
    "published": lazy_gettext("published"),
    "tried_out": lazy_gettext("tested"),
    "paused": lazy_gettext("paused"),
    "secret_changed": lazy_gettext("secret key changed"),
    "withdrew": lazy_gettext("withdrawn from publication"),
    "brought_back": lazy_gettext("republished"),
    "redacted": lazy_gettext("redacted"),
    "added": lazy_gettext("added"),
    "changed": lazy_gettext("changed"),
    "accepted": lazy_gettext("accepted"),
    "removed": lazy_gettext("removed"),
    "renamed": lazy_gettext("renamed"),
    "merged": lazy_gettext("merged"),
    "unmerged": lazy_gettext("merge undone"),
    "merge_undone": lazy_gettext("merge undone"),
    "split": lazy_gettext("split"),
    "imported": lazy_gettext("imported"),
    "import_keep": lazy_gettext("import confirmed"),
    "import_drop": lazy_gettext("import file deleted"),
    "import_stop": lazy_gettext("import stopped"),
    "import_again": lazy_gettext("import restarted"),
    "import_handed_in": lazy_gettext("imported drafts submitted for review"),
    "exported": lazy_gettext("exported to a file"),
    "picture_added": lazy_gettext("picture added"),
    "picture_changed": lazy_gettext("picture changed"),
    "picture_removed": lazy_gettext("picture removed"),
    "search_kept": lazy_gettext("search saved"),
    "search_removed": lazy_gettext("saved search deleted"),
    "registered_again": lazy_gettext("registered again"),
    "struck_off": lazy_gettext("removed from the register"),
    "message_accepted": lazy_gettext("message accepted"),
    "message_closed": lazy_gettext("message closed"),
    "message_declined": lazy_gettext("message declined"),
    "message_deleted": lazy_gettext("message deleted"),
    "message_drafted": lazy_gettext("draft created from a message"),
    "message_published": lazy_gettext("published from a message"),
    "message_redacted": lazy_gettext("message redacted"),
    "message_registered": lazy_gettext("organisation registered"),
    "message_reopened": lazy_gettext("message reopened"),
    "message_replied": lazy_gettext("reply sent"),
    "message_spam": lazy_gettext("message marked as spam"),
    "message_withdrew": lazy_gettext("withdrawn after an objection"),
}
#: Names of the details of an event.
DETAIL_LABELS: Final[Mapping[str, str]] = {
    "about": lazy_gettext("message type"),
    "after": lazy_gettext("after"),
    "before": lazy_gettext("before"),
    "changed": lazy_gettext("changed"),
    "factor": lazy_gettext("sign-in method"),
    "into": lazy_gettext("target record"),
    "kept": lazy_gettext("target record"),
    "licence": lazy_gettext("licence"),
    "name": lazy_gettext("name"),
    "new": lazy_gettext("new record"),
    "number": lazy_gettext("number"),
    "other": lazy_gettext("other record"),
    "people": lazy_gettext("people"),
    "published": lazy_gettext("published"),
    "reason": lazy_gettext("reason"),
    "refused": lazy_gettext("rejected"),
    "revision": lazy_gettext("version"),
    "role": lazy_gettext("role"),
    "run": lazy_gettext("import"),
    "same": lazy_gettext("unchanged"),
    "scopes": lazy_gettext("permissions"),
    "sessions": lazy_gettext("sessions"),
    "shared": lazy_gettext("shared with others"),
}
#: Factors of a sign-in besides the password.
FACTOR_LABELS: Final[Mapping[str, str]] = {
    "code": lazy_gettext("code"),
    "passkey": lazy_gettext("passkey"),
    "recovery_code": lazy_gettext("recovery code"),
}
_YES_NO: Final = (lazy_gettext("no"), lazy_gettext("yes"))
#: Details whose values have labels.
_VALUE_LABELS: Final[Mapping[str, Callable[[str], str]]] = {
    "factor": lambda factor: str(FACTOR_LABELS.get(factor, factor)),
    "about": lambda kind: str(MESSAGE_KIND_LABELS.get(kind, kind)),
    "role": role_label,
    "scopes": scope_label,
}
_ACTION_LABELS: Final = {**ACCOUNT_ACTIONS, **RECORD_ACTIONS}


def action_label(action: str) -> str:
    return str(_ACTION_LABELS.get(action, action))


def detail_label(name: str, value: object) -> str:
    """Return a detail of an event with its label: `revision: 3`."""
    values = value if isinstance(value, list) else [value]
    text = ", ".join(_VALUE_LABELS.get(name, str)(str(item)) for item in values)
    if isinstance(value, bool):
        text = str(_YES_NO[value])
    return f"{DETAIL_LABELS.get(name) or subject_kind_label(name)}: {text}"


def subject_kind_label(kind: str) -> str:
    return str(SUBJECT_KINDS.get(kind, kind))
