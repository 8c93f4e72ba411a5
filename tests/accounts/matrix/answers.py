"""Who asks, and what each is answered."""

from dataclasses import dataclass, field

from biobank.accounts.identity import ROLES, SCOPES_OF

NOBODY = "nobody"
TOKENS = tuple(f"token {scope}" for scope in SCOPES_OF["admin"])
CALLERS = (NOBODY, *ROLES, *TOKENS)

Expected = dict[str, int]
Table = dict[tuple[str, str], "tuple[Case, ...]"]


def everybody(status: int = 200) -> Expected:
    """What is public answers all alike."""
    return dict.fromkeys(CALLERS, status)


def known(status: int = 200, otherwise: int = 303) -> Expected:
    """Pages of those who are signed in; others are led to sign in, their forms refused by 401."""
    return everybody(otherwise) | dict.fromkeys(ROLES, status)


def admins(status: int = 200, otherwise: int = 303) -> Expected:
    """Pages of administrators."""
    return known(403, otherwise) | {"admin": status}


def any_token(status: int = 200) -> Expected:
    """Of the API, and not public."""
    return everybody(401) | dict.fromkeys(TOKENS, status)


def strangers(status: int = 200) -> Expected:
    """Pages that lead whoever is signed in to their account."""
    return everybody(status) | dict.fromkeys(ROLES, 303)


@dataclass(frozen=True)
class Case:
    """One address, what is sent to it, and what everybody is answered."""

    address: str
    answers: Expected
    form: dict[str, str] = field(default_factory=dict)


def editors(status: int = 200, otherwise: int = 303) -> Expected:
    """Pages of editors and administrators."""
    return known(403, otherwise) | {"editor": status, "admin": status}


def tokens_of(status: int, *scopes: str) -> Expected:
    """Of the API, for tokens of some scopes; others have no right, and sessions are nobody."""
    theirs = {f"token {scope}": status for scope in scopes}
    return any_token(403) | theirs
