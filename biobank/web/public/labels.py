"""Labels of public forms: titles, error messages and statuses of messages."""

from collections.abc import Iterable

from flask_babel import lazy_gettext

from biobank.errors import Problem, TooManyAttempts
from biobank.web.account.labels import error_message
from biobank.web.core.gettext import _
from biobank.web.desk.layout import FieldError

MESSAGE_KIND_LABELS = {
    "objection": lazy_gettext("Objection"),
    "correction": lazy_gettext("Correction"),
    "proposal": lazy_gettext("Proposal of a person"),
    "registration": lazy_gettext("Registration"),
}
#: Status of a message for its sender; spam is shown like a new message.
MESSAGE_STATUS_TEXTS = {
    "new": lazy_gettext("It waits to be read by an editor."),
    "spam": lazy_gettext("It waits to be read by an editor."),
    "accepted": lazy_gettext("It was accepted, and is being worked on."),
    "declined": lazy_gettext("It was read, and not accepted."),
    "closed": lazy_gettext("It was read, and is done."),
}


def field_errors(problems: Iterable[Problem]) -> list[FieldError]:
    """Return the problems of a form as errors of its fields."""
    return [FieldError(_problem_message(problem), problem.path) for problem in problems]


def rate_limit_error(error: TooManyAttempts) -> FieldError:
    return FieldError(error_message(error))


def token_message(problem: str) -> str:
    """Return why the token of a form was rejected and that it can be sent again."""
    if problem == "quick":
        return _("That was very quick. Read it over once more and send it again.")
    return _("This form was open too long. Nothing is lost: send it again.")


def _problem_message(problem: Problem) -> str:
    if problem.code == "missing":
        return _missing_message(problem.path)
    return {
        "long": _("This is too long."),
        "control": _("This holds a character that no keyboard types; remove it."),
        "bad_email": _("This is no e-mail address."),
        "bad_url": _("This is no web address; write it whole, from https:// on."),
        "bad_country": _("Choose a country."),
        "bad_date": _("Write a year, or a day as 1998-05-28."),
    }.get(problem.code, problem.message)


def _missing_message(field: str) -> str:
    return {
        "text": _("Write what it should say."),
        "source": _("Say where this can be checked."),
        "names": _("Write the name of the person."),
        "why": _("Say why."),
        "what": _("Say what you object to."),
        "email": _("Leave an address to which we can answer."),
        "name_az": _("Write the name of the organisation, in one language at least."),
        "country": _("Choose a country."),
        "city": _("Write the city."),
        "about": _("Say in a few sentences what it does."),
    }.get(field, _("This is left empty."))
