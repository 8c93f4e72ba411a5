"""The list of users and the form that invites one."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, url_for
from flask.typing import ResponseReturnValue

from biobank.accounts import queries
from biobank.accounts.identity import ROLES
from biobank.accounts.models import User
from biobank.common.i18n import LANGUAGE_NAMES
from biobank.errors import NotFound
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.web.account.forms import AccountFormError, text_input
from biobank.web.account.labels import role_label, user_state_label
from biobank.web.account.link_delivery import LinkDelivery
from biobank.web.account.pages import render_account_page
from biobank.web.core.gettext import _
from biobank.web.core.pagination import make_pagination


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
    error: AccountFormError | None = None, delivery: LinkDelivery | None = None, page: int = 1
) -> ResponseReturnValue:
    """Render the list of users.

    Raises:
        NotFound: if the list has no such page.
    """
    users, total = queries.list_users_page(services.database, identity(), page)
    if not users and page > 1:
        raise NotFound(_("This page of the list does not exist."))
    return render_account_page(
        "account/users.html",
        _("Users"),
        error,
        rows=_user_rows(users),
        paging=make_pagination(
            page,
            queries.PAGE_SIZE,
            total,
            lambda number: url_for("web.users", lang=g.lang, page=number),
        ),
        roles=[(role, role_label(role)) for role in ROLES],
        languages=LANGUAGE_NAMES,
        handed=delivery,
        typed=text_input if error else lambda _name: "",
    )


def _user_rows(users: Sequence[User]) -> list[UserRow]:
    actor = identity()
    return [
        UserRow(
            user.id,
            user.email,
            user.name,
            user.role,
            role_label(user.role),
            queries.user_state(user),
            user_state_label(queries.user_state(user)),
            second_factor=user.totp is not None,
            own=user.id == actor.user_id,
        )
        for user in users
    ]
