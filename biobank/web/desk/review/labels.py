"""Labels and messages of the review pages: states, notes, occurrences and errors."""

import re

from flask_babel import lazy_gettext

from biobank.errors import BiobankError, EditConflict, FieldError, OwnWork, RecordRefused
from biobank.web.core.gettext import _

REVISION_STATE_LABELS = {
    "draft": lazy_gettext("draft"),
    "review": lazy_gettext("in review"),
    "published": lazy_gettext("published"),
    "withdrawn": lazy_gettext("withdrawn"),
}
#: Labels of review notes.
REVIEW_NOTE_LABELS = {
    "comment": lazy_gettext("commented"),
    "submitted": lazy_gettext("submitted for review"),
    "returned": lazy_gettext("returned this for changes"),
    "published": lazy_gettext("published this version"),
    "withdrawn": lazy_gettext("withdrew this biography"),
    "reopened": lazy_gettext("edited this again after submitting it"),
}
#: Reasons of a withdrawal; "merged" is set by merging only.
WITHDRAWAL_LABELS = {
    "wish": lazy_gettext("the person’s own request"),
    "mistake": lazy_gettext("error"),
    "law": lazy_gettext("legal requirement"),
    "merged": lazy_gettext("merged with another record"),
}
#: Labels of the places where redacted words may occur.
OCCURRENCE_LABELS = {
    "note": lazy_gettext("comment on a version"),
    "said": lazy_gettext("edit summary"),
    "message": lazy_gettext("message from a reader"),
    "answer": lazy_gettext("note on a message, or a reply"),
    "copy": lazy_gettext("unsaved form"),
    "merge": lazy_gettext("note on a merge"),
    "import_line": lazy_gettext("line in an import report"),
    "import_run": lazy_gettext("reason for a failed import"),
    "import_file": lazy_gettext("file waiting to be imported (will be deleted)"),
    "import_name": lazy_gettext("name of an imported file"),
    "import_key": lazy_gettext("name of an imported file"),
    "import_unread": lazy_gettext("waiting file that could not be checked"),
    "search": lazy_gettext("saved search (will be deleted)"),
    "reference_edit": lazy_gettext("earlier state of an authority record"),
    "reference_merge": lazy_gettext("data for undoing a merge of authority records"),
    "term": lazy_gettext("term"),
    "place": lazy_gettext("place"),
    "organisation": lazy_gettext("organisation"),
    "source": lazy_gettext("source"),
    "picture": lazy_gettext("picture details"),
    "other": lazy_gettext("another person’s record"),
    "unread": lazy_gettext("records of other people (too many to check here)"),
    "audit": lazy_gettext("audit log (cannot be changed)"),
}
#: Messages about the action that was just performed.
DONE_MESSAGES = {
    "submit": lazy_gettext("Submitted for review. Another editor will review it."),
    "give_back": lazy_gettext("Returned for changes."),
    "publish": lazy_gettext("Published. The biography is now visible to everyone."),
    "comment": lazy_gettext("Comment added."),
    "withdraw": lazy_gettext("Withdrawn. A note that there was a biography here remains."),
    "bring_back": lazy_gettext("Republished."),
    "restore": lazy_gettext("Restored as a new draft. The versions in between remain in the history."),
    "saved": lazy_gettext("Saved as a new draft."),
    "redact": lazy_gettext("Redacted."),
}


def state_label(state: str) -> str:
    return str(REVISION_STATE_LABELS.get(state, state))


def note_label(kind: str) -> str:
    return str(REVIEW_NOTE_LABELS.get(kind, kind))


def withdrawal_label(reason: str) -> str:
    return str(WITHDRAWAL_LABELS.get(reason, reason))


def occurrence_label(kind: str) -> str:
    return str(OCCURRENCE_LABELS.get(kind, kind))


def done_message(action: str) -> str:
    """Return the message of the performed action; empty for an unknown one."""
    return str(DONE_MESSAGES[action]) if action in DONE_MESSAGES else ""


def own_work_message(error: OwnWork) -> str:
    """Return whose work a revision is and who may publish it."""
    authorship = _("You contributed to this version. Authors: %(writers)s.", writers=", ".join(error.writers))
    if not error.publishers:
        return f"{authorship} " + _("No other editor can publish it yet. Ask an administrator to invite one.")
    return f"{authorship} " + _(
        "An editor who did not contribute can publish it: %(names)s.", names=", ".join(error.publishers)
    )


def error_text(error: BiobankError) -> str:
    """Return why an action is not possible."""
    if isinstance(error, EditConflict):
        return _(
            "Version %(number)s was saved in the meantime. Check it before you decide.", number=error.latest
        )
    if isinstance(error, OwnWork):
        return own_work_message(error)
    return {
        "wrong_state": _("The status of the record has changed. Check it again."),
        "words_in_use": _("The version in use also contains this. First create a version without it."),
        "words_elsewhere": _("This content now appears in other places too. Check the list again."),
        "repeats_words": _("Enter a reason that does not repeat the content to be redacted."),
        "no_reason": _("Enter a reason. The author will see it."),
        "bad_reason": _("Choose a reason."),
        "empty": _("Enter some text first."),
    }.get(error.code, error.message)


_ID_REGEX = "[a-z0-9-]+"
#: Messages of merges and splits: `a → b`, or `a → b, c` for two records.
_MERGE_PATTERN = re.compile(
    f"(?P<first>{_ID_REGEX}) → (?P<last>{_ID_REGEX})(, (?P<other>{_ID_REGEX}))?(: (?P<why>.+))?", re.DOTALL
)
#: The message of a revision that attaches a picture.
PICTURE_ATTACHED = "A picture was put on."
#: The message of an imported revision, with the name of the file.
_IMPORT_PATTERN = re.compile("import of (?P<file>.+)")


def message_label(message: str) -> str:
    """Return the message of a revision; generated messages such as `a → b: why` are translated."""
    if message == PICTURE_ATTACHED:
        return _("Picture added.")
    if imported := _IMPORT_PATTERN.fullmatch(message):
        return _("Imported: %(file)s", file=imported["file"])
    match = _MERGE_PATTERN.fullmatch(message)
    if match is None:
        return message
    first, last, second, reason = match["first"], match["last"], match["other"], match["why"]
    text = (
        _("Separate records: %(first)s and %(second)s.", first=last, second=second)
        if second
        else _("Merged: %(gone)s into %(kept)s.", gone=first, kept=last)
    )
    return f"{text} {reason}" if reason else text


def field_errors(error: BiobankError) -> list[FieldError]:
    """Return the error messages of a failed action, each with its field."""
    if not isinstance(error, RecordRefused):
        return [FieldError(message=error_text(error))]
    return [
        FieldError(
            problem.path if problem.path in ("text", "reason") else "",
            message=error_text(BiobankError(problem.message, code=problem.code)),
        )
        for problem in error.problems
    ]


def status_code(error: BiobankError) -> int:
    """Return the HTTP status of an error; a record that changed meanwhile is a conflict."""
    return {RecordRefused: 422, OwnWork: 403}.get(type(error), 409)
