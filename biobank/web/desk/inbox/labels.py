"""Labels and messages of the inbox: states, flags, entries and errors."""

from flask_babel import lazy_gettext

from biobank.errors import BiobankError, RecordRefused
from biobank.web.core.gettext import _
from biobank.web.desk.layout import FieldError

MESSAGE_STATE_LABELS = {
    "new": lazy_gettext("waiting"),
    "accepted": lazy_gettext("accepted"),
    "declined": lazy_gettext("declined"),
    "spam": lazy_gettext("spam"),
    "closed": lazy_gettext("closed"),
}
MESSAGE_AGE_LABELS = {
    "week": lazy_gettext("longer than a week"),
    "month": lazy_gettext("longer than a month"),
}
SPAM_FLAG_LABELS = {
    "links": lazy_gettext("many links"),
    "repeated": lazy_gettext("the same words several times"),
    "trap": lazy_gettext("filled in by a program"),
}
#: Labels of the entries in the history of a message.
MESSAGE_NOTE_LABELS = {
    "accepted": lazy_gettext("accepted"),
    "declined": lazy_gettext("declined"),
    "spam": lazy_gettext("marked as spam"),
    "closed": lazy_gettext("closed"),
    "reopened": lazy_gettext("opened again"),
    "drafted": lazy_gettext("made a draft of it"),
    "withdrew": lazy_gettext("withdrew the person"),
    "registered": lazy_gettext("entered it into the register"),
    "published": lazy_gettext("it was published"),
    "replied": lazy_gettext("answered"),
    "redacted": lazy_gettext("what it said was redacted"),
}
MESSAGE_ENTRY_LABELS = {
    "quote": lazy_gettext("The words that are wrong"),
    "text": lazy_gettext("What should it say?"),
    "source": lazy_gettext("Where can this be checked?"),
    "names": lazy_gettext("Name"),
    "dates": lazy_gettext("Dates and places"),
    "what": lazy_gettext("What do you object to?"),
    "why": lazy_gettext("Why?"),
    "relation": lazy_gettext("Who are you to the person?"),
    "name_az": lazy_gettext("In Azerbaijani"),
    "name_en": lazy_gettext("In English"),
    "name_ru": lazy_gettext("In Russian"),
    "country": lazy_gettext("Country"),
    "city": lazy_gettext("City"),
    "founded": lazy_gettext("Founded"),
    "about": lazy_gettext("What does it do?"),
    "website": lazy_gettext("Website"),
}


def field_errors(error: BiobankError) -> list[FieldError]:
    """Return the error messages of a failed action, each with its field."""
    if not isinstance(error, RecordRefused):
        return [FieldError(_state_error_text(error.code))]
    return [
        FieldError(_problem_text(problem.code) or str(problem.message), _page_field(problem.path))
        for problem in error.problems
    ]


def _page_field(path: str) -> str:
    """Return the form field of the page that a path of a record belongs to."""
    first = path.partition(".")[0].partition("[")[0]
    page_fields = (
        "reason",
        "reply",
        "value",
        "organisation",
        "kind",
        "place",
        "founded",
        "website",
    )
    if first in page_fields:
        return first
    return {"names": "name-az", "summary": "summary", "country": ""}.get(first, "value")


def _problem_text(code: str) -> str:
    return {
        "missing": _("Write something here."),
        "long": _("This is too long."),
        "same": _("The record says this already."),
        "no_address": _("There is no address to answer to."),
        "unknown": _("There is nothing of this id in the bank."),
        "unknown_place": _("There is nothing of this id in the bank."),
        "registered": _("This organisation has a number already."),
    }.get(code, "")


def _state_error_text(code: str) -> str:
    if code == "edit_conflict":
        return _("Somebody saved this record at the same moment. Look again and repeat it.")
    if code == "wrong_state":
        return _("This is not possible any more: somebody decided otherwise. Look at it again.")
    return _("This cannot be done here.")
