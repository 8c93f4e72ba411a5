"""What the forms of merging send, read within bounds."""

from dataclasses import dataclass, field

from flask import request

from biobank.editorial.merging.dividing import WHOSE
from biobank.editorial.merging.parts import SIDES
from biobank.web.account.forms import typed
from biobank.web.desk.review.deciding import long_text

#: What the names of choices begin with.
TAKE = "take."
#: Choices of one form, and characters of the name of one.
CHOICES_MOST = 2_000
NAME_MOST = 120
#: Characters of why.
TEXT_MOST = 500
#: Digits of the number of a revision.
DIGITS_MOST = 7


@dataclass(frozen=True)
class Sent:
    """The two ids, the revisions that were seen of them, what was chosen, and why."""

    kept: str
    gone: str
    base_kept: int = 0
    base_gone: int = 0
    choices: dict[str, str] = field(default_factory=dict)
    text: str = ""


def asked_for() -> Sent:
    """The two that the address names."""
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
    """What was chosen by the key of what it is about; what is no choice is left out."""
    found = [
        (name.removeprefix(TAKE), value)
        for name, value in request.form.items()
        if name.startswith(TAKE) and len(name) <= NAME_MOST and value in among
    ]
    return dict(found[:CHOICES_MOST])


def reason() -> str:
    """Why, in some lines."""
    return long_text("text", TEXT_MOST)


def whole(name: str) -> int:
    """A number that the form carries; 0 where it carries none."""
    text = typed(name)
    fits = text.isascii() and text.isdecimal() and len(text) <= DIGITS_MOST
    return int(text) if fits else 0


def _id(text: str) -> str:
    return text.strip()[:NAME_MOST]
