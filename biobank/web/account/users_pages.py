"""The list of users."""

from dataclasses import dataclass

from flask.typing import ResponseReturnValue

from biobank.access import identity
from biobank.accounts import directory
from biobank.accounts.identity import ROLES
from biobank.extensions import services
from biobank.i18n import LANGUAGE_NAMES
from biobank.web.account.forms import Refusal, typed
from biobank.web.account.mail import Handed
from biobank.web.account.pages import render
from biobank.web.account.words import role_words, state_words
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
