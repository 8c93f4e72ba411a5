"""Records that cannot be kept, changed or shown as was asked."""

from collections.abc import Sequence

from biobank.errors.base import BiobankError, Problem


class RecordRefused(BiobankError):
    """A record that is not valid; nothing of it was written."""

    code = "record_refused"

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(str(problem) for problem in problems))
        self.problems = tuple(problems)


class NotFound(BiobankError):
    """There is no such thing, or it is not public."""

    code = "not_found"


class Gone(BiobankError):
    """It was here and is not any more; what stays is when that was."""

    code = "gone"


class EditConflict(BiobankError):
    """Somebody saved meanwhile: what was written began from `base`, the newest is `head`."""

    code = "edit_conflict"

    def __init__(self, person_id: str, base: int | None, head: int) -> None:
        super().__init__(
            f"Revision {head} of {person_id!r} was saved meanwhile; what was sent began from "
            f"{base or 'nothing'}. Read the newest and send again."
        )
        self.person_id = person_id
        self.base = base
        self.head = head


class NoPrecondition(BiobankError):
    """A change that does not say which revision it began from."""

    code = "precondition_required"


class ReferenceChanged(BiobankError):
    """Somebody changed a term, place, organisation or source meanwhile; nothing was written.

    `current` is what it says now.
    """

    code = "reference_changed"

    def __init__(self, current: dict[str, object]) -> None:
        super().__init__("Somebody changed it meanwhile. Read the newest and send again.")
        self.current = current


class StillUsed(BiobankError):
    """What others refer to is not taken away."""

    code = "still_used"


class WrongState(BiobankError):
    """A record is not in the state from which this can be done."""

    code = "wrong_state"


class CopyRefused(BiobankError):
    """A working copy that is not kept; the code, `copy_too_long` or `too_many_copies`, says why."""

    code = "copy_too_long"


class MergeRefused(WrongState):
    """Two records that cannot be merged, or a merge that cannot be undone.

    `why`: same, draft_kept, absent, undone, kept_absent, back, redacted. `subject` is the id it
    is about.
    """

    def __init__(self, why: str, message: str, subject: str = "") -> None:
        super().__init__(message)
        self.why = why
        self.subject = subject
