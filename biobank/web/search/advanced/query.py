"""The query that an advanced form builds, and its field errors."""

import re
from collections.abc import Iterator
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from biobank.names.folding import tokens
from biobank.records.dates import DateError
from biobank.search.facet_value_index import FacetValueIndex
from biobank.search.language.fields import RELATION_FIELDS
from biobank.search.language.parser import QUOTE_CHARS, parse
from biobank.search.language.tree import (
    MAX_QUERY_WORDS,
    AllOf,
    AnyOf,
    Not,
    Phrase,
    QueryNode,
    Value,
    Words,
    render,
    tidy,
)
from biobank.search.normalize import (
    DEFAULT_DISTANCE_KM,
    MAX_DISTANCE_KM,
    date_filter,
    normalize_dates,
    normalize_query,
)
from biobank.search.query import (
    FACETS,
    MAX_FACET_VALUES,
    MAX_QUERY_CHARS,
    DateFilter,
    FacetChoice,
    SearchQuery,
)
from biobank.search.service import SearchService
from biobank.web.search.advanced.forms import (
    RELATION_TYPE_FIELD,
    TEXT_FIELDS,
    VALUE_FIELDS,
    VALUE_SEPARATOR,
    AdvancedFieldError,
    AdvancedForm,
    error_from_problem,
)
from biobank.web.search.advanced.plain_words import plain_words, word_groups

#: A single date, which can be the end of a range.
_SINGLE_DATE: Final = re.compile(r"-?[0-9X~?%-]+")
#: Maximum age in years that can be searched.
MAX_AGE_YEARS: Final = 150
_NUMBER_PATTERN: Final = re.compile(r"[0-9]{1,4}")


def query_from_form(
    form: AdvancedForm, values: FacetValueIndex
) -> tuple[SearchQuery, tuple[AdvancedFieldError, ...]]:
    """Return the normalized query; with errors, of what could be read."""
    reader = _FormReader(form, values)
    choices = {**form.chosen.choices, **dict(reader.choices())}
    born, died = reader.date("born"), reader.date("died")
    text = render(tidy(AllOf(tuple(reader.parts()))))
    chosen = replace(form.chosen, text=text, choices=MappingProxyType(choices), born=born, died=died)
    query = normalize_query(chosen, values.labels)
    # An error in the rest may be found twice: alone, and in the whole query.
    return query, tuple(dict.fromkeys((*reader.errors, *_query_errors(query))))


def with_literal_words(query: SearchQuery, search: SearchService) -> SearchQuery:
    """Return the query of a form, in whose words no conditions are recognised: these have own fields."""
    return replace(query, literal=bool(search.normalize(replace(query, typed="", literal=False)).recognised))


def _query_errors(query: SearchQuery) -> Iterator[AdvancedFieldError]:
    """Yield the errors of the query as a whole, or of the part typed in the query language."""
    if len(query.typed) > MAX_QUERY_CHARS:
        yield AdvancedFieldError("", "too_long")
    for problem in query.problems:
        concerns_all = problem.code == "too_many"
        error = error_from_problem(problem, query.typed, query.lang)
        yield replace(error, path="" if concerns_all else "rest")


