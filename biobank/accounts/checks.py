"""What is taken for an e-mail address, a name, a role, a language."""

import re
import unicodedata

from biobank.accounts.identity import ROLES, Role
from biobank.accounts.models import EMAIL_MOST, NAME_MOST
from biobank.errors import AccountRefused
from biobank.i18n import LANGUAGES, is_language

#: Whether an address works is only told by a letter to it; this keeps out what cannot be one.
_EMAIL = re.compile(r"[^\s@<>\",;:\\()\[\]]+@[^\s@<>\",;:\\()\[\]]+\.[^\s@<>\",;:\\()\[\]]+")


def fold_email(text: str) -> str:
    """An address as users are found by it: nobody has two that differ by capitals alone."""
    return unicodedata.normalize("NFKC", text[: EMAIL_MOST + 1]).strip().casefold()


def checked_email(text: str) -> str:
    email = fold_email(text)
    if len(email) > EMAIL_MOST or not _EMAIL.fullmatch(email) or not email.isprintable():
        raise AccountRefused("This is no e-mail address.", code="bad_email")
    return email


def checked_name(text: str) -> str:
    """A name on one line, without signs that are not seen."""
    name = " ".join(text.split())
    # Persian names are written with U+200C, which is not seen but parts letters.
    seen = name.replace("\u200c", "")
    if not seen or len(name) > NAME_MOST or not seen.isprintable():
        raise AccountRefused(f"A name has 1 to {NAME_MOST} characters.", code="bad_name")
    return name


def checked_role(text: str) -> Role:
    for role in ROLES:
        if text == role:
            return role
    raise AccountRefused(f"A role is {', '.join(ROLES)}.", code="bad_role")


def checked_lang(text: str) -> str:
    return text if is_language(text) else LANGUAGES[0]
