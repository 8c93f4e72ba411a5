"""Parser of a single typed date, without "from", "between" or "or": a day, month, year or century.

The input is folded text with eras replaced by `bce` and `ce`; the result is EDTF, or None.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from biobank.records import typed_date_words as words
from biobank.records.edtf import DateError, single

#: Days between the Julian and Gregorian calendars since the tenth century, with some margin.
_CALENDARS = range(5, 14)
_ERA = re.compile(r"\b(bce|ce)\b")
_CENTURY_NUMBER = rf"(?P<number>[ivxl]+|[0-9]{{1,2}}){words.ORDINAL}"
_CENTURY = re.compile(rf"{_CENTURY_NUMBER}\s*{words.CENTURY}")
_DECADE = re.compile(r"([0-9]{2,3}0)\s*-?(?:s|е|ые|х|ми|iller\w*)\s*(?:гг?\.?|год\w*)?")
_DECADE_OF = re.compile(
    rf"(?P<decade>[0-9]0)\s*-?(?:s|е|ые|х)\s*(?:of the|гг?\.?|год\w*)?\s*{_CENTURY.pattern}"
)
_OF_DECADE = re.compile(rf"{_CENTURY.pattern}\s+(?P<decade>[0-9]0)\s+iller\w*")
_BOTH_CALENDARS = re.compile(r"([0-9]{1,2}[^(\[]*)[(\[]([0-9]{1,2}[^)\]]*)[)\]]\s*(.+)")
_DAY_FIRST = re.compile(r"([0-9]{1,2})\s*([./-])\s*([0-9]{1,2}|[ivx]+)\s*[./-]\s*([0-9]{4})")
_YEAR_FIRST = re.compile(r"([0-9]{4})\s*[./-]\s*([0-9]{1,2})\s*[./-]\s*([0-9]{1,2})")
_MONTH_OF_YEAR = re.compile(r"([0-9]{1,2})[./-]([0-9]{4})")
_YEAR_AND_MONTH = re.compile(r"([0-9]{4})[./-]([0-9]{1,2})")
_UNKNOWN = re.compile(r"[0-9]{2}(?:xx|\?\?|--)|[0-9]{3}x")
#: Endings of days: 18-i, 18-də, 18-го, 18th.
_ENDING = re.compile(r"(?<=[0-9])(?:-?(?:[iu]|d[ae]|n?d[ae]|го|е|th|st|nd|rd))$")


def read_part(text: str) -> str | None:
    """Return the EDTF of a single date: `c. 18 September 1885 (?)` is `1885-09-18%`."""
    text, doubt = _taken(text, words.DOUBT, words.DOUBTED)
    text, about = _taken(text, words.ABOUT, words.ABOUT_BEHIND)
    text = re.sub(r"[\s,.]+$", "", text) if not text.endswith((" в.", " c.")) else text
    body = _body(text.strip())
    if body is None:
        return None
    if body.startswith("[") or body[-1] in "~?%":
        return body if not doubt and not about else None
    return body + ("%" if about and doubt else "~" if about else "?" if doubt else "")


def _taken(text: str, before: re.Pattern[str], behind: re.Pattern[str]) -> tuple[str, bool]:
    """Return the text without a leading or trailing mark, and whether it had one."""
    if _UNKNOWN.fullmatch(text):
        return text, False
    rest = before.sub("", text, count=1) if before.match(text) else behind.sub("", text)
    return rest, rest != text


def _body(text: str) -> str | None:
    era = _ERA.search(text)
    before = bool(era and era[1] == "bce")
    bare = " ".join(_ERA.sub(" ", text).split()) if era else text
    for rule in _RULES:
        if found := rule(bare, before):
            return found
    return _by_words(bare, before, told=bool(era))


def _edtf(text: str, before: bool) -> str | None:
    try:
        single(text.upper())
    except DateError:
        return None
    return None if before else text.upper()


def _unknown(text: str, before: bool) -> str | None:
    found = _UNKNOWN.fullmatch(text)
    return re.sub(r"\?\?|--", "XX", text.upper()) if found and not before else None


def _half(text: str, before: bool) -> str | None:
    century = _CENTURY.search(text)
    number = words.number(century["number"]) if century and not before else None
    if number is None:
        return None
    if re.search(words.FIRST_HALF, text):
        return f"[{number - 1:02}01..{number - 1:02}50]"
    if re.search(words.SECOND_HALF, text):
        return f"[{number - 1:02}51..{number:02}00]"
    return None


def _decade_of_century(text: str, before: bool) -> str | None:
    found = _DECADE_OF.fullmatch(text) or _OF_DECADE.fullmatch(text)
    number = words.number(found["number"]) if found and not before else None
    return f"{number - 1:02}{found['decade'][0]}X" if found and number else None


def _century(text: str, before: bool) -> str | None:
    found = _CENTURY.fullmatch(text.removeprefix("the "))
    number = words.number(found["number"]) if found else None
    return f"{'-' if before else ''}{number - 1:02}XX" if number else None


def _decade(text: str, before: bool) -> str | None:
    found = _DECADE.fullmatch(text.removeprefix("the "))
    if not found or before:
        return None
    decade = found[1].zfill(4)
    return f"{decade[:2]}XX" if decade.endswith("00") else f"{decade[:3]}X"


def _old_and_new(text: str, before: bool) -> str | None:
    """Parse a day in both calendars, `6 (18) sentyabr 1885`; the later day is Gregorian."""
    found = _BOTH_CALENDARS.fullmatch(text)
    if not found or before:
        return None
    first, second, rest = (part.strip() for part in found.groups())
    # In `31 мая (12 июня) 1885` and `6 (18) сентября 1885` the shared part comes last.
    shared = rest if first.isdigit() else f"{first.split(maxsplit=1)[1]} {rest}"
    one = _by_words(f"{first.split()[0]} {shared}", before=False, told=False)
    other = _by_words(f"{second} {rest}", before=False, told=False)
    if not one or not other or len(one) < 10 or len(other) < 10:
        return None
    days = sorted((one, other), key=lambda day: single(day).earliest)
    apart = single(days[1]).earliest - single(days[0]).earliest
    return days[1] if apart in _CALENDARS else None


def _day_first(text: str, before: bool) -> str | None:
    found = _DAY_FIRST.fullmatch(text)
    if not found or before:
        return None
    day, month = int(found[1]), words.number(found[3])
    if found[2] == "/" and month and day != month:
        # 03/04 is ambiguous between 3 April and March 4; 18/09 is not.
        if max(day, month) <= 12:
            raise DateError(
                "date_two_ways", "this can be read in two ways; write year, month, day: 1885-09-18"
            )
        day, month = max(day, month), min(day, month)
    return _joined(int(found[4]), month, day)


def _year_first(text: str, before: bool) -> str | None:
    found = _YEAR_FIRST.fullmatch(text)
    return _joined(int(found[1]), int(found[2]), int(found[3])) if found and not before else None


def _month_of_year(text: str, before: bool) -> str | None:
    if before:
        return None
    if found := _MONTH_OF_YEAR.fullmatch(text):
        return _joined(int(found[2]), int(found[1]), None)
    found = _YEAR_AND_MONTH.fullmatch(text)
    return _joined(int(found[1]), int(found[2]), None) if found and int(found[2]) <= 12 else None


_RULES: tuple[Callable[[str, bool], str | None], ...] = (
    _edtf,
    _unknown,
    _half,
    _decade_of_century,
    _century,
    _decade,
    _old_and_new,
    _day_first,
    _year_first,
    _month_of_year,
)


def _by_words(text: str, before: bool, told: bool) -> str | None:
    """Parse day, month and year in any order, with the month in words; or a year alone.

    A year of one or two digits is accepted if its era is given or a day stands next to it.
    """
    tokens = [_ENDING.sub("", token.strip(".")) for token in re.split(r"[\s,]+", text)]
    tokens = [token for token in tokens if token and token not in words.FILLERS]
    months = [found for token in tokens if (found := words.month_or_season(token))]
    numbers = [token for token in tokens if token.isascii() and token.isdigit()]
    if len(months) > 1 or not 1 <= len(numbers) <= 2 or len(tokens) != len(months) + len(numbers):
        return None
    if len(numbers) == 2 and not months:
        return None
    day, year = (numbers[0], numbers[1]) if len(numbers) == 2 else (None, numbers[0])
    if day and len(day) > 2:
        day, year = year, day
    if len(year) > 4 or (day and len(day) > 2) or (len(year) < 3 and not told):
        return None
    astronomical = 1 - int(year) if before else int(year)
    return _joined(astronomical, months[0] if months else None, int(day) if day else None)


def _joined(year: int, month: int | None, day: int | None) -> str:
    text = f"{'-' if year < 0 else ''}{abs(year):04}"
    return text + "".join(f"-{part:02}" for part in (month, day) if part is not None)
