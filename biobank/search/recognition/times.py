"""Expressions of time in plain words: centuries, their halves, decades, years, ranges, before and after.

The text is folded letter by letter, so that positions stay those of the typed text.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from biobank.common.i18n import LANGUAGES
from biobank.names.folding import HYPHENS, fold_word
from biobank.records.numerals import roman
from biobank.search.recognition.word_lists import load_words

#: First and last year of a part of a century, counted from the year before it begins.
CENTURY_PARTS: Final[Mapping[str, tuple[int, int]]] = {
    "first_half": (1, 50),
    "second_half": (51, 100),
    "beginning": (1, 30),
    "middle": (41, 60),
    "end": (71, 100),
}
#: The same of a decade.
DECADE_PARTS: Final[Mapping[str, tuple[int, int]]] = {
    "first_half": (0, 4),
    "second_half": (5, 9),
    "beginning": (0, 3),
    "middle": (3, 6),
    "end": (7, 9),
}
#: Years that a bare number of four digits may mean.
EARLIEST_YEAR, LATEST_YEAR = 500, 2100
MAX_CENTURY: Final = 21

_YEAR = r"[0-9]{3,4}"
_DECADE = r"[0-9]{3}0"
#: Roman numerals are also typed with Cyrillic letters that look like them.
_ROMAN = r"[ivxхі]{1,7}"
_YEAR_PATTERN, _ROMAN_PATTERN = re.compile(_YEAR), re.compile(_ROMAN)
_ROMAN_LETTERS = str.maketrans("хі", "xi")
_DASHES = re.compile(f"[{HYPHENS}]")
_MAY_HOLD_TIME = re.compile(r"[0-9]|(?:centur|esr|yuzil|век|столет|вв?\.)")


@dataclass(frozen=True)
class Period:
    """Years from `first` to `last`, None if open, in `text[start:end]`.

    `century` is the number of the century if it is exactly one.
    """

    start: int
    end: int
    first: int | None
    last: int | None
    century: int | None = None
    #: Whether it is a bare year, which may as well be a number in a title.
    is_year: bool = False
    is_decade: bool = False

    @property
    def condition(self) -> str:
        """Return the period as a date condition: 1885, 188X, 1900..1910, ..1913."""
        first, last = (f"{year:04}" if year is not None else "" for year in (self.first, self.last))
        if first == last:
            return first
        is_decade = first[:3] == last[:3] and (first[-1:], last[-1:]) == ("0", "9")
        return f"{first[:3]}X" if is_decade else f"{first}..{last}"


def find_periods(text: str) -> list[Period]:
    """Return the periods in `text`, the longest expression at each place, in order."""
    folded = _fold_letters(text)
    if not _MAY_HOLD_TIME.search(folded):
        return []
    periods = [period for lang in LANGUAGES for period in _periods_in(folded, _grammar(lang))]
    chosen: list[Period] = []
    for period in sorted(periods, key=lambda period: (period.start - period.end, period.start)):
        if all(period.end <= other.start or other.end <= period.start for other in chosen):
            chosen.append(period)
    return sorted(chosen, key=lambda period: period.start)


def _fold_letters(text: str) -> str:
    letters = _DASHES.sub("-", text)
    return "".join(new if len(new := fold_word(old)) == 1 else old for old in letters)


@dataclass(frozen=True)
class _TimeGrammar:
    """The compiled expressions of one language."""

    point: re.Pattern[str]
    century: re.Pattern[str]
    decade: re.Pattern[str]
    parts: tuple[tuple[str, re.Pattern[str]], ...]
    #: Name of the relation and expression with the groups a and b.
    relations: tuple[tuple[str, re.Pattern[str]], ...]
    ordinals: tuple[re.Pattern[str], ...]


@cache
def _grammar(lang: str) -> _TimeGrammar:
    words = load_words(lang)["time"]
    ordinals = [rf"(?:{ordinal})" for ordinal in words["ordinals"]]
    number = rf"(?P<number>{_ROMAN}|[0-9]{{1,2}}|{'|'.join(reversed(ordinals))})"
    century = _fill(words["century"], number=number)
    decade = _fill(words["decade"], decade=f"(?P<decade>{_DECADE})")
    year = _fill(words["year"], year=_YEAR)
    before = {**words.get("parts_before", {})}
    after = {**words.get("parts_after", {})}
    part = "".join(
        (
            rf"(?:(?:{'|'.join(before.values())})[- ]?)?" if before else "",
            rf"(?:{century}|{decade}|{year})",
            rf"(?: (?:{'|'.join(after.values())})(?!\w))?" if after else "",
        )
    )
    unnamed = re.sub(r"\(\?P<\w+>", "(?:", part)
    groups = {name: f"(?P<{name}>{unnamed})" for name in ("t", "a", "b")}
    relations = [
        (name.removesuffix("_also"), re.compile(rf"(?<!\w){_fill(template, **groups)}(?!\w)"))
        for name in ("between", "before", "before_also", "until", "after", "since")
        for template in words.get(name, ())
    ]
    return _TimeGrammar(
        point=re.compile(rf"(?<![\w.]){part}(?!\w)"),
        century=re.compile(century),
        decade=re.compile(decade),
        parts=tuple((name, re.compile(pattern)) for name, pattern in {**before, **after}.items()),
        relations=tuple(relations),
        ordinals=tuple(map(re.compile, ordinals)),
    )


def _fill(template: str, **parts: str) -> str:
    """Return an expression with its placeholders filled; `{1,3}` is a repetition, not one of them."""
    for name, part in parts.items():
        template = template.replace(f"{{{name}}}", part)
    return template


def _periods_in(folded: str, grammar: _TimeGrammar) -> Iterator[Period]:
    for match in grammar.point.finditer(folded):
        if period := _point(match[0], match.start(), grammar):
            yield period
    for name, pattern in grammar.relations:
        for match in pattern.finditer(folded):
            if period := _related(name, match, grammar):
                yield period


def _related(name: str, match: re.Match[str], grammar: _TimeGrammar) -> Period | None:
    groups = match.groupdict()
    if "b" in groups:
        years = _range_years(_point(groups["a"], 0, grammar), _point(groups["b"], 0, grammar))
    else:
        years = _open_years(name, _point(groups["t"], 0, grammar))
    return Period(*match.span(), *years) if years else None


def _range_years(start: Period | None, end: Period | None) -> tuple[int | None, int | None] | None:
    """Return the years from one period to another; None if they are not in order."""
    if start is None or end is None or start.first is None:
        return None
    # 1900–1910-cu illər ends in 1910, not in 1919.
    last = end.first if start.is_year and end.is_decade else end.last
    return (start.first, last) if last is not None and start.first <= last else None


def _open_years(name: str, point: Period | None) -> tuple[int | None, int | None] | None:
    """Return the years before or after a period."""
    if point is None or point.first is None or point.last is None:
        return None
    return {
        "before": (None, point.first - 1),
        "until": (None, point.last),
        "after": (point.last + 1, None),
        "since": (point.first, None),
    }[name]


def _point(text: str, start: int, grammar: _TimeGrammar) -> Period | None:
    """Return the century, decade or year that `text` is, or the part of it that is meant."""
    end = start + len(text)
    part = next((name for name, pattern in grammar.parts if pattern.search(text)), "")
    if match := grammar.century.search(text):
        number = _century_number(match["number"], grammar)
        if not number:
            return None
        base = (number - 1) * 100
        first, last = CENTURY_PARTS.get(part, (1, 100))
        return Period(start, end, base + first, base + last, None if part else number)
    if match := grammar.decade.search(text):
        base = int(match["decade"])
        first, last = DECADE_PARTS.get(part, (0, 9))
        return Period(start, end, base + first, base + last, is_decade=True)
    digits = _YEAR_PATTERN.search(text)
    year = int(digits[0]) if digits else 0
    has_word = digits is not None and digits[0] != text
    if part or not EARLIEST_YEAR <= year <= LATEST_YEAR or (year < 1000 and not has_word):
        return None
    return Period(start, end, year, year, is_year=True)


def _century_number(text: str, grammar: _TimeGrammar) -> int:
    """Return the number of a century; 0 if there is none of that number."""
    if text.isdecimal():
        number = int(text)
    elif _ROMAN_PATTERN.fullmatch(text):
        number = _roman_number(text.translate(_ROMAN_LETTERS))
    else:
        number = next(
            index for index, ordinal in enumerate(grammar.ordinals, start=1) if ordinal.fullmatch(text)
        )
    return number if 1 <= number <= MAX_CENTURY else 0


@lru_cache(maxsize=256)
def _roman_number(text: str) -> int:
    """Return the value of a roman numeral in its usual form; 0 for any other text."""
    return next((number for number in range(1, MAX_CENTURY + 1) if roman(number).lower() == text), 0)
