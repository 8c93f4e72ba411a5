"""Translated validation messages of records.

The validation of records produces English messages, which are also read by programs; each is
recognised by its pattern here. A message without a pattern is shown as it is.
"""

import re
from collections.abc import Callable
from typing import Final

from biobank.errors import Problem
from biobank.records.edtf import MONTH_NAMES
from biobank.web.core.gettext import _

MessageBuilder = Callable[[re.Match[str]], str]


def problem_text(problem: Problem) -> str:
    """Return the message of a problem, without its field."""
    if problem.code == "id_taken":
        return _("The bank holds a person of this id already; choose another id, or edit that one.")
    for pattern, build in _MESSAGE_PATTERNS:
        if match := pattern.search(problem.message):
            return build(match)
    return problem.message


def _control_character(match: re.Match[str]) -> str:
    return _("There is an invisible character (%(code)s) in it; remove it.", code=match[1])


def _too_long(match: re.Match[str]) -> str:
    return _(
        "This is %(length)s characters long; at most %(most)s are kept.",
        length=match[1],
        most=match[2],
    )


def _invalid_json(match: re.Match[str]) -> str:
    # The parser's message is for the author of the file and stays English.
    return _("This cannot be read as JSON: %(why)s", why=match[1])


def _invalid_date(match: re.Match[str]) -> str:
    return _(
        "“%(what)s” is no date here. Write 1885, 1885-09 or 1885-09-18; 1141~ for about; "
        "[1483..1494] for some time between.",
        what=match[1],
    )


def _invalid_identifier(match: re.Match[str]) -> str:
    return _(
        "This is no id of %(catalogue)s; write it alone and whole, as in %(example)s.",
        catalogue=match[1],
        example=match[2],
    )


def _invalid_month(match: re.Match[str]) -> str:
    return _("There is no such day or month: %(what)s.", what=match[1])


def _invalid_day(match: re.Match[str]) -> str:
    # An invalid date cannot be formatted in the page language, so it is shown as in EDTF.
    day, month, year = match.groups()
    date = f"{year}-{MONTH_NAMES.index(month) + 1:02}-{int(day):02}"
    return _("There is no such day or month: %(what)s.", what=date)


def _duplicate_preferred_name(match: re.Match[str]) -> str:
    return _("There is a preferred name in this language (%(lang)s) already.", lang=match[1])


def _death_before_birth(match: re.Match[str]) -> str:
    return _(
        "The death (%(death)s) is before the birth (%(birth)s).", death=match[1], birth=match[2]
    )


def _too_many(match: re.Match[str]) -> str:
    return _("There are too many of these; at most %(most)s are kept.", most=match[1])


def _unknown_reference(match: re.Match[str]) -> str:
    return _("The bank knows no “%(what)s”. Try another spelling.", what=match[1])


def _unknown_list_entry(match: re.Match[str]) -> str:
    return _(
        "The bank knows no “%(what)s”. Try another spelling, or add it to the reference lists.",
        what=match[1],
    )


_MESSAGE_PATTERNS: Final[tuple[tuple[re.Pattern[str], MessageBuilder], ...]] = tuple(
    (re.compile(pattern), build)
    for pattern, build in (
        (r"^Is no JSON: (.+)", _invalid_json),
        (r"^Is required", lambda _match: _("This is needed.")),
        (r"^Is empty", lambda _match: _("This is needed, in one language at least.")),
        (r"control character (U\+\w+)", _control_character),
        (r"^Holds a control character", lambda _match: _("There is an invisible character in it.")),
        (r"^Is (\d+) characters long; at most (\d+)", _too_long),
        (r"^Holds a line break", lambda _match: _("Write this on one line.")),
        (
            r"^Is no web address|^Must start with https",
            lambda _match: _("Write the whole address, from https:// on."),
        ),
        (
            r" is no id; ",
            lambda _match: _("An id is written in small letters a–z and digits, with hyphens."),
        ),
        (r"^“(.*)” is not a date", _invalid_date),
        (r"^“.*” is open at both ends", lambda _match: _("Open at both ends; give one end.")),
        (
            r"^“.*” ends before it begins",
            lambda _match: _("This ends before it begins; swap the two."),
        ),
        (r"^(\d+) is not a month", _invalid_month),
        (rf"^(\d+) ({'|'.join(MONTH_NAMES)}) (-?\d+) is not a day of the calendar", _invalid_day),
        (r"^a date has at most", lambda _match: _("This is too long for a date.")),
        (
            r"^Is no language tag",
            lambda _match: _("Write the code of a language: az, en, ru, fa…"),
        ),
        (r"^Is no script", lambda _match: _("Write the code of a script: Latn, Cyrl or Arab.")),
        (r"^A name needs", lambda _match: _("A name needs at least one letter.")),
        (r"^A person has one name", lambda _match: _("A person needs a name.")),
        (r"^There is a preferred name in (\S+)", _duplicate_preferred_name),
        (r"^The death \((.*)\) is before the birth \((.*)\);", _death_before_birth),
        (r"^Longer than maximum length (\d+)", _too_many),
        (
            r"^Is no name of a catalogue",
            lambda _match: _("Write the catalogue in small letters, such as wikidata or viaf."),
        ),
        (r"^Is no id of (.+); write it alone and whole, as in (.+)\.$", _invalid_identifier),
        (r"^There is no (?:place|organisation|\w+ term) '(.*?)' in the bank", _unknown_list_entry),
        (r"^There is no .* '(.*?)' in the bank", _unknown_reference),
        (
            r"^A person has no relation to itself",
            lambda _match: _("A person has no tie to themselves."),
        ),
        (
            r"^The bank holds another source",
            lambda _match: _("The bank holds another source under this id; choose another id."),
        ),
        (r"^Stands here twice", lambda _match: _("This stands here twice; keep one.")),
        (
            r"^Must be one of|is no kind of name|is no country code",
            lambda _match: _("Choose one of those offered."),
        ),
    )
)
