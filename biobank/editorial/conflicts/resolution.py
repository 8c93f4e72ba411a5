"""Resolution of concurrent edits of one record: differences, conflicts and chosen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from biobank.editorial.conflicts.three_way import Conflict, MergeResult, apply_choices, merge_records
from biobank.editorial.models import Revision
from biobank.editorial.revisions import history
from biobank.editorial.revisions.latest_revisions import latest_revision
from biobank.editorial.revisions.record_diff import LOCALIZED_FIELDS
from biobank.errors import FieldError, NotFound, RecordRefused

FieldPath = tuple[str, ...]


@dataclass(frozen=True)
class EditConflictView:
    """A record `ours`, edited from `base`, merged with the `latest` revision of another user."""

    base: Revision
    latest: Revision
    ours: Mapping[str, Any]
    merged: MergeResult


def merge_with_latest(
    session: Session, person_id: str, base: int, ours: Mapping[str, Any]
) -> EditConflictView:
    """Merge `ours`, edited from revision `base`, with the latest revision.

    Raises:
        NotFound: if one of the revisions does not exist.
    """
    latest = latest_revision(session, person_id)
    if latest is None:
        raise NotFound(f"There is no person {person_id[:120]!r}.")
    base_revision = history.get_revision(session, person_id, base, public=False)
    return EditConflictView(
        base_revision, latest, ours, merge_records(base_revision.record, ours, latest.record)
    )


def resolve_conflicts(
    view: EditConflictView, choices: Mapping[str, str], texts: Mapping[str, str]
) -> dict[str, Any]:
    """Return the merged record with the conflicts resolved.

    `choices` maps the path of each conflict to `mine`, `theirs`, or `text` for the value in
    `texts`.

    Raises:
        RecordRefused: with a problem for every conflict without a choice.
    """
    chosen: dict[FieldPath, Any] = {}
    problems: list[FieldError] = []
    for conflict in view.merged.conflicts:
        name = ".".join(conflict.path)
        choice = choices.get(name, "")
        if choice == "mine":
            chosen[conflict.path] = conflict.ours
        elif choice == "theirs":
            chosen[conflict.path] = conflict.theirs
        elif choice == "text" and is_text_conflict(conflict):
            chosen[conflict.path] = texts.get(name, "").strip() or None
        else:
            problems.append(FieldError(name, "not_chosen", "Choose one of the two versions."))
    if problems:
        raise RecordRefused(problems)
    return apply_choices(view.merged, chosen)


def is_text_conflict(conflict: Conflict) -> bool:
    """Return whether the conflict is about one text, which may be rewritten from both versions."""
    return conflict.path[0] in LOCALIZED_FIELDS
