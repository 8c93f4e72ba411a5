"""What the pages of review say of states, of what was done, and of why it cannot be."""

from flask_babel import lazy_gettext

from biobank.errors import BiobankError, EditConflict
from biobank.web.text import _

STATES = {
    "draft": lazy_gettext("draft"),
    "review": lazy_gettext("in review"),
    "published": lazy_gettext("published"),
    "withdrawn": lazy_gettext("withdrawn"),
}
#: What a note tells.
NOTES = {
    "comment": lazy_gettext("commented"),
    "submitted": lazy_gettext("handed it in"),
    "returned": lazy_gettext("gave it back"),
    "published": lazy_gettext("published it"),
    "withdrawn": lazy_gettext("withdrew it"),
    "reopened": lazy_gettext("wrote on after it was handed in"),
}
#: Why somebody is taken out; merging has a page of its own.
WITHDRAWALS = {
    "wish": lazy_gettext("the person’s own wish"),
    "mistake": lazy_gettext("a mistake"),
    "law": lazy_gettext("the law"),
    "merged": lazy_gettext("merged with another record"),
}
#: What has just been done, said on the page that comes after.
DONE = {
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


def state_words(state: str) -> str:
    return str(STATES.get(state, state))


def note_words(kind: str) -> str:
    return str(NOTES.get(kind, kind))


def withdrawal_words(reason: str) -> str:
    return str(WITHDRAWALS.get(reason, reason))


def done_words(what: str) -> str:
    """What was done, by the argument of the address; nothing where that is anything else."""
    return str(DONE[what]) if what in DONE else ""


def trouble_words(error: BiobankError) -> str:
    """Why a step cannot be taken."""
    if isinstance(error, EditConflict):
        return _(
            "Revision %(number)s was saved meanwhile. Look at it first, then decide.",
            number=error.head,
        )
    return {
        "wrong_state": _("The record is in another state by now. Look at it again."),
        "no_reason": _("Say why: whoever wrote it will read it."),
        "bad_reason": _("Choose why."),
        "empty": _("Write something first."),
    }.get(error.code, error.message)