class _FormReader:
    """Reads the fields of one form; `errors` collects the invalid ones."""

    def __init__(self, form: AdvancedForm, values: FacetValueIndex) -> None:
        self._form = form
        self._values = values
        self._lang = form.chosen.lang
        self.errors: list[AdvancedFieldError] = []

    def choices(self) -> Iterator[tuple[str, FacetChoice]]:
        """Yield the selections of the facets that are typed."""
        for facet in VALUE_FIELDS:
            if facet in FACETS:
                choice = FacetChoice(self._resolve_values(facet), self._resolve_values(facet, "not_"))
                if len(choice.values) > MAX_FACET_VALUES:
                    self._add_error(facet, "too_many_values", str(MAX_FACET_VALUES))
                elif choice.values:
                    yield facet, choice

    def date(self, name: str) -> DateFilter | None:
        """Return the date filter of the two ends of a range."""
        start, end = (self._parse_day(f"{name}_{side}") for side in ("from", "to"))
        if not (start or end):
            return None
        try:
            return date_filter(_date_range(start, end))
        except DateError as error:
            code = "reversed" if error.code == "date_reversed" else "bad_date"
            field = f"{name}_to" if end else f"{name}_from"
            self._add_error(field, code, end or start)
        return None

    def parts(self) -> Iterator[QueryNode]:
        """Yield the nodes of the query text."""
        yield from self._word_nodes()
        if alive := self.date("alive"):
            yield Value("alive", alive.text)
        yield from self._age_nodes()
        yield from self._near_nodes()
        for field in VALUE_FIELDS:
            if field not in FACETS:
                query_field = self._relation_type() if field == "relation" else field
                alternatives = tuple(Value(query_field, id_) for id_ in self._resolve_values(field))
                if alternatives:
                    yield AnyOf(alternatives)
                yield from (Not(Value(field, id_)) for id_ in self._resolve_values(field, "not_"))
        if rest_text := self._form.text("rest"):
            parsed = parse(rest_text)
            self.errors += [error_from_problem(problem, rest_text, self._lang) for problem in parsed.problems]
            yield parsed.tree

    def _relation_type(self) -> str:
        """Return the field of the selected relationship, or of any."""
        selected = self._form.text(RELATION_TYPE_FIELD)
        return selected if selected in RELATION_FIELDS else "relation"

    def _add_error(self, field: str, code: str, value: str = "", suggestions: tuple[str, ...] = ()) -> None:
        self.errors.append(AdvancedFieldError(field, code, value=value, suggestions=suggestions))

    def _word_nodes(self) -> Iterator[QueryNode]:
        for field in ("words", *TEXT_FIELDS):
            if words := self._valid_texts(field, [plain_words(self._form.text(field))]):
                yield Words(words[0], "" if field == "words" else field)
        any_groups, excluded_groups = (
            self._valid_texts(name, word_groups(self._form.text(name))) for name in ("any", "none")
        )
        if any_groups:
            yield AnyOf(tuple(map(Words, any_groups)))
        yield from (Not(Words(group)) for group in excluded_groups)
        phrase = " ".join(re.sub(f"[{QUOTE_CHARS}]", " ", self._form.text("phrase")).split())
        if phrases := self._valid_texts("phrase", [phrase] if tokens(phrase) else []):
            yield Phrase(phrases[0])

    def _valid_texts(self, field: str, texts: list[str]) -> list[str]:
        """Return the non-empty texts of a field, unless there are too many words."""
        typed, valid = self._form.text(field), [text for text in texts if text]
        if len(tokens(typed)) > MAX_QUERY_WORDS:
            self._add_error(field, "too_many_words", str(MAX_QUERY_WORDS))
        elif typed and not valid:
            self._add_error(field, "nothing")
        else:
            return valid
        return []

    def _parse_day(self, field: str) -> str:
        typed = self._form.text(field)
        parsed = normalize_dates(typed) if typed else ""
        if typed and not parsed:
            self._add_error(field, "bad_date", typed)
        return parsed

    def _age_nodes(self) -> Iterator[QueryNode]:
        minimum, maximum = (self._parse_number(f"age_{end}", 0, MAX_AGE_YEARS) for end in ("from", "to"))
        if minimum is not None and maximum is not None and minimum > maximum:
            self._add_error("age_to", "reversed")
        elif minimum is not None or maximum is not None:
            ends = [str(end) if end is not None else "" for end in (minimum, maximum)]
            yield Value("age", ends[0] if minimum == maximum else "..".join(ends))

    def _near_nodes(self) -> Iterator[QueryNode]:
        km = self._parse_number("km", 1, MAX_DISTANCE_KM)
        place = self._form.text("near")
        if not place:
            if km:
                self._add_error("near", "no_place")
            return
        if ids := self._lookup_ids("near", "near", place):
            yield AnyOf(tuple(Value("near", f"{id_}~{km or DEFAULT_DISTANCE_KM}km") for id_ in ids))

    def _parse_number(self, field: str, minimum: int, maximum: int) -> int | None:
        typed = self._form.text(field)
        if not typed:
            return None
        if _NUMBER_PATTERN.fullmatch(typed) and minimum <= int(typed) <= maximum:
            return int(typed)
        self._add_error(field, "bad_number", f"{minimum}–{maximum}")
        return None

    def _resolve_values(self, field: str, sign: str = "") -> tuple[str, ...]:
        """Return the ids of the typed values; unknown ones are errors."""
        resolved: dict[str, None] = {}
        for typed in self._form.text(sign + field).split(VALUE_SEPARATOR.strip()):
            for text in self._split_values(field, re.sub(f"[{QUOTE_CHARS}]", " ", typed).strip()):
                resolved |= dict.fromkeys(self._lookup_ids(sign + field, field, text))
        return tuple(resolved)

    def _split_values(self, field: str, text: str) -> list[str]:
        """Split a text at commas, unless it is a label that contains one."""
        parts = [part.strip() for part in text.split(",") if part.strip()]
        if len(parts) > 1 and not self._values.resolve(field, text):
            return parts
        return [text] if text else []

    def _lookup_ids(self, name: str, field: str, text: str) -> tuple[str, ...]:
        ids = self._values.resolve(field, text)
        if not ids:
            self._add_error(name, "unknown_value", text, self._values.similar_labels(field, text, self._lang))
        return ids


def _date_range(start: str, end: str) -> str:
    """Return one date range of two ends; an end that is a range itself is returned as it is."""
    if start == end:
        return start
    if not end:
        return f"{start}.." if _SINGLE_DATE.fullmatch(start) else start
    if not start:
        return f"..{end}" if _SINGLE_DATE.fullmatch(end) else end
    return f"{start}..{end}"
