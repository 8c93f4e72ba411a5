"""Callers and the statuses they are expected to get."""

from dataclasses import dataclass, field

from biobank.accounts.identity import ROLE_SCOPES, ROLES

ANONYMOUS_CALLER = "nobody"
TOKENS = tuple(f"token {scope}" for scope in ROLE_SCOPES["admin"])
CALLERS = (ANONYMOUS_CALLER, *ROLES, *TOKENS)

Expected = dict[str, int]
Table = dict[tuple[str, str], "tuple[Case, ...]"]


def same_for_all(status: int = 200) -> Expected:
    """Return the same status for all callers: public routes."""
    return dict.fromkeys(CALLERS, status)


def signed_in(status: int = 200, otherwise: int = 303) -> Expected:
    """Return statuses of pages for signed-in users; others are redirected, their forms get 401."""
    return same_for_all(otherwise) | dict.fromkeys(ROLES, status)


def admins(status: int = 200, otherwise: int = 303) -> Expected:
    """Return statuses of pages for administrators."""
    return signed_in(403, otherwise) | {"admin": status}


def any_scope(status: int = 200) -> Expected:
    """Return statuses of non-public API routes."""
    return same_for_all(401) | dict.fromkeys(TOKENS, status)


def anonymous_only(status: int = 200) -> Expected:
    """Return statuses of pages that redirect signed-in users to their account."""
    return same_for_all(status) | dict.fromkeys(ROLES, 303)


@dataclass(frozen=True)
class Case:
    """A request and the expected status by caller."""

    address: str
    expected: Expected
    form: dict[str, str] = field(default_factory=dict)


def editors(status: int = 200, otherwise: int = 303) -> Expected:
    """Return statuses of pages for editors and administrators."""
    return signed_in(403, otherwise) | {"editor": status, "admin": status}


def for_scopes(status: int, *scopes: str) -> Expected:
    """Return statuses of API routes for tokens with one of the scopes; sessions get 401."""
    allowed = {f"token {scope}": status for scope in scopes}
    return any_scope(403) | allowed
