"""The proof that a form of everybody comes from a page of ours: signed, for some hours, no cookie.

It also carries the reference of the message, so that a form is taken once, and when it was made:
nobody reads a page and answers within three seconds.
"""

import secrets
import time
from dataclasses import dataclass
from typing import Literal

from flask import current_app
from itsdangerous import BadSignature, URLSafeSerializer

#: Seconds after which a form may come, and until when: one is left open over a day's work.
SOONEST, LATEST = 3.0, 12 * 3600.0
#: Letters of a reference: none that are taken for one another.
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
#: Characters of a proof; ours are about 120.
PROOF_MOST = 400

Fault = Literal["", "foreign", "old", "quick"]


@dataclass(frozen=True)
class Proof:
    """What a form came with; `fault` is empty where it holds."""

    text: str
    reference: str
    fault: Fault


def make_proof(form: str, at: float | None = None) -> str:
    """A proof for the form that is called `form`, made `at` that time (seconds, Unix)."""
    made = round(time.time() if at is None else at, 2)
    return str(_signer().dumps([form, _reference(), made]))


def read_proof(form: str, text: str) -> Proof:
    """What `text`, as it was sent with `form`, is worth."""
    try:
        its_form, reference, made = _signer().loads(text[:PROOF_MOST])
    except (BadSignature, ValueError):
        return Proof(text, "", "foreign")
    age = time.time() - made
    if its_form != form or age > LATEST:
        return Proof(text, "", "old" if its_form == form else "foreign")
    return Proof(text, reference, "quick" if age < SOONEST else "")


def _reference() -> str:
    """Four and four letters: a trillion, and nothing to be learnt from one but where it stands."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="forms of everybody")
