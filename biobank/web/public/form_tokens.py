"""Signed tokens of public forms: CSRF protection without a cookie, valid for some hours.

A token carries the reference of the message, so that a form is accepted once, and its time:
a form that returns within three seconds was not filled in by a person.
"""

import secrets
import time
from dataclasses import dataclass
from typing import Literal

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

#: Minimum and maximum age of a submitted form in seconds.
MIN_FORM_AGE_SECONDS, MAX_FORM_AGE_SECONDS = 3.0, 12 * 3600.0
#: Characters of a reference, without those that look alike.
REFERENCE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
#: Maximum characters of a token; valid ones have about 120.
MAX_TOKEN_CHARS = 400

TokenProblem = Literal["", "foreign", "old", "quick"]


@dataclass(frozen=True)
class FormToken:
    """A submitted token; `problem` is empty if it is valid."""

    text: str
    reference: str
    problem: TokenProblem


def issue_form_token(form: str, timestamp: float | None = None) -> str:
    """Return a token for the form with the scope `form`, issued now or at a Unix timestamp."""
    issued_at = round(time.time() if timestamp is None else timestamp, 2)
    return str(_signer().dumps([form, _generate_reference(), issued_at]))


def verify_form_token(form: str, text: str) -> FormToken:
    """Verify the token `text` that was submitted with `form`."""
    try:
        token_form, reference, issued_at = _signer().loads(text[:MAX_TOKEN_CHARS])
    except (BadSignature, ValueError):
        return FormToken(text, "", "foreign")
    age = time.time() - issued_at
    if token_form != form or age > MAX_FORM_AGE_SECONDS:
        return FormToken(text, "", "old" if token_form == form else "foreign")
    return FormToken(text, reference, "quick" if age < MIN_FORM_AGE_SECONDS else "")


def _generate_reference() -> str:
    """Return a random reference of two groups of four characters (about 10^12 values)."""
    characters = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(8))
    return f"{characters[:4]}-{characters[4:]}"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="forms of everybody")
