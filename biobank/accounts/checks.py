"""Validators of e-mail addresses, names, roles and languages."""

import re
import unicodedata

from biobank.accounts.identity import ROLES, Role
from biobank.accounts.models import EMAIL_MOST, NAME_MOST
from biobank.errors import AccountRefused
from biobank.i18n import LANGUAGES, is_language

#: Rejects impossible addresses; only an e-mail can prove that an address works.
_EMAIL = re.compile(r"[^\s@<>\",;:\\()\[\]]+@[^\s@<>\",;:\\()\[\]]+\.[^\s@<>\",;:\\()\[\]]+")


def fold_email(text: str) -> str:
    """Return the normalised address by which users are found: case is ignored."""
    return unicodedata.normalize("NFKC", text[: EMAIL_MOST + 1]).strip().casefold()


def checked_email(text: str) -> str:
    """Return the normalised e-mail address.

    Raises:
        AccountRefused: `bad_email`.
    """
    email = fold_email(text)
    if len(email) > EMAIL_MOST or not _EMAIL.fullmatch(email) or not email.isprintable():
        raise AccountRefused("This is no e-mail address.", code="bad_email")
    return email


def checked_name(text: str) -> str:
    """Return the name on one line.

    Raises:
        AccountRefused: `bad_name`: the name is empty, too long or holds invisible characters.
    """
    name = " ".join(text.split())
    # Persian names use U+200C (zero width non-joiner), which is invisible but separates letters.
    seen = name.replace("\u200c", "")
    if not seen or len(name) > NAME_MOST or not seen.isprintable():
        raise AccountRefused(f"A name has 1 to {NAME_MOST} characters.", code="bad_name")
    return name


def checked_role(text: str) -> Role:
    """Return the role named `text`.

    Raises:
        AccountRefused: `bad_role`.
    """
    for role in ROLES:
        if text == role:
            return role
    raise AccountRefused(f"A role is {', '.join(ROLES)}.", code="bad_role")


def checked_lang(text: str) -> str:
    """Return `text` if it is a language of the bank, else the default language."""
    return text if is_language(text) else LANGUAGES[0]
