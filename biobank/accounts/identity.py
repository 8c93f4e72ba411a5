"""Who acts: handed to every service that writes, always as its first argument."""

from dataclasses import dataclass
from typing import Final, Literal

Role = Literal["anonymous", "contributor", "editor", "admin"]
Scope = Literal["read", "write", "publish", "admin"]
Via = Literal["nothing", "session", "token", "operator"]

#: Roles that a user may have, the least first.
ROLES: Final[tuple[Role, ...]] = ("contributor", "editor", "admin")
#: What a token of each role may be made for.
SCOPES_OF: Final[dict[Role, tuple[Scope, ...]]] = {
    "anonymous": (),
    "contributor": ("read", "write"),
    "editor": ("read", "write", "publish"),
    "admin": ("read", "write", "publish", "admin"),
}


@dataclass(frozen=True)
class Identity:
    """Who acts, with which rights, and how that is known.

    `name` is what revisions and the audit call them; `address` is where the request came from;
    `sign_in` is the id of the session, `scopes` are the token's.
    """

    role: Role
    via: Via
    name: str = ""
    user_id: int | None = None
    email: str = ""
    scopes: frozenset[Scope] = frozenset()
    address: str = ""
    sign_in: int | None = None

    @property
    def is_known(self) -> bool:
        return self.role != "anonymous"


#: Whoever runs the command line.
OPERATOR: Final = Identity(role="admin", via="operator", name="operator")


def anonymous(address: str = "") -> Identity:
    """Somebody from `address`, nobody knows who."""
    return Identity(role="anonymous", via="nothing", address=address)
