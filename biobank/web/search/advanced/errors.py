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
            return _("The bank knows no “%(what)s”. Perhaps:", what=value)
        return _("The bank knows no “%(what)s”. Try another spelling.", what=value)
    messages = {
        "bad_date": _("“%(what)s” is no date. Write 1885 or 1885-09-18.", what=value),
        "reversed": _("This ends before it begins; swap the two."),
        "bad_number": _("Write a whole number, %(span)s.", span=value),
        "no_place": _("Say near which place."),
        "nothing": _("There is no word to seek in this."),
        "too_many_words": _("Too many words; up to %(most)s are sought.", most=value),
        "too_many_values": _("Too many values; up to %(most)s can be asked for.", most=value),
        "unknown_field": _("“%(what)s” is no field of the search language.", what=value),
        "short_prefix": _("“%(what)s” needs at least three letters before the star.", what=value),
        "unclosed": _("“%(what)s” has no partner.", what=value),
        "misplaced": _("“%(what)s” has nothing to work on here.", what=value),
        "too_long": _("This is too long for one question; leave something out."),
    }
    return messages.get(error.code, error.message)
