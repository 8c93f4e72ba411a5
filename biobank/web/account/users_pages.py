"""The list of users and the form that invites one."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, url_for
from flask.typing import ResponseReturnValue

from biobank.access import identity
from biobank.accounts import directory
from biobank.accounts.identity import ROLES
from biobank.accounts.models import User
from biobank.errors import NotFound
from biobank.extensions import services
from biobank.i18n import LANGUAGE_NAMES
from biobank.web.account.forms import Refusal, typed
from biobank.web.account.mail import Handed
from biobank.web.account.pages import render
from biobank.web.account.words import role_words, state_words
from biobank.web.paging import make_paging
from biobank.web.text import _


@dataclass(frozen=True)
class UserRow:
    """A user in the list; `own` marks the viewer, who cannot change their own row here."""

    id: int
    email: str
    name: str
    role: str
    role_label: str
    state: str
    state_label: str
    second_factor: bool
    own: bool


def users_page(
    error: Refusal | None = None, handed: Handed | None = None, page: int = 1
) -> ResponseReturnValue:
    """Render the list of users.

    Raises:
        NotFound: if the list has no such page.
    """
    found, total = directory.page_of_users(services.database, identity(), page)
    if not found and page > 1:
        raise NotFound(_("There is no such page in the list."))
    return render(
        "account/users.html",
        _("Users"),
        error,
        rows=_rows(found),
        paging=make_paging(
            page, directory.PAGE, total, lambda it: url_for("web.users", lang=g.lang, page=it)
        ),
        roles=[(role, role_words(role)) for role in ROLES],
        languages=LANGUAGE_NAMES,
        handed=handed,
        typed=typed if error else lambda _name: "",
    )


def _rows(users: Sequence[User]) -> list[UserRow]:
    who = identity()
    return [
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
        for user in users
    ]
