"""The query that an advanced form builds, and its field errors."""

import re
from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from biobank.names.folding import tokens
from biobank.records.dates import DateError
from biobank.search.asking import asked, date_filter
from biobank.search.known_values import KnownValues
from biobank.search.language.limits import WORDS_MOST
from biobank.search.language.meaning import NEAR_DEFAULT, NEAR_MOST, dates
from biobank.search.language.parsing import QUOTES, parse
from biobank.search.language.tree import AllOf, AnyOf, Node, Not, Phrase, Value, Words, render, tidy
from biobank.search.query import FACETS, TEXT_MOST, VALUES_MOST, Choice, DateFilter, SearchQuery
from biobank.web.advanced.fields import SCOPED, SEPARATOR, VALUED
from biobank.web.advanced.form import Form
from biobank.web.advanced.mistakes import Mistake, problem_of
from biobank.web.advanced.words import groups_in, words_in

#: A single date, which can be the end of a range.
_SINGLE: Final = re.compile(r"-?[0-9X~?%-]+")
#: Maximum age in years that can be searched.
AGE_MOST: Final = 150
_NUMBER: Final = re.compile(r"[0-9]{1,4}")


def query_of(form: Form, values: KnownValues) -> tuple[SearchQuery, tuple[Mistake, ...]]:
    """Return the normalized query; with errors, of what could be read."""
    reader = _Reader(form, values)
    choices = {**form.chosen.choices, **dict(reader.choices())}
    born, died = reader.date("born"), reader.date("died")
    text = render(tidy(AllOf(tuple(reader.parts()))))
    chosen = replace(
        form.chosen, text=text, choices=MappingProxyType(choices), born=born, died=died
    )
    query = asked(chosen, values.labels)
    # An error in the rest may be found twice: alone, and in the whole query.
    return query, tuple(dict.fromkeys((*reader.mistakes, *_late(query))))


def _late(query: SearchQuery) -> Iterator[Mistake]:
    """Yield the errors of the query as a whole, or of the part typed in the query language."""
    if len(query.typed) > TEXT_MOST:
        yield Mistake("", "too_long")
    for problem in query.problems:
        whole = problem.code == "too_many"
        yield replace(problem_of(problem, query.typed), field="" if whole else "rest")


