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
SOONEST, LATEST = 3.0, 12 * 3600.0
#: Characters of a reference, without those that look alike.
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
#: Maximum characters of a token; valid ones have about 120.
PROOF_MOST = 400

Fault = Literal["", "foreign", "old", "quick"]


@dataclass(frozen=True)
class Proof:
    """A submitted token; `problem` is empty if it is valid."""

    text: str
    reference: str
    fault: Fault


def make_proof(form: str, at: float | None = None) -> str:
    """Return a token for the form with the scope `form`, issued now or at a Unix timestamp."""
    made = round(time.time() if at is None else at, 2)
    return str(_signer().dumps([form, _reference(), made]))


def read_proof(form: str, text: str) -> Proof:
    """Verify the token `text` that was submitted with `form`."""
    try:
        its_form, reference, made = _signer().loads(text[:PROOF_MOST])
    except (BadSignature, ValueError):
        return Proof(text, "", "foreign")
    age = time.time() - made
    if its_form != form or age > LATEST:
        return Proof(text, "", "old" if its_form == form else "foreign")
    return Proof(text, reference, "quick" if age < SOONEST else "")


def _reference() -> str:
    """Return a random reference of two groups of four characters (about 10^12 values)."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="forms of everybody")
