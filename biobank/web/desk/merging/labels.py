"""Labels and messages of merging: parts, outcomes and errors."""

from biobank.editorial.merging.field_choices import FieldChoice
from biobank.errors import BiobankError, EditConflict, MergeRefused, NotFound, RecordRefused
from biobank.search.labels import LANGUAGE_LABELS
from biobank.web.core.gettext import _
from biobank.web.desk.layout import FieldError
from biobank.web.revisions.labels import field_title, part_title


def part_label(part: FieldChoice, lang: str) -> str:
    """Return the label of a part within its field, such as "Date"; empty for a whole field."""
    if part.key.startswith("preferred."):
        code = part.key.removeprefix("preferred.")
        language = LANGUAGE_LABELS[code][lang] if code in LANGUAGE_LABELS else code
        return _("The preferred one: %(language)s", language=language)
    name = part.key.rpartition(".")[2]
    if part.path[0] in ("birth", "death", "floruit"):
        return part_title((part.path[0], name), lang)
    return part_title(part.path, lang) if len(part.path) > 1 else ""


def outcome_label(part: FieldChoice) -> str:
    """Return the outcome of a part that leaves nothing to choose."""
    side = next(iter(part.offers))
    if side == "neither":
        return _("Goes: a tie between the two.")
    if part.survivor is not None and part.duplicate is not None:
        return _("Both in one.")
    return _("Stays.") if side == "kept" else _("Comes along.")


def option_label(part: FieldChoice, side: str) -> str:
    if part.survivor is None:
        return _("Take along") if side == "gone" else _("Leave behind")
    return {
        "kept": _("Of the one that stays"),
        "gone": _("Of the one that goes"),
        "both": _("Both"),
    }[side]


def field_errors(error: BiobankError | None) -> list[FieldError]:
    """Return the error messages shown above the form."""
    if error is None:
        return []
    if isinstance(error, RecordRefused):
        return [
            FieldError(_problem_text(problem.path, problem.code, problem.message))
            for problem in error.problems
        ]
    return [FieldError(_error_text(error))]


def _error_text(error: BiobankError) -> str:
    if isinstance(error, EditConflict):
        return _("Somebody saved %(id)s meanwhile. This is how it is now.", id=error.person_id)
    if isinstance(error, NotFound):
        return _("There is no such record.")
    if not isinstance(error, MergeRefused):
        return error.message
    return {
        "same": _("These two are one record already. Choose another one."),
        "draft_kept": _("Only the other one is public. Keep that one: else readers find a draft."),
        "absent": _("%(id)s was taken out of the bank, or merged already.", id=error.subject),
        "undone": _("This merge was undone already."),
        "kept_absent": _("%(id)s is not there itself. Bring it back first.", id=error.subject),
        "back": _("%(id)s is in the bank again; there is nothing to undo.", id=error.subject),
        "redacted": _("What %(id)s said was redacted and cannot come back.", id=error.subject),
    }[error.reason]


def _problem_text(path: str, code: str, message: str) -> str:
    if code == "no_name" and path == "goes":
        return _("Choose a name for the new person, and what else is about them.")
    if code == "no_name":
        return _("A name has to stay with this person.")
    field = path.partition(".")[0].partition("[")[0]
    return f"{field_title(field)}: {message}" if field else message
