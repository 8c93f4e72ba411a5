"""The identity of the caller, passed to every service that reads or writes."""

from dataclasses import dataclass
from typing import Final, Literal

Role = Literal["anonymous", "contributor", "editor", "admin"]
Scope = Literal["read", "write", "publish", "admin"]
Via = Literal["nothing", "session", "token", "operator"]

#: Roles of users, in increasing order of rights.
ROLES: Final[tuple[Role, ...]] = ("contributor", "editor", "admin")
#: Scopes that a token may have, by the role of its owner.
ROLE_SCOPES: Final[dict[Role, tuple[Scope, ...]]] = {
    "anonymous": (),
    "contributor": ("read", "write"),
    "editor": ("read", "write", "publish"),
    "admin": ("read", "write", "publish", "admin"),
}


@dataclass(frozen=True)
class Identity:
    """The identity of the caller: its role, and how it was authenticated.

    `name` appears in revisions and in the audit log, `ip_address` is where the request came from,
    `session_id` is the id of the session, `scopes` are those of the token.
    """

    role: Role
    via: Via
    name: str = ""
    user_id: int | None = None
    email: str = ""
    scopes: frozenset[Scope] = frozenset()
    ip_address: str = ""
    session_id: int | None = None

    @property
    def is_authenticated(self) -> bool:
        """Return whether the caller is authenticated."""
        return self.role != "anonymous"


#: The identity of the command line.
OPERATOR: Final = Identity(role="admin", via="operator", name="operator")


def anonymous(ip_address: str = "") -> Identity:
    """Return the identity of an unauthenticated caller."""
    return Identity(role="anonymous", via="nothing", ip_address=ip_address)
