"""Labels and messages of merging: parts, outcomes and errors."""

from biobank.editorial.merging.field_choices import FieldChoice
from biobank.errors import BiobankError, EditConflict, FieldError, MergeRefused, NotFound, RecordRefused
from biobank.search.labels import LANGUAGE_LABELS
from biobank.web.core.gettext import _
from biobank.web.core.record_labels import field_title, part_title


def part_label(part: FieldChoice, lang: str) -> str:
    """Return the label of a part within its field, such as "Date"; empty for a whole field."""
    if part.key.startswith("preferred."):
        code = part.key.removeprefix("preferred.")
        language = LANGUAGE_LABELS[code].translate(lang) if code in LANGUAGE_LABELS else code
        return _("Preferred name: %(language)s", language=language)
    name = part.key.rpartition(".")[2]
    if part.path[0] in ("birth", "death", "floruit"):
        return part_title((part.path[0], name), lang)
    return part_title(part.path, lang) if len(part.path) > 1 else ""


def outcome_label(part: FieldChoice) -> str:
    """Return the outcome of a part that leaves nothing to choose."""
    side = next(iter(part.offers))
    if side == "neither":
        return _("Removed: this is a relationship between the two records.")
    if part.survivor is not None and part.duplicate is not None:
        return _("Combined.")
    return _("Unchanged.") if side == "kept" else _("Moved to the target record.")


def option_label(part: FieldChoice, side: str) -> str:
    if part.survivor is None:
        return _("Move to target record") if side == "gone" else _("Do not move")
    return {"kept": _("From the target record"), "gone": _("From the merged record"), "both": _("Both")}[side]


def field_errors(error: BiobankError | None) -> list[FieldError]:
    """Return the error messages shown above the form."""
    if error is None:
        return []
    if isinstance(error, RecordRefused):
        return [
            FieldError(message=_problem_text(problem.path, problem.code, problem.message))
            for problem in error.problems
        ]
    return [FieldError(message=_error_text(error))]


def _error_text(error: BiobankError) -> str:
    if isinstance(error, EditConflict):
        return _("Edit conflict: someone else saved %(id)s. This is the current version.", id=error.person_id)
    if isinstance(error, NotFound):
        return _("Record not found.")
    if not isinstance(error, MergeRefused):
        return error.message
    return {
        "same": _("These are the same record. Choose another one."),
        "draft_kept": _(
            "Only the other record is published. Make it the target record, or "
            "readers will be redirected to a draft."
        ),
        "absent": _("%(id)s has been removed or already merged.", id=error.subject),
        "undone": _("This merge has already been undone."),
        "kept_absent": _("%(id)s is not in the database. Restore it first.", id=error.subject),
        "back": _("%(id)s is already back in the database. There is nothing to undo.", id=error.subject),
        "redacted": _("The content of %(id)s was redacted and cannot be restored.", id=error.subject),
    }[error.reason]


def _problem_text(path: str, code: str, message: str) -> str:
    if code == "no_name" and path == "goes":
        return _("Choose a name for the new person, and select the other data that belongs to them.")
    if code == "no_name":
        return _("Leave at least one name with this person.")
    field = path.partition(".")[0].partition("[")[0]
    return f"{field_title(field)}: {message}" if field else message
