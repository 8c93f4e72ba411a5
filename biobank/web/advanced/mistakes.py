"""Field errors of the advanced search and their messages."""

from dataclasses import dataclass

from biobank.search.language.problems import Trouble
from biobank.web.text import _


@dataclass(frozen=True)
class Mistake:
    """An invalid value of a field, and similar known labels.

    The field is empty for errors of the form as a whole.
    """

    field: str
    code: str
    what: str = ""
    near: tuple[str, ...] = ()
    #: The message of the query language itself.
    message: str = ""


def problem_of(problem: Trouble, text: str) -> Mistake:
    """Return the field error of a problem in the query language."""
    what = text[problem.start : problem.end]
    return Mistake("rest", problem.code, what, message=problem.message)


def message_of(mistake: Mistake) -> str:
    """Return the message of an error, with advice."""
    what = mistake.what
    if mistake.code == "unknown_value":
        if mistake.near:
            return _("The bank knows no “%(what)s”. Perhaps:", what=what)
        return _("The bank knows no “%(what)s”. Try another spelling.", what=what)
    messages = {
        "bad_date": _("“%(what)s” is no date. Write 1885 or 1885-09-18.", what=what),
        "reversed": _("This ends before it begins; swap the two."),
        "bad_number": _("Write a whole number, %(span)s.", span=what),
        "no_place": _("Say near which place."),
        "nothing": _("There is no word to seek in this."),
        "too_many_words": _("Too many words; up to %(most)s are sought.", most=what),
        "too_many_values": _("Too many values; up to %(most)s can be asked for.", most=what),
        "unknown_field": _("“%(what)s” is no field of the search language.", what=what),
        "short_prefix": _("“%(what)s” needs at least three letters before the star.", what=what),
        "unclosed": _("“%(what)s” has no partner.", what=what),
        "misplaced": _("“%(what)s” has nothing to work on here.", what=what),
        "too_long": _("This is too long for one question; leave something out."),
    }
    return messages.get(mistake.code, mistake.message)
