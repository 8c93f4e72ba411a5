"""Parser of a single typed date, without "from", "between" or "or": a day, month, year or century.

The input is folded text with eras replaced by `bce` and `ce`; the result is EDTF, or None.
"""

import re
from collections.abc import Callable
from functools import partial

from biobank.records.date_parser import lexicon
from biobank.records.edtf import DateError, parse_single

#: Days between the Julian and Gregorian calendars since the tenth century, with some margin.
_CALENDAR_GAPS = range(5, 14)
_ERA = re.compile(r"\b(bce|ce)\b")
_CENTURY_NUMBER = rf"(?P<number>[ivxl]+|[0-9]{{1,2}}){lexicon.ORDINAL_SUFFIX_PATTERN}"
_CENTURY = re.compile(rf"{_CENTURY_NUMBER}\s*{lexicon.CENTURY_PATTERN}")
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


def parse_part(text: str) -> str | None:
    """Return the EDTF of a single date: `c. 18 September 1885 (?)` is `1885-09-18%`."""
    text, doubt = _strip_mark(text, lexicon.DOUBT_PREFIX, lexicon.DOUBT_SUFFIX)
    text, about = _strip_mark(text, lexicon.ABOUT_PREFIX, lexicon.ABOUT_SUFFIX)
    text = re.sub(r"[\s,.]+$", "", text) if not text.endswith((" в.", " c.")) else text
    body = _parse_body(text.strip())
    if body is None:
        return None
    if body.startswith("[") or body[-1] in "~?%":
        return body if not doubt and not about else None
    return body + ("%" if about and doubt else "~" if about else "?" if doubt else "")


def _strip_mark(text: str, prefix: re.Pattern[str], suffix: re.Pattern[str]) -> tuple[str, bool]:
    """Return the text without a leading or trailing mark, and whether it had one."""
    if _UNKNOWN.fullmatch(text):
        return text, False
    stripped = prefix.sub("", text, count=1) if prefix.match(text) else suffix.sub("", text)
    return stripped, stripped != text


def _parse_body(text: str) -> str | None:
    era = _ERA.search(text)
    is_bce = bool(era and era[1] == "bce")
    bare = " ".join(_ERA.sub(" ", text).split()) if era else text
    rules = (partial(_century, is_bce=True),) if is_bce else _RULES
    for rule in rules:
        if edtf := rule(bare):
            return edtf
    return _parse_words(bare, is_bce, has_era=bool(era))


def _edtf(text: str) -> str | None:
    try:
        parse_single(text.upper())
    except DateError:
        return None
    return text.upper()


def _unknown(text: str) -> str | None:
    match = _UNKNOWN.fullmatch(text)
    return re.sub(r"\?\?|--", "XX", text.upper()) if match else None


def _half(text: str) -> str | None:
    century = _CENTURY.search(text)
    number = lexicon.parse_number(century["number"]) if century else None
    if number is None:
        return None
    if re.search(lexicon.FIRST_HALF_PATTERN, text):
        return f"[{number - 1:02}01..{number - 1:02}50]"
    if re.search(lexicon.SECOND_HALF_PATTERN, text):
        return f"[{number - 1:02}51..{number:02}00]"
    return None


def _decade_of_century(text: str) -> str | None:
    match = _DECADE_OF.fullmatch(text) or _OF_DECADE.fullmatch(text)
    number = lexicon.parse_number(match["number"]) if match else None
    return f"{number - 1:02}{match['decade'][0]}X" if match and number else None


def _century(text: str, is_bce: bool = False) -> str | None:
    match = _CENTURY.fullmatch(text.removeprefix("the "))
    number = lexicon.parse_number(match["number"]) if match else None
    return f"{'-' if is_bce else ''}{number - 1:02}XX" if number else None


def _decade(text: str) -> str | None:
    match = _DECADE.fullmatch(text.removeprefix("the "))
    if not match:
        return None
    decade = match[1].zfill(4)
    return f"{decade[:2]}XX" if decade.endswith("00") else f"{decade[:3]}X"


