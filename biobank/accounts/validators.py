"""Validators of e-mail addresses, names, roles and languages."""

import re
import unicodedata

from biobank.accounts.identity import ROLES, Role
from biobank.accounts.models import MAX_ACCOUNT_NAME_CHARS, MAX_EMAIL_CHARS
from biobank.common.i18n import LANGUAGES, is_language
from biobank.errors import AccountRefused

#: Rejects impossible addresses; only an e-mail can prove that an address works.
_EMAIL = re.compile(r"[^\s@<>\",;:\\()\[\]]+@[^\s@<>\",;:\\()\[\]]+\.[^\s@<>\",;:\\()\[\]]+")


def normalize_email(text: str) -> str:
    """Return the normalised address by which users are found: case is ignored."""
    return unicodedata.normalize("NFKC", text[: MAX_EMAIL_CHARS + 1]).strip().casefold()


def validate_email(text: str) -> str:
    """Return the normalised e-mail address.

    Raises:
        AccountRefused: `bad_email`.
    """
    email = normalize_email(text)
    if len(email) > MAX_EMAIL_CHARS or not _EMAIL.fullmatch(email) or not email.isprintable():
        raise AccountRefused("Enter a valid e-mail address.", code="bad_email")
    return email


def validate_name(text: str) -> str:
    """Return the name on one line.

    Raises:
        AccountRefused: `bad_name`: the name is empty, too long or holds invisible characters.
    """
    name = " ".join(text.split())
    # Persian names use U+200C (zero width non-joiner), which is invisible but separates letters.
    visible = name.replace("\u200c", "")
    if not visible or len(name) > MAX_ACCOUNT_NAME_CHARS or not visible.isprintable():
        raise AccountRefused(f"Enter a name of 1 to {MAX_ACCOUNT_NAME_CHARS} characters.", code="bad_name")
    return name


def validate_role(text: str) -> Role:
    """Return the role named `text`.

    Raises:
        AccountRefused: `bad_role`.
    """
    for role in ROLES:
        if text == role:
            return role
    raise AccountRefused(f"Choose a role: {', '.join(ROLES)}.", code="bad_role")


def language_or_default(text: str) -> str:
    """Return `text` if it is a language of the bank, else the default language."""
    return text if is_language(text) else LANGUAGES[0]
