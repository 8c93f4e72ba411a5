"""Field errors of the advanced search and their messages."""

from dataclasses import dataclass

from biobank.search.language.problems import QueryProblem
from biobank.web.core.gettext import _


@dataclass(frozen=True)
class AdvancedFieldError:
    """An invalid value of a field, and similar known labels.

    The field is empty for errors of the form as a whole.
    """

    field: str
    code: str
    value: str = ""
    suggestions: tuple[str, ...] = ()
    #: The message of the query language itself.
    message: str = ""


def error_from_problem(problem: QueryProblem, text: str) -> AdvancedFieldError:
    """Return the field error of a problem in the query language."""
    value = text[problem.start : problem.end]
    return AdvancedFieldError("rest", problem.code, value, message=problem.message)


def error_message(error: AdvancedFieldError) -> str:
    """Return the message of an error, with advice."""
    value = error.value
    if error.code == "unknown_value":
        if error.suggestions:
            return _("“%(what)s” was not found. Did you mean:", what=value)
        return _("“%(what)s” was not found. Try another spelling.", what=value)
    messages = {
        "bad_date": _(
            "“%(what)s” is not a valid date. Enter a year (1885) or a day (1885-09-18).", what=value
        ),
        "reversed": _("The end is before the start. Swap the two values."),
        "bad_number": _("Enter a whole number in the range %(span)s.", span=value),
        "no_place": _("Enter a place to search near."),
        "nothing": _("Enter at least one word to search for."),
        "too_many_words": _("Too many words. The maximum is %(most)s.", most=value),
        "too_many_values": _("Too many values. The maximum is %(most)s.", most=value),
        "unknown_field": _("“%(what)s” is not a search field.", what=value),
        "short_prefix": _(
            "“%(what)s”: enter at least three letters before the asterisk.", what=value
        ),
        "unclosed": _("Unmatched “%(what)s”. Add the matching character or remove it.", what=value),
        "misplaced": _("“%(what)s” cannot be used here. Remove it.", what=value),
        "too_long": _("The search is too long. Remove some conditions."),
    }
    return messages.get(error.code, error.message)
