"""Translated validation messages of records.

The validation of records produces English messages, which are also read by programs; each is
recognised by its pattern here. A message without a pattern is shown as it is.
"""

import re
from collections.abc import Callable
from typing import Final

from biobank.errors import Problem
from biobank.records.edtf import MONTHS
from biobank.web.text import _

Say = Callable[[re.Match[str]], str]


def problem_words(problem: Problem) -> str:
    """Return the message of a problem, without its field."""
    if problem.code == "id_taken":
        return _("The bank holds a person of this id already; choose another id, or edit that one.")
    for pattern, say in _SAID:
        if found := pattern.search(problem.message):
            return say(found)
    return problem.message


def _control(found: re.Match[str]) -> str:
    return _("There is an invisible character (%(code)s) in it; remove it.", code=found[1])


def _long(found: re.Match[str]) -> str:
    return _(
        "This is %(length)s characters long; at most %(most)s are kept.",
        length=found[1],
        most=found[2],
    )


def _no_json(found: re.Match[str]) -> str:
    # The parser's message is for the author of the file and stays English.
    return _("This cannot be read as JSON: %(why)s", why=found[1])


def _no_date(found: re.Match[str]) -> str:
    return _(
        "“%(what)s” is no date here. Write 1885, 1885-09 or 1885-09-18; 1141~ for about; "
        "[1483..1494] for some time between.",
        what=found[1],
    )


def _no_id_there(found: re.Match[str]) -> str:
    return _(
        "This is no id of %(catalogue)s; write it alone and whole, as in %(example)s.",
        catalogue=found[1],
        example=found[2],
    )


def _no_month(found: re.Match[str]) -> str:
    return _("There is no such day or month: %(what)s.", what=found[1])


def _no_day(found: re.Match[str]) -> str:
    # An invalid date cannot be formatted in the page language, so it is shown as in EDTF.
    day, month, year = found.groups()
    written = f"{year}-{MONTHS.index(month) + 1:02}-{int(day):02}"
    return _("There is no such day or month: %(what)s.", what=written)


def _two_preferred(found: re.Match[str]) -> str:
    return _("There is a preferred name in this language (%(lang)s) already.", lang=found[1])


def _died_before(found: re.Match[str]) -> str:
    return _(
        "The death (%(death)s) is before the birth (%(birth)s).", death=found[1], birth=found[2]
    )


def _too_many(found: re.Match[str]) -> str:
    return _("There are too many of these; at most %(most)s are kept.", most=found[1])


def _unknown(found: re.Match[str]) -> str:
    return _("The bank knows no “%(what)s”. Try another spelling.", what=found[1])


def _unlisted(found: re.Match[str]) -> str:
    return _(
        "The bank knows no “%(what)s”. Try another spelling, or add it to the reference lists.",
        what=found[1],
    )


_SAID: Final[tuple[tuple[re.Pattern[str], Say], ...]] = tuple(
    (re.compile(pattern), say)
    for pattern, say in (
        (r"^Is no JSON: (.+)", _no_json),
        (r"^Is required", lambda _found: _("This is needed.")),
        (r"^Is empty", lambda _found: _("This is needed, in one language at least.")),
        (r"control character (U\+\w+)", _control),
        (r"^Holds a control character", lambda _found: _("There is an invisible character in it.")),
        (r"^Is (\d+) characters long; at most (\d+)", _long),
        (r"^Holds a line break", lambda _found: _("Write this on one line.")),
        (
            r"^Is no web address|^Must start with https",
            lambda _found: _("Write the whole address, from https:// on."),
        ),
        (
            r" is no id; ",
            lambda _found: _("An id is written in small letters a–z and digits, with hyphens."),
        ),
        (r"^“(.*)” is not a date", _no_date),
        (r"^“.*” is open at both ends", lambda _found: _("Open at both ends; give one end.")),
        (
            r"^“.*” ends before it begins",
            lambda _found: _("This ends before it begins; swap the two."),
        ),
        (r"^(\d+) is not a month", _no_month),
        (rf"^(\d+) ({'|'.join(MONTHS)}) (-?\d+) is not a day of the calendar", _no_day),
        (r"^a date has at most", lambda _found: _("This is too long for a date.")),
        (
            r"^Is no language tag",
            lambda _found: _("Write the code of a language: az, en, ru, fa…"),
        ),
        (r"^Is no script", lambda _found: _("Write the code of a script: Latn, Cyrl or Arab.")),
        (r"^A name needs", lambda _found: _("A name needs at least one letter.")),
        (r"^A person has one name", lambda _found: _("A person needs a name.")),
        (r"^There is a preferred name in (\S+)", _two_preferred),
        (r"^The death \((.*)\) is before the birth \((.*)\);", _died_before),
        (r"^Longer than maximum length (\d+)", _too_many),
        (
            r"^Is no name of a catalogue",
            lambda _found: _("Write the catalogue in small letters, such as wikidata or viaf."),
        ),
        (r"^Is no id of (.+); write it alone and whole, as in (.+)\.$", _no_id_there),
        (r"^There is no (?:place|organisation|\w+ term) '(.*?)' in the bank", _unlisted),
        (r"^There is no .* '(.*?)' in the bank", _unknown),
        (
            r"^A person has no relation to itself",
            lambda _found: _("A person has no tie to themselves."),
        ),
        (
            r"^The bank holds another source",
            lambda _found: _("The bank holds another source under this id; choose another id."),
        ),
        (r"^Stands here twice", lambda _found: _("This stands here twice; keep one.")),
        (
            r"^Must be one of|is no kind of name|is no country code",
            lambda _found: _("Choose one of those offered."),
        ),
    )
)