def _both_calendars(text: str) -> str | None:
    """Parse a day in both calendars, `6 (18) sentyabr 1885`; the later day is Gregorian."""
    match = _BOTH_CALENDARS.fullmatch(text)
    if not match:
        return None
    first, second, tail = (part.strip() for part in match.groups())
    # In `31 мая (12 июня) 1885` and `6 (18) сентября 1885` the shared part comes last.
    shared = tail if first.isdigit() else f"{first.split(maxsplit=1)[1]} {tail}"
    first_date = _parse_words(f"{first.split()[0]} {shared}", is_bce=False, has_era=False)
    second_date = _parse_words(f"{second} {tail}", is_bce=False, has_era=False)
    if not first_date or not second_date or len(first_date) < 10 or len(second_date) < 10:
        return None
    days = sorted((first_date, second_date), key=lambda day: parse_single(day).earliest)
    difference = parse_single(days[1]).earliest - parse_single(days[0]).earliest
    return days[1] if difference in _CALENDAR_GAPS else None


def _day_first(text: str) -> str | None:
    match = _DAY_FIRST.fullmatch(text)
    if not match:
        return None
    day, month = int(match[1]), lexicon.parse_number(match[3])
    if match[2] == "/" and month and day != month:
        # 03/04 is ambiguous between 3 April and March 4; 18/09 is not.
        if max(day, month) <= 12:
            raise DateError("date_two_ways", "this date is ambiguous; write year, month, day: 1885-09-18")
        day, month = max(day, month), min(day, month)
    return _format_edtf(int(match[4]), month, day)


def _year_first(text: str) -> str | None:
    match = _YEAR_FIRST.fullmatch(text)
    return _format_edtf(int(match[1]), int(match[2]), int(match[3])) if match else None


def _month_of_year(text: str) -> str | None:
    if match := _MONTH_OF_YEAR.fullmatch(text):
        return _format_edtf(int(match[2]), int(match[1]), None)
    match = _YEAR_AND_MONTH.fullmatch(text)
    return _format_edtf(int(match[1]), int(match[2]), None) if match and int(match[2]) <= 12 else None


#: Rules for dates CE; BCE only centuries and years are recognised.
_RULES: tuple[Callable[[str], str | None], ...] = (
    _edtf,
    _unknown,
    _half,
    _decade_of_century,
    _century,
    _decade,
    _both_calendars,
    _day_first,
    _year_first,
    _month_of_year,
)


def _parse_words(text: str, is_bce: bool, has_era: bool) -> str | None:
    """Parse day, month and year in any order, with the month in words; or a year alone.

    A year of one or two digits is accepted if its era is given or a day stands next to it.
    """
    tokens = [_ENDING.sub("", token.strip(".")) for token in re.split(r"[\s,]+", text)]
    tokens = [token for token in tokens if token and token not in lexicon.FILLERS]
    months = [month for token in tokens if (month := lexicon.month_or_season(token))]
    numbers = [token for token in tokens if token.isascii() and token.isdigit()]
    if len(months) > 1 or not 1 <= len(numbers) <= 2 or len(tokens) != len(months) + len(numbers):
        return None
    if len(numbers) == 2 and not months:
        return None
    day, year = (numbers[0], numbers[1]) if len(numbers) == 2 else (None, numbers[0])
    if day and len(day) > 2:
        day, year = year, day
    if len(year) > 4 or (day and len(day) > 2) or (len(year) < 3 and not has_era):
        return None
    astronomical = 1 - int(year) if is_bce else int(year)
    return _format_edtf(astronomical, months[0] if months else None, int(day) if day else None)


def _format_edtf(year: int, month: int | None, day: int | None) -> str:
    text = f"{'-' if year < 0 else ''}{abs(year):04}"
    return text + "".join(f"-{part:02}" for part in (month, day) if part is not None)
