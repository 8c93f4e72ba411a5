"""Labels of public forms: titles, error messages and statuses of messages."""

from collections.abc import Iterable

from flask_babel import lazy_gettext

from biobank.errors import FieldError, TooManyAttempts
from biobank.web.core.gettext import _
from biobank.web.core.labels import retry_message

#: Status of a message for its sender; spam is shown like a new message.
MESSAGE_STATUS_TEXTS = {
    "new": lazy_gettext("Awaiting review by an editor."),
    "spam": lazy_gettext("Awaiting review by an editor."),
    "accepted": lazy_gettext("Accepted. An editor is working on it."),
    "declined": lazy_gettext("Reviewed and not accepted."),
    "closed": lazy_gettext("Reviewed and closed."),
}


def field_errors(problems: Iterable[FieldError]) -> list[FieldError]:
    """Return the problems of a form as errors of its fields."""
    return [FieldError(problem.path, message=_problem_message(problem)) for problem in problems]


def rate_limit_error(error: TooManyAttempts) -> FieldError:
    return FieldError(message=retry_message(error.wait))


def token_message(problem: str) -> str:
    """Return why the token of a form was rejected and that it can be sent again."""
    if problem == "quick":
        return _("Sent too fast. Check your text and submit it again.")
    return _("This form has expired. Your text has not been lost: submit it again.")


def _problem_message(problem: FieldError) -> str:
    if problem.code == "missing":
        return _missing_message(problem.path)
    return {
        "long": _("The text is too long. Shorten it."),
        "control": _("Remove the invisible characters from this field."),
        "bad_email": _("Enter a valid e-mail address."),
        "bad_url": _("Enter a full web address starting with https://."),
        "bad_country": _("Choose a country."),
        "bad_date": _("Enter a year, or a date such as 1998-05-28."),
    }.get(problem.code, problem.message)


def _missing_message(field: str) -> str:
    return {
        "text": _("Enter your correction."),
        "source": _("Enter a source where this can be checked."),
        "names": _("Enter the person’s name."),
        "why": _("Enter a reason."),
        "what": _("Describe what you object to."),
        "email": _("Enter an e-mail address so that we can reply."),
        "name_az": _("Enter the organisation name in at least one language."),
        "country": _("Choose a country."),
        "city": _("Enter a city."),
        "about": _("Describe the organisation’s activities in a few sentences."),
    }.get(field, _("Fill in this field."))
