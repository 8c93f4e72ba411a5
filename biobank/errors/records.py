"""Errors of reading, saving and changing records."""

from collections.abc import Sequence
from typing import Self

from biobank.errors.base import BiobankError, FieldError


class RecordRefused(BiobankError):
    """The record is invalid; nothing was written."""

    code = "record_refused"

    def __init__(self, problems: Sequence[FieldError]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = tuple(problems)

    @classmethod
    def of_field(cls, path: str, code: str, message: str) -> Self:
        """Return the refusal of one field."""
        return cls([FieldError(path, code, message)])


class NotFound(BiobankError):
    """The object does not exist or is not public."""

    code = "not_found"

    @classmethod
    def person(cls, person_id: str) -> Self:
        """Return the error for a person."""
        return cls(f"There is no person {person_id[:120]!r}.")

    @classmethod
    def revision(cls, person_id: str, number: int) -> Self:
        """Return the error for a revision of a person."""
        return cls(f"There is no revision {number} of {person_id[:120]!r}.")


class Gone(BiobankError):
    """The object was removed; the tombstone has the time of removal."""

    code = "gone"


class EditConflict(BiobankError):
    """Another revision was saved meanwhile: the edit began from `base`, `latest` is newer."""

    code = "edit_conflict"

    def __init__(self, person_id: str, base: int | None, latest: int) -> None:
        super().__init__(
            f"Revision {latest} of {person_id!r} was saved in the meantime; this change is based on "
            f"{f'revision {base}' if base else 'no revision'}. Load the latest revision and send the change again."
        )
        self.person_id = person_id
        self.base = base
        self.latest = latest


class NoPrecondition(BiobankError):
    """A change that does not name the revision it began from."""

    code = "precondition_required"


class ReferenceChanged(BiobankError):
    """A reference record was changed meanwhile; nothing was written.

    `current` is its current content.
    """

    code = "reference_changed"

    def __init__(self, current: dict[str, object]) -> None:
        super().__init__(
            "It was changed in the meantime. Load the current version and send the change again."
        )
        self.current = current


class StillUsed(BiobankError):
    """The object is referenced and cannot be removed."""

    code = "still_used"


class WrongState(BiobankError):
    """The record's state does not allow the action."""

    code = "wrong_state"


class CopyRefused(BiobankError):
    """A working copy is not saved; `code` is `copy_too_long` or `too_many_copies`."""

    code = "copy_too_long"


class MergeRefused(WrongState):
    """Two records cannot be merged, or a merge cannot be undone.

    `reason`: same, draft_kept, absent, undone, kept_absent, back, redacted. `subject` is the id
    concerned.
    """

    def __init__(self, reason: str, message: str, subject: str = "") -> None:
        super().__init__(message)
        self.reason = reason
        self.subject = subject
