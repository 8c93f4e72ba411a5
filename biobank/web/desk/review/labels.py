"""Labels and messages of the review pages: states, notes, occurrences and errors."""

from flask_babel import lazy_gettext

from biobank.errors import BiobankError, EditConflict, OwnWork
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
    "submitted": lazy_gettext("handed it in"),
    "returned": lazy_gettext("gave it back"),
    "published": lazy_gettext("published it"),
    "withdrawn": lazy_gettext("withdrew it"),
    "reopened": lazy_gettext("wrote on after it was handed in"),
}
#: Reasons of a withdrawal; "merged" is set by merging only.
WITHDRAWAL_LABELS = {
    "wish": lazy_gettext("the person’s own wish"),
    "mistake": lazy_gettext("a mistake"),
    "law": lazy_gettext("the law"),
    "merged": lazy_gettext("merged with another record"),
}
#: Labels of the places where redacted words may occur.
OCCURRENCE_LABELS = {
    "note": lazy_gettext("said of a revision"),
    "said": lazy_gettext("message of a revision"),
    "message": lazy_gettext("message of the public"),
    "answer": lazy_gettext("noted of a message, or answered"),
    "copy": lazy_gettext("a form that somebody left open"),
    "merge": lazy_gettext("said of a merge"),
    "import_line": lazy_gettext("a line in the report of an import"),
    "import_run": lazy_gettext("why an import failed"),
    "import_file": lazy_gettext("a file that waits to be imported: it is thrown away"),
    "import_name": lazy_gettext("the name of an imported file"),
    "import_key": lazy_gettext("the name of an imported file"),
    "import_unread": lazy_gettext("a waiting file that could not be looked through"),
    "revision": lazy_gettext("another revision"),
    "search": lazy_gettext("a search that somebody keeps: it is removed"),
    "reference_edit": lazy_gettext("how an entry of a reference list was before"),
    "reference_merge": lazy_gettext("what a merge of reference entries keeps to be undone"),
    "term": lazy_gettext("a term"),
    "place": lazy_gettext("a place"),
    "organisation": lazy_gettext("an organisation"),
    "registration": lazy_gettext("the register of organisations"),
    "source": lazy_gettext("a source"),
    "picture": lazy_gettext("what is said of a picture"),
    "other": lazy_gettext("the record of somebody else"),
    "unread": lazy_gettext("records of others, too many to be looked through here"),
    "redirect": lazy_gettext("an old id that leads here"),
    "account": lazy_gettext("an account"),
    "audit": lazy_gettext("the audit, which nobody can change"),
}
#: Messages about the action that was just performed.
DONE_MESSAGES = {
    "submit": lazy_gettext("Handed in. Somebody else reads it now."),
    "give_back": lazy_gettext("Given back."),
    "publish": lazy_gettext("Published. It is public now."),
    "comment": lazy_gettext("Your comment is there."),
    "withdraw": lazy_gettext("Withdrawn. A note that the person was here stays."),
    "bring_back": lazy_gettext("Public again."),
    "restore": lazy_gettext("Restored as a new draft. Nothing in between is lost."),
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
    authorship = _(
        "You wrote some of this: it is the work of %(writers)s.", writers=", ".join(error.writers)
    )
    if not error.publishers:
        return f"{authorship} " + _("No other editor is here yet to publish it: have one invited.")
    return f"{authorship} " + _(
        "An editor who wrote none of it publishes it: %(names)s.", names=", ".join(error.publishers)
    )


def error_text(error: BiobankError) -> str:
    """Return why an action is not possible."""
    if isinstance(error, EditConflict):
        return _(
            "Revision %(number)s was saved meanwhile. Look at it first, then decide.",
            number=error.latest,
        )
    if isinstance(error, OwnWork):
        return own_work_message(error)
    return {
        "wrong_state": _("The record is in another state by now. Look at it again."),
        "words_in_use": _("A revision in use says it too. Make one without it first."),
        "words_elsewhere": _("Something else holds the words than was shown. Look again."),
        "repeats_words": _("Give the reason without the words that have to go."),
        "no_reason": _("Say why: whoever wrote it will read it."),
        "bad_reason": _("Choose why."),
        "empty": _("Write something first."),
    }.get(error.code, error.message)
