"""Labels and messages of the inbox: states, flags, entries and errors."""

from flask_babel import lazy_gettext

from biobank.errors import BiobankError, FieldError, RecordRefused
from biobank.web.core.gettext import _

MESSAGE_STATE_LABELS = {
    "new": lazy_gettext("pending"),
    "accepted": lazy_gettext("accepted"),
    "declined": lazy_gettext("declined"),
    "spam": lazy_gettext("spam"),
    "closed": lazy_gettext("closed"),
}
MESSAGE_AGE_LABELS = {"week": lazy_gettext("more than a week"), "month": lazy_gettext("more than a month")}
SPAM_FLAG_LABELS = {
    "links": lazy_gettext("many links"),
    "repeated": lazy_gettext("repeated text"),
    "trap": lazy_gettext("filled in by a bot"),
}
#: Labels of the entries in the history of a message.
MESSAGE_NOTE_LABELS = {
    "accepted": lazy_gettext("accepted"),
    "declined": lazy_gettext("declined"),
    "spam": lazy_gettext("marked as spam"),
    "closed": lazy_gettext("closed"),
    "reopened": lazy_gettext("reopened"),
    "drafted": lazy_gettext("created a draft"),
    "withdrew": lazy_gettext("withdrew the biography"),
    "registered": lazy_gettext("added to the register"),
    "published": lazy_gettext("published the change"),
    "replied": lazy_gettext("replied"),
    "redacted": lazy_gettext("redacted the message"),
}
MESSAGE_ENTRY_LABELS = {
    "quote": lazy_gettext("Incorrect text"),
    "text": lazy_gettext("Suggested correction"),
    "source": lazy_gettext("Source of the information"),
    "names": lazy_gettext("Name"),
    "dates": lazy_gettext("Dates and places"),
    "what": lazy_gettext("What do you object to?"),
    "why": lazy_gettext("Reason"),
    "relation": lazy_gettext("Your relationship to this person"),
    "name_az": lazy_gettext("In Azerbaijani"),
    "name_en": lazy_gettext("In English"),
    "name_ru": lazy_gettext("In Russian"),
    "country": lazy_gettext("Country"),
    "city": lazy_gettext("City"),
    "founded": lazy_gettext("Founded"),
    "about": lazy_gettext("Activities of the organisation"),
    "website": lazy_gettext("Website"),
}


def field_errors(error: BiobankError) -> list[FieldError]:
    """Return the error messages of a failed action, each with its field."""
    if not isinstance(error, RecordRefused):
        return [FieldError(message=_state_error_text(error.code))]
    return [
        FieldError(_page_field(problem.path), message=_problem_text(problem.code) or str(problem.message))
        for problem in error.problems
    ]


def _page_field(path: str) -> str:
    """Return the form field of the page that a path of a record belongs to."""
    first = path.partition(".")[0].partition("[")[0]
    page_fields = ("reason", "reply", "value", "organisation", "kind", "place", "founded", "website")
    if first in page_fields:
        return first
    return {"names": "name-az", "summary": "summary", "country": ""}.get(first, "value")


def _problem_text(code: str) -> str:
    return {
        "missing": _("Fill in this field."),
        "long": _("The text is too long. Shorten it."),
        "same": _("The record already contains this."),
        "no_address": _("The sender did not leave an e-mail address."),
        "unknown": _("No record has this ID. Check it and try again."),
        "unknown_place": _("No record has this ID. Check it and try again."),
        "registered": _("This organisation already has a register number."),
    }.get(code, "")


def _state_error_text(code: str) -> str:
    if code == "edit_conflict":
        return _("Edit conflict: someone else saved this record at the same time. Check it and try again.")
    if code == "wrong_state":
        return _("Another editor has already handled this message. Check its current status.")
    return _("This action is not available here.")