class _Reader:
    """Reads the fields of one form; `errors` collects the invalid ones."""

    def __init__(self, form: Form, values: KnownValues) -> None:
        self._form = form
        self._values = values
        self._lang = form.chosen.lang
        self.mistakes: list[Mistake] = []

    def choices(self) -> Iterator[tuple[str, Choice]]:
        """Yield the selections of the facets that are typed."""
        for facet in VALUED:
            if facet in FACETS:
                choice = Choice(self._ids(facet), self._ids(facet, "not_"))
                if len(choice.values) > VALUES_MOST:
                    self._wrong(facet, "too_many_values", str(VALUES_MOST))
                elif choice.values:
                    yield facet, choice

    def date(self, name: str) -> DateFilter | None:
        """Return the date filter of the two ends of a range."""
        start, end = (self._day(f"{name}_{side}") for side in ("from", "to"))
        if not (start or end):
            return None
        try:
            return date_filter(_span(start, end))
        except DateError as error:
            code = "reversed" if error.code == "date_reversed" else "bad_date"
            field = f"{name}_to" if end else f"{name}_from"
            self._wrong(field, code, end or start)
        return None

    def parts(self) -> Iterator[Node]:
        """Yield the nodes of the query text."""
        yield from self._words()
        yield from self._age()
        yield from self._near()
        for field in VALUED:
            if field not in FACETS:
                wanted = tuple(Value(field, id_) for id_ in self._ids(field))
                if wanted:
                    yield AnyOf(wanted)
                yield from (Not(Value(field, id_)) for id_ in self._ids(field, "not_"))
        if rest := self._form.text("rest"):
            read = parse(rest, self._lang)
            self.mistakes += [problem_of(problem, rest) for problem in read.problems]
            yield read.tree

    def _wrong(self, field: str, code: str, what: str = "", near: tuple[str, ...] = ()) -> None:
        self.mistakes.append(Mistake(field, code, what, near))

    def _words(self) -> Iterator[Node]:
        for field in ("words", *SCOPED):
            if words := self._read(field, [words_in(self._form.text(field))]):
                yield Words(words[0], "" if field == "words" else field)
        any_, none = (
            self._read(name, groups_in(self._form.text(name))) for name in ("any", "none")
        )
        if any_:
            yield AnyOf(tuple(map(Words, any_)))
        yield from (Not(Words(group)) for group in none)
        phrase = " ".join(re.sub(f"[{QUOTES}]", " ", self._form.text("phrase")).split())
        if found := self._read("phrase", [phrase] if tokens(phrase) else []):
            yield Phrase(found[0])

    def _read(self, field: str, texts: list[str]) -> list[str]:
        """Return the non-empty texts of a field, unless there are too many words."""
        typed, found = self._form.text(field), [text for text in texts if text]
        if len(tokens(typed)) > WORDS_MOST:
            self._wrong(field, "too_many_words", str(WORDS_MOST))
        elif typed and not found:
            self._wrong(field, "nothing")
        else:
            return found
        return []

    def _day(self, field: str) -> str:
        typed = self._form.text(field)
        read = dates(typed) if typed else ""
        if typed and not read:
            self._wrong(field, "bad_date", typed)
        return read

    def _age(self) -> Iterator[Node]:
        least, most = (self._number(f"age_{end}", 0, AGE_MOST) for end in ("from", "to"))
        if least is not None and most is not None and least > most:
            self._wrong("age_to", "reversed")
        elif least is not None or most is not None:
            ends = [str(end) if end is not None else "" for end in (least, most)]
            yield Value("age", ends[0] if least == most else "..".join(ends))

    def _near(self) -> Iterator[Node]:
        km = self._number("km", 1, NEAR_MOST)
        place = self._form.text("near")
        if not place:
            if km:
                self._wrong("near", "no_place")
            return
        if ids := self._found("near", "near", place):
            yield AnyOf(tuple(Value("near", f"{id_}~{km or NEAR_DEFAULT}km") for id_ in ids))

    def _number(self, field: str, least: int, most: int) -> int | None:
        typed = self._form.text(field)
        if not typed:
            return None
        if _NUMBER.fullmatch(typed) and least <= int(typed) <= most:
            return int(typed)
        self._wrong(field, "bad_number", f"{least}–{most}")
        return None

    def _ids(self, field: str, sign: str = "") -> tuple[str, ...]:
        """Return the ids of the typed values; unknown ones are errors."""
        found: dict[str, None] = {}
        for piece in self._form.text(sign + field).split(SEPARATOR.strip()):
            for text in self._pieces(field, re.sub(f"[{QUOTES}]", " ", piece).strip()):
                found |= dict.fromkeys(self._found(sign + field, field, text))
        return tuple(found)

    def _pieces(self, field: str, text: str) -> list[str]:
        """Split a text at commas, unless it is a label that contains one."""
        parts = [part.strip() for part in text.split(",") if part.strip()]
        if len(parts) > 1 and not self._values.ids(field, text):
            return parts
        return [text] if text else []

    def _found(self, name: str, field: str, text: str) -> tuple[str, ...]:
        found = self._values.ids(field, text)
        if not found:
            self._wrong(name, "unknown_value", text, self._values.near(field, text, self._lang))
        return found


def _span(start: str, end: str) -> str:
    """Return one date range of two ends; an end that is a range itself is returned as it is."""
    if start == end:
        return start
    if not end:
        return f"{start}.." if _SINGLE.fullmatch(start) else start
    if not start:
        return f"..{end}" if _SINGLE.fullmatch(end) else end
    return f"{start}..{end}"
