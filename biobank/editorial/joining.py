"""Resolution of concurrent edits of one record: differences, conflicts and chosen values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from biobank.editorial import history, saving
from biobank.editorial.models import Revision
from biobank.editorial.summary import TEXTS
from biobank.editorial.three_way import Conflict, Merged, choose, merge
from biobank.errors import NotFound, Problem, RecordRefused

Path = tuple[str, ...]


@dataclass(frozen=True)
class Meeting:
    """A record `ours`, edited from `base`, merged with the `latest` revision of another user."""

    base: Revision
    head: Revision
    ours: Mapping[str, Any]
    merged: Merged


def meet(session: Session, person_id: str, base: int, ours: Mapping[str, Any]) -> Meeting:
    """Merge `ours`, edited from revision `base`, with the latest revision.

    Raises:
        NotFound: if one of the revisions does not exist.
    """
    newest = saving.head(session, person_id)
    if newest is None:
        raise NotFound(f"There is no person {person_id[:120]!r}.")
    began = history.at(session, person_id, base, public=False)
    return Meeting(began, newest, ours, merge(began.record, ours, newest.record))


def joined(
    meeting: Meeting, choices: Mapping[str, str], texts: Mapping[str, str]
) -> dict[str, Any]:
    """Return the merged record with the conflicts resolved.

    `choices` maps the path of each conflict to `mine`, `theirs`, or `text` for the value in
    `texts`.

    Raises:
        RecordRefused: with a problem for every conflict without a choice.
    """
    chosen: dict[Path, Any] = {}
    problems: list[Problem] = []
    for conflict in meeting.merged.conflicts:
        name = ".".join(conflict.path)
        choice = choices.get(name, "")
        if choice == "mine":
            chosen[conflict.path] = conflict.ours
        elif choice == "theirs":
            chosen[conflict.path] = conflict.theirs
        elif choice == "text" and is_text(conflict):
            chosen[conflict.path] = texts.get(name, "").strip() or None
        else:
            problems.append(Problem(name, "not_chosen", "Choose one of the two."))
    if problems:
        raise RecordRefused(problems)
    return choose(meeting.merged, chosen)


def is_text(conflict: Conflict) -> bool:
    """Return whether the conflict is about one text, which may be rewritten from both versions."""
    return conflict.path[0] in TEXTS
