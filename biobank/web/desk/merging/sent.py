"""Form readers of the merge and split forms, with limits on every value."""

from dataclasses import dataclass, field

from flask import request

from biobank.editorial.merging.dividing import WHOSE
from biobank.editorial.merging.parts import SIDES
from biobank.web.account.forms import typed
from biobank.web.desk.review.deciding import long_text

#: Prefix of the field names of choices.
TAKE = "take."
#: Maximum number of choices of one form, and length of a field name in characters.
CHOICES_MOST = 2_000
NAME_MOST = 120
#: Maximum length of the reason, in characters.
TEXT_MOST = 500
#: Maximum number of digits of a revision number.
DIGITS_MOST = 7


@dataclass(frozen=True)
class Sent:
    """The submitted merge: ids, the revisions that were shown, choices and reason."""

    kept: str
    gone: str
    base_kept: int = 0
    base_gone: int = 0
    choices: dict[str, str] = field(default_factory=dict)
    text: str = ""


def asked_for() -> Sent:
    """Return the two records that the URL names."""
    return Sent(_id(request.args.get("kept", "")), _id(request.args.get("gone", "")))


def sent_merge() -> Sent:
    return Sent(
        _id(typed("kept")),
        _id(typed("gone")),
        whole("base_kept"),
        whole("base_gone"),
        choices(SIDES),
        reason(),
    )


def choices(among: tuple[str, ...] = WHOSE) -> dict[str, str]:
    """Return the submitted choices by part key; invalid ones are left out."""
    found = [
        (name.removeprefix(TAKE), value)
        for name, value in request.form.items()
        if name.startswith(TAKE) and len(name) <= NAME_MOST and value in among
    ]
    return dict(found[:CHOICES_MOST])


def reason() -> str:
    """Return the submitted reason, a text of several lines."""
    return long_text("text", TEXT_MOST)


def whole(name: str) -> int:
    """Return a submitted integer; 0 if it is missing or invalid."""
    text = typed(name)
    fits = text.isascii() and text.isdecimal() and len(text) <= DIGITS_MOST
    return int(text) if fits else 0


def _id(text: str) -> str:
    return text.strip()[:NAME_MOST]
