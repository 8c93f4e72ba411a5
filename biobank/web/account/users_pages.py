"""The list of users, and the audit of accounts."""

from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from biobank.access import identity
from biobank.accounts import audit, directory
from biobank.accounts.clock import as_utc
from biobank.accounts.identity import ROLES
from biobank.accounts.models import AuditEvent
from biobank.extensions import services
from biobank.i18n import LANGUAGE_NAMES
from biobank.web.account.forms import Refusal, typed
from biobank.web.account.mail import Handed
from biobank.web.account.pages import render
from biobank.web.account.words import event_words, moment, role_words, state_words
from biobank.web.text import _


@dataclass(frozen=True)
class UserRow:
    """One user; `own` is whoever looks at the list, who does nothing to themselves here."""

    id: int
    email: str
    name: str
    role: str
    role_label: str
    state: str
    state_label: str
    second_factor: bool
    own: bool


@dataclass(frozen=True)
class EventRow:
    """One thing that happened."""

    at: str
    moment: str
    actor: str
    what: str
    subject: str
    detail: str
    address: str


def users_page(error: Refusal | None = None, handed: Handed | None = None) -> ResponseReturnValue:
    who = identity()
    rows = [
        UserRow(
            user.id,
            user.email,
            user.name,
            user.role,
            role_words(user.role),
            directory.state(user),
            state_words(directory.state(user)),
            second_factor=user.totp is not None,
            own=user.id == who.user_id,
        )
        for user in directory.everybody(services.database, who)
    ]
    return render(
        "account/users.html",
        _("Users"),
        error,
        rows=rows,
        roles=[(role, role_words(role)) for role in ROLES],
        languages=LANGUAGE_NAMES,
        handed=handed,
        typed=typed if error else lambda _name: "",
    )


def events_page(page: int) -> ResponseReturnValue:
    found, total = audit.events(services.database, identity(), page)
    more = page * audit.PAGE < total
    return render(
        "account/events.html",
        _("Audit"),
        rows=[_event(event) for event in found],
        newer=page - 1,
        older=page + 1 if more else 0,
    )


def _event(event: AuditEvent) -> EventRow:
    return EventRow(
        as_utc(event.at).isoformat(),
        moment(event.at),
        event.actor or _("somebody"),
        event_words(event.what),
        event.subject if event.subject != event.actor else "",
        ", ".join(f"{name}: {_plain(value)}" for name, value in sorted(event.detail.items())),
        event.address,
    )


def _plain(value: object) -> str:
    return " ".join(map(str, value)) if isinstance(value, list) else str(value)
