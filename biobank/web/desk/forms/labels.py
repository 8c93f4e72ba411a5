"""Translated validation messages of records.

The validation of records produces English messages, which are also read by programs; each is
recognised by its pattern here. A message without a pattern is shown as it is.
"""

import re
from collections.abc import Callable
from typing import Final

from biobank.errors import FieldError
from biobank.records.edtf import MONTH_NAMES
from biobank.web.core.gettext import _

MessageBuilder = Callable[[re.Match[str]], str]


def problem_text(problem: FieldError) -> str:
    """Return the message of a problem, without its field."""
    if problem.code == "id_taken":
        return _("A person with this ID already exists. Choose another ID, or edit that record.")
    for pattern, build in _MESSAGE_PATTERNS:
        if match := pattern.search(problem.message):
            return build(match)
    return problem.message


def _control_character(match: re.Match[str]) -> str:
    return _("This contains an invisible character (%(code)s). Remove it.", code=match[1])


def _too_long(match: re.Match[str]) -> str:
    return _("This text has %(length)s characters; the maximum is %(most)s.", length=match[1], most=match[2])


def _too_much_markup(match: re.Match[str]) -> str:
    return _(
        "This text has %(count)s signs of markup and line breaks; the maximum is %(most)s.",
        count=match[1],
        most=match[2],
    )


def _too_many_citations(match: re.Match[str]) -> str:
    return _(
        "This text cites sources %(count)s times; the maximum is %(most)s.", count=match[1], most=match[2]
    )


def _too_deep(match: re.Match[str]) -> str:
    return _(
        "Line %(line)s begins more than %(most)s quotes or lists inside one another. Remove some of them.",
        line=match[1],
        most=match[2],
    )


def _invalid_json(match: re.Match[str]) -> str:
    # The parser's message is for the author of the file and stays English.
    return _("This is not valid JSON: %(why)s", why=match[1])


def _invalid_date(match: re.Match[str]) -> str:
    return _(
        "“%(what)s” is not a valid date. Enter 1885, 1885-09 or 1885-09-18; 1141~ for an "
        "approximate date; [1483..1494] for a date within a range.",
        what=match[1],
    )


def _invalid_identifier(match: re.Match[str]) -> str:
    return _(
        "This is not a valid identifier of %(catalogue)s. Enter the full identifier and "
        "nothing else, for example %(example)s.",
        catalogue=match[1],
        example=match[2],
    )


def _invalid_month(match: re.Match[str]) -> str:
    return _("Invalid day or month: %(what)s.", what=match[1])


def _invalid_day(match: re.Match[str]) -> str:
    # An invalid date cannot be formatted in the page language, so it is shown as in EDTF.
    day, month, year = match.groups()
    date = f"{year}-{MONTH_NAMES.index(month) + 1:02}-{int(day):02}"
    return _("Invalid day or month: %(what)s.", what=date)


def _duplicate_preferred_name(match: re.Match[str]) -> str:
    return _("This language (%(lang)s) already has a preferred name.", lang=match[1])


def _death_before_birth(match: re.Match[str]) -> str:
    return _(
        "The date of death (%(death)s) is before the date of birth (%(birth)s).",
        death=match[1],
        birth=match[2],
    )


def _too_many(match: re.Match[str]) -> str:
    return _("There are too many entries. The limit is %(most)s.", most=match[1])


def _unknown_reference(match: re.Match[str]) -> str:
    return _("“%(what)s” was not found. Try another spelling.", what=match[1])


def _unknown_list_entry(match: re.Match[str]) -> str:
    return _("“%(what)s” was not found. Check the spelling, or add it to the authority lists.", what=match[1])


_MESSAGE_PATTERNS: Final[tuple[tuple[re.Pattern[str], MessageBuilder], ...]] = tuple(
    (re.compile(pattern), build)
    for pattern, build in (
        (r"^Is no JSON: (.+)", _invalid_json),
        (r"^(?:Is r|R)equired", lambda _match: _("This field is required.")),
        (r"^Must not be empty", lambda _match: _("Required in at least one language.")),
        (r"control character (U\+\w+)", _control_character),
        (
            r"^Contains a control character",
            lambda _match: _("This contains an invisible character. Remove it."),
        ),
        (r"^Has (\d+) characters; the maximum is (\d+)", _too_long),
        (r"^Has (\d+) characters of markup .*; the maximum is (\d+)", _too_much_markup),
        (r"^Cites sources (\d+) times; the maximum is (\d+)", _too_many_citations),
        (r"^Line (\d+) begins more than (\d+) quotes", _too_deep),
        (r"^Contains a line break", lambda _match: _("Enter this on one line.")),
        (
            r"^Not a valid web address|^Must start with https",
            lambda _match: _("Enter the full web address, starting with https://."),
        ),
        (r" is not a valid ID\.", lambda _match: _("Use only lower-case letters a–z, digits and hyphens.")),
        (r"^“(.*)” is not a valid date", _invalid_date),
        (
            r"^“.*” is open at both ends",
            lambda _match: _("Both ends of the range are open. Enter at least one of them."),
        ),
        (
            r"^“.*” ends before it begins",
            lambda _match: _("The end is before the start. Swap the two values."),
        ),
        (r"^(\d+) is not a month", _invalid_month),
        (rf"^(\d+) ({'|'.join(MONTH_NAMES)}) (-?\d+) is not a valid day", _invalid_day),
        (r"^the date is too long", lambda _match: _("The date is too long. Shorten it.")),
        (r"^Not a valid language tag", lambda _match: _("Enter a language code: az, en, ru, fa…")),
        (r"^Unknown script", lambda _match: _("Enter a script code: Latn, Cyrl or Arab.")),
        (r"^A name must contain", lambda _match: _("A name must contain at least one letter.")),
        (
            r"^Use words of the name",
            lambda _match: _("Enter words of the name, spelt as in the name."),
        ),
        (r"^A person must have", lambda _match: _("Enter a name for the person.")),
        (r"^There is already a preferred name in (\w+)", _duplicate_preferred_name),
        (r"^The death \((.*)\) is before the birth \((.*)\)\.", _death_before_birth),
        (r"^Longer than maximum length (\d+)", _too_many),
        (
            r"^Not a valid catalogue name",
            lambda _match: _("Enter the name of the catalogue in lower case, for example wikidata or viaf."),
        ),
        (
            r"^Not a valid identifier of (.+)\. Enter the full identifier and nothing else, for example (.+)\.$",
            _invalid_identifier,
        ),
        (r"^Unknown (?:place|organisation|\w+ term) '(.*?)'", _unknown_list_entry),
        (r"^Unknown \w+ '(.*?)'", _unknown_reference),
        (
            r"^A person cannot be related to themselves",
            lambda _match: _("A person cannot be related to themselves."),
        ),
        (
            r"^The ID .* belongs to another source",
            lambda _match: _("This ID belongs to another source. Choose another ID."),
        ),
        (r"^Stands here twice", lambda _match: _("This entry appears twice. Remove one.")),
        (
            r"^Must be one of|is not a type of name|is not a country code",
            lambda _match: _("Choose an option from the list."),
        ),
    )
)
