"""Formatting of EDTF dates in Azerbaijani, English and Russian, as short as a fact box needs.

One grammar class per language formats a date on its own and after "from", "until" and "between":
Russian needs cases, Azerbaijani needs suffixes. Unknown languages fall back to English.
"""

from biobank.records.date_grammar import (
    AzerbaijaniDateGrammar,
    DateGrammar,
    EnglishDateGrammar,
    RussianDateGrammar,
)
from biobank.records.dates import parse_vital_date, year_of
from biobank.records.edtf import EdtfExpression, EdtfPart, parse_expression

_GRAMMARS: dict[str, DateGrammar] = {
    "az": AzerbaijaniDateGrammar(),
    "en": EnglishDateGrammar(),
    "ru": RussianDateGrammar(),
}


def format_edtf(text: str, lang: str) -> str:
    """Format an EDTF date.

    Raises:
        DateError: `text` is not an EDTF date.
    """
    grammar = _GRAMMARS.get(lang, _GRAMMARS["en"])
    shape = parse_expression(text)
    if shape.kind == "interval":
        return _format_interval(shape, grammar)
    if len(shape.members) == 1:
        start, end = shape.members[0]
        if start and end and start is not end:
            return grammar.between(start, end)
    choices = [_format_choice(start, end, grammar) for start, end in shape.members]
    return f"{', '.join(choices[:-1])} {grammar.or_} {choices[-1]}" if len(choices) > 1 else choices[0]


def format_before_year(year: int, lang: str) -> str:
    """Format “before this year”, a year of the common era."""
    return _GRAMMARS.get(lang, _GRAMMARS["en"]).before(year)


def format_after_year(year: int, lang: str) -> str:
    """Format “after this year”, a year of the common era."""
    return _GRAMMARS.get(lang, _GRAMMARS["en"]).after(year)


def format_life_years(birth: str | None, death: str | None, lang: str, living: bool) -> str:
    """Format the life years next to a name: 1885–1948, c. 1141–1209, d. 1067, b. 1960.

    Returns an empty string if no year is known.

    Raises:
        DateError: `birth` or `death` is not an EDTF date.
    """
    grammar = _GRAMMARS.get(lang, _GRAMMARS["en"])
    born, died = (_format_short(date, grammar) if date else "" for date in (birth, death))
    if born and died:
        return _join_years(born, died, grammar)
    if died:
        return f"{grammar.died} {died}"
    if born:
        return f"{grammar.born} {born}" if living else f"{born}–?"
    return ""


def format_uncertain_years(text: str, lang: str) -> str:
    """Format the years that search assumes for an uncertain birth or death: 1141~ is 1136–1146.

    Returns an empty string if the year is certain.

    Raises:
        DateError: `text` is not an EDTF date.
    """
    grammar = _GRAMMARS.get(lang, _GRAMMARS["en"])
    date = parse_vital_date(text)[0]
    first, last = (None if day is None else year_of(day) for day in (date.earliest, date.latest))
    if first is not None and last is not None:
        years = grammar.year(first), grammar.year(last)
        return _join_years(*years, grammar) if first < last else ""
    if first is not None:
        return grammar.earliest.format(grammar.year(first))
    assert last is not None, "a date has at least one end"
    return grammar.latest.format(grammar.year(last))


def _format_interval(shape: EdtfExpression, grammar: DateGrammar) -> str:
    start, end = shape.members[0]
    if start and end:
        return _join_with_dash(grammar.standalone(start), grammar.standalone(end), grammar)
    if start:
        return f"{grammar.standalone(start)}–?" if shape.unknown_end else grammar.since(start)
    assert end, "an interval has at least one end"
    return f"?–{grammar.standalone(end)}" if shape.unknown_end else grammar.until(end)


def _format_choice(start: EdtfPart | None, end: EdtfPart | None, grammar: DateGrammar) -> str:
    if start and end:
        if start is end:
            return grammar.standalone(start)
        return _join_with_dash(grammar.standalone(start), grammar.standalone(end), grammar)
    if start:
        return f"{grammar.standalone(start)} {grammar.or_later}"
    assert end, "a member has at least one end"
    return f"{grammar.standalone(end)} {grammar.or_earlier}"


def _join_with_dash(start: str, end: str, grammar: DateGrammar) -> str:
    """Join two dates by a dash: years without spaces, anything longer with spaces."""
    if start.isdigit() and end.isdigit():
        return f"{start}–{end}"
    return f"{start} {grammar.dash} {end}"


def _format_short(text: str, grammar: DateGrammar) -> str:
    shape = parse_expression(parse_vital_date(text)[0].text)
    return "/".join(dict.fromkeys(_format_short_member(*member, grammar) for member in shape.members))


def _format_short_member(start: EdtfPart | None, end: EdtfPart | None, grammar: DateGrammar) -> str:
    if start is end:
        assert start, "a member has at least one end"
        return grammar.short(start)
    if start and end:
        return "/".join(dict.fromkeys((grammar.short(start), grammar.short(end))))
    return f"≥{grammar.short(start)}" if start else f"≤{grammar.short(end)}" if end else ""


def _join_years(born: str, died: str, grammar: DateGrammar) -> str:
    born, died = grammar.share_era(born, died)
    first = born.removeprefix(f"{grammar.about_short} ").removeprefix(grammar.era)
    compact = " " not in first + died.replace(grammar.era, "")
    return f"{born}–{died}" if compact else f"{born} – {died}"
