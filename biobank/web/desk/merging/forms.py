"""Form readers of the merge and split forms, with limits on every value."""

from dataclasses import dataclass, field

from flask import request

from biobank.editorial.merging.field_choices import FIELD_SIDES
from biobank.editorial.merging.split import DESTINATIONS
from biobank.web.core.forms import query_arg, read_line, read_number, read_text

#: Prefix of the field names of choices.
MERGE_CHOICE_PREFIX = "take."
#: Maximum number of choices of one form, and length of a field name in characters.
MAX_MERGE_CHOICES = 2_000
MAX_CHOICE_NAME_CHARS = 120
#: Maximum length of the reason, in characters.
MAX_MERGE_REASON_CHARS = 500


@dataclass(frozen=True)
class MergeForm:
    """The submitted merge: ids, the revisions that were shown, choices and reason."""

    survivor_id: str
    duplicate_id: str
    survivor_base: int = 0
    duplicate_base: int = 0
    choices: dict[str, str] = field(default_factory=dict)
    text: str = ""


def requested_merge() -> MergeForm:
    """Return the two records that the URL names."""
    return MergeForm(query_arg("kept", MAX_CHOICE_NAME_CHARS), query_arg("gone", MAX_CHOICE_NAME_CHARS))


def submitted_merge() -> MergeForm:
    return MergeForm(
        read_line("kept", MAX_CHOICE_NAME_CHARS),
        read_line("gone", MAX_CHOICE_NAME_CHARS),
        read_number("base_kept") or 0,
        read_number("base_gone") or 0,
        submitted_choices(FIELD_SIDES),
        submitted_reason(),
    )


def submitted_choices(allowed: tuple[str, ...] = DESTINATIONS) -> dict[str, str]:
    """Return the submitted choices by part key; invalid ones are left out."""
    pairs = [
        (name.removeprefix(MERGE_CHOICE_PREFIX), value)
        for name, value in request.form.items()
        if name.startswith(MERGE_CHOICE_PREFIX) and len(name) <= MAX_CHOICE_NAME_CHARS and value in allowed
    ]
    return dict(pairs[:MAX_MERGE_CHOICES])


def submitted_reason() -> str:
    """Return the submitted reason, a text of several lines."""
    return read_text("text", MAX_MERGE_REASON_CHARS)
