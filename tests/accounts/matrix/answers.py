"""Callers and the statuses they are expected to get."""

from dataclasses import dataclass, field

from biobank.accounts.identity import ROLES, SCOPES_OF

NOBODY = "nobody"
TOKENS = tuple(f"token {scope}" for scope in SCOPES_OF["admin"])
CALLERS = (NOBODY, *ROLES, *TOKENS)

Expected = dict[str, int]
Table = dict[tuple[str, str], "tuple[Case, ...]"]


def everybody(status: int = 200) -> Expected:
    """Return the same status for all callers: public routes."""
    return dict.fromkeys(CALLERS, status)


def known(status: int = 200, otherwise: int = 303) -> Expected:
    """Return statuses of pages for signed-in users; others are redirected, their forms get 401."""
    return everybody(otherwise) | dict.fromkeys(ROLES, status)


def admins(status: int = 200, otherwise: int = 303) -> Expected:
    """Return statuses of pages for administrators."""
    return known(403, otherwise) | {"admin": status}


def any_token(status: int = 200) -> Expected:
    """Return statuses of non-public API routes."""
    return everybody(401) | dict.fromkeys(TOKENS, status)


def strangers(status: int = 200) -> Expected:
    """Return statuses of pages that redirect signed-in users to their account."""
    return everybody(status) | dict.fromkeys(ROLES, 303)


@dataclass(frozen=True)
class Case:
    """A request and the expected status by caller."""

    address: str
    answers: Expected
    form: dict[str, str] = field(default_factory=dict)


def editors(status: int = 200, otherwise: int = 303) -> Expected:
    """Return statuses of pages for editors and administrators."""
    return known(403, otherwise) | {"editor": status, "admin": status}


def tokens_of(status: int, *scopes: str) -> Expected:
    """Return statuses of API routes for tokens with one of the scopes; sessions get 401."""
    theirs = {f"token {scope}": status for scope in scopes}
    return any_token(403) | theirs
