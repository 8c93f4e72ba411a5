"""The form of the advanced search and its fields, filled from a query.

`advanced.query` does the reverse.

Parts that no field can express are put into `rest`, in the query language, so that nothing is lost.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final

from flask_babel import lazy_gettext

from biobank.errors import FieldError
from biobank.search.facet_value_index import FacetValueIndex
from biobank.search.language.fields import RELATION_FIELDS, UNKNOWN
from biobank.search.language.problems import QueryProblem
from biobank.search.language.tree import (
    AllOf,
    AnyOf,
    Not,
    Phrase,
    QueryNode,
    Value,
    Words,
    render,
    tidy,
    top_parts,
)
from biobank.search.normalize import date_filter, parse_distance
from biobank.search.query import FACETS, DateFilter, FacetChoice, SearchQuery
from biobank.search.request_args import QueryArguments, parse_search_query
from biobank.web.core.gettext import _
from biobank.web.core.labels import FACET_TITLES
from biobank.web.search.advanced.plain_words import (
    is_word_group,
    join_groups,
    plain_words,
    without_operators,
    word_groups,
)

#: The argument that marks a submitted form, as opposed to a search URL.
SUBMITTED_ARG: Final = "ask"
#: Fields of words in one part of a record.
TEXT_FIELDS: Final = ("name", "text", "work")
#: Fields of values typed by label; each has a counterpart `not_…`.
VALUE_FIELDS: Final = (
    "birthplace",
    "deathplace",
    "place",
    "country",
    "profession",
    "organisation",
    "award",
    "event",
    "relation",
)
#: The relation type of the people in the field `relation`; empty for any.
RELATION_TYPE_FIELD: Final = "relation_type"
#: Facets with few values, shown as checkboxes.
CHECKBOX_FACETS: Final = ("gender", "century", "language")
RANGE_FIELDS: Final = ("born", "died", "alive", "age")
FORM_FIELDS: Final = (
    *("words", "any", "none", "phrase"),
    *TEXT_FIELDS,
    *(f"{span}_{end}" for span in RANGE_FIELDS for end in ("from", "to")),
    *(name for field in VALUE_FIELDS for name in (field, f"not_{field}")),
    RELATION_TYPE_FIELD,
    *("near", "km"),
    "rest",
)
#: Arguments with the same meaning in the form and in search URLs.
SHARED_ARGS: Final = (*CHECKBOX_FACETS, "certainty", "sort", "size", "bbox", "tie")
#: Separator of several values in one field.
VALUE_SEPARATOR: Final = "; "
FORM_FIELD_TITLES: Final = {
    **FACET_TITLES,
    "words": lazy_gettext("All of these words"),
    "any": lazy_gettext("Any of these words"),
    "none": lazy_gettext("None of these words"),
    "phrase": lazy_gettext("This exact phrase"),
    "name": lazy_gettext("Name"),
    "text": lazy_gettext("Words in the biography"),
    "work": lazy_gettext("Titles of works"),
    "born": lazy_gettext("Born"),
    "died": lazy_gettext("Died"),
    "alive": lazy_gettext("Alive"),
    "age": lazy_gettext("Age at death"),
    "near": lazy_gettext("Near a place"),
    "km": lazy_gettext("Distance (km)"),
    "award": lazy_gettext("Award"),
    "event": lazy_gettext("Event"),
    "relation": lazy_gettext("Related to"),
    RELATION_TYPE_FIELD: lazy_gettext("Relationship"),
    "rest": lazy_gettext("Search query"),
}
#: Labels of the two ends of a range.
RANGE_END_LABELS: Final = {
    "born": (lazy_gettext("from"), lazy_gettext("to")),
    "died": (lazy_gettext("from"), lazy_gettext("to")),
    "alive": (lazy_gettext("from"), lazy_gettext("to")),
    "age": (lazy_gettext("at least"), lazy_gettext("at most")),
}


def range_end_label(name: str) -> str:
    """Return the label of the range end that a field is; empty for other fields."""
    span, _sign, end = name.partition("_")
    return str(RANGE_END_LABELS[span][end == "to"]) if span in RANGE_END_LABELS else ""


def field_title(name: str) -> str:
    """Return the full title of a field, as in a list of fields."""
    prefix, _sign, suffix = name.rpartition("_")
    if prefix in RANGE_END_LABELS:
        return f"{FORM_FIELD_TITLES[prefix]}, {range_end_label(name)}"
    if prefix == "not":
        return f"{_('Exclude')}: {FORM_FIELD_TITLES[suffix]}"
    return str(FORM_FIELD_TITLES[name])


_COMPARISON = re.compile(r"([<>])([0-9]{4})")


@dataclass(frozen=True)
class AdvancedForm:
    """The texts of the fields by name; `chosen` holds the other inputs: boxes, order, area."""

    texts: Mapping[str, str]
    chosen: SearchQuery

    def text(self, name: str) -> str:
        return self.texts.get(name, "")


def form_from_args(arguments: QueryArguments, lang: str) -> AdvancedForm:
    """Return the submitted form; unknown arguments are ignored.

    Raises:
        BadQuery: If a box, the order or the area has an invalid value.
    """
    texts = {name: " ".join(VALUE_SEPARATOR.join(arguments.getlist(name)).split()) for name in FORM_FIELDS}
    chosen = parse_search_query(_FilteredArguments(arguments, SHARED_ARGS), lang)
    return AdvancedForm({name: text for name, text in texts.items() if text}, chosen)


def form_from_query(query: SearchQuery, values: FacetValueIndex) -> AdvancedForm:
    """Return the form of a normalized query, at its first page."""
    fields = _FieldFiller(query, values)
    boxes = {facet: choice for facet, choice in query.choices.items() if facet in CHECKBOX_FACETS}
    chosen = replace(
        query,
        text="",
        typed="",
        parsed=None,
        problems=(),
        page=1,
        choices=MappingProxyType(boxes),
        born=None,
        died=None,
    )
    return AdvancedForm(fields.texts, chosen)


class _FilteredArguments:
    """A subset of the query arguments."""

    def __init__(self, arguments: QueryArguments, names: tuple[str, ...]) -> None:
        self._arguments = arguments
        self._names = names

    def getlist(self, key: str) -> list[str]:
        return list(self._arguments.getlist(key)) if key in self._names else []


class _FieldFiller:
    """Fills the fields with the parts of one query."""

    def __init__(self, query: SearchQuery, values: FacetValueIndex) -> None:
        self._values = values
        self._lang = query.lang
        self.texts: dict[str, str] = {}
        for facet in FACETS:
            if facet in VALUE_FIELDS:
                choice = query.choices.get(facet, FacetChoice())
                self._add_values(facet, choice.include)
                self._add_values(f"not_{facet}", choice.exclude)
        dates = (("born", query.born), ("died", query.died))
        remaining: list[QueryNode] = [
            Value(name, filter_.text)
            for name, filter_ in dates
            if filter_ and not self._fill_dates(name, filter_)
        ]
        remaining += [part for part in top_parts(without_operators(query.tree)) if not self._fill(part)]
        if text := render(tidy(AllOf(tuple(remaining)))):
            self.texts["rest"] = text

    def _fill(self, part: QueryNode) -> bool:
        """Fill the field that can express a part of the query; return whether there is one."""
        if isinstance(part, Words | Phrase):
            return self._fill_words(part)
        if isinstance(part, Value) and part.field == "age":
            return self._fill_range("age", part.value)
        if isinstance(part, Value) and part.field == "alive":
            return part.value != UNKNOWN and self._fill_dates("alive", date_filter(part.value))
        if isinstance(part, Value) and part.field == "near":
            return self._fill_near(part)
        if isinstance(part, Not):
            return self._fill_excluded(part.part)
        parts = part.parts if isinstance(part, AnyOf) else (part,)
        values = [item for item in parts if isinstance(item, Value)]
        if len(values) == len(parts) and (field := _common_field(values)):
            return field not in self.texts and self._add_values(field, [value.value for value in values])
        if len(values) == len(parts) and values[0].field in RELATION_FIELDS:
            return self._fill_related(values)
        groups = [item.text for item in parts if is_word_group(item)]
        return len(groups) == len(parts) and self._set_once("any", join_groups(groups))

    def _set_once(self, name: str, text: str) -> bool:
        """Set a field; a second text for the same field goes into the rest."""
        return self.texts.setdefault(name, text) is text

    def _fill_words(self, part: Words | Phrase) -> bool:
        if isinstance(part, Phrase):
            return not part.field and self._set_once("phrase", part.text)
        name = part.field or "words"
        return name in FORM_FIELDS and plain_words(part.text) == part.text and self._set_once(name, part.text)

    def _fill_excluded(self, part: QueryNode) -> bool:
        if isinstance(part, Value) and (field := _common_field([part])):
            return self._add_values(f"not_{field}", (part.value,))
        if not is_word_group(part):
            return False
        groups = word_groups(self.texts.get("none", ""))
        self.texts["none"] = join_groups([*groups, part.text])
        return True

    def _add_values(self, name: str, ids: tuple[str, ...] | list[str]) -> bool:
        field = name.removeprefix("not_")
        texts = [self._values.input_text(field, id_, self._lang) for id_ in ids]
        existing = [self.texts[name]] if name in self.texts else []
        if texts:
            self.texts[name] = VALUE_SEPARATOR.join([*existing, *texts])
        return True

    def _fill_related(self, values: list[Value]) -> bool:
        """Fill people and their relationship, unless values differ in it or the field is in use."""
        relation_type = values[0].field
        is_free = "relation" not in self.texts and all(value.value != UNKNOWN for value in values)
        if not is_free or len({value.field for value in values}) > 1:
            return False
        self.texts[RELATION_TYPE_FIELD] = relation_type
        return self._add_values("relation", [value.value for value in values])

    def _fill_near(self, part: Value) -> bool:
        place, km = parse_distance(part.value)
        if not self._set_once("near", self._values.input_text("near", place, self._lang)):
            return False
        return self._set_once("km", str(km))

    def _fill_dates(self, name: str, dates: DateFilter) -> bool:
        text = dates.text
        if (comparison := _COMPARISON.fullmatch(text)) and 1 < int(comparison[2]) < 9999:
            year = int(comparison[2])
            text = f"..{year - 1:04}" if comparison[1] == "<" else f"{year + 1:04}.."
        return not dates.is_unknown and text[0] not in "<>" and self._fill_range(name, text)

    def _fill_range(self, name: str, text: str) -> bool:
        """Fill the two ends of a range; both are equal for a single value."""
        if text.isalpha() or f"{name}_from" in self.texts or f"{name}_to" in self.texts:
            return False
        start, end = text, text
        if ".." in text and "[" not in text and "/" not in text:
            start, _, end = (part.strip() for part in text.partition(".."))
        ends = {f"{name}_from": start, f"{name}_to": end}
        self.texts |= {field: value for field, value in ends.items() if value}
        return True


def _common_field(values: list[Value]) -> str:
    """Return the common field of values if the form has it and it is part of the query text."""
    fields = {value.field for value in values}
    field = fields.pop() if len(fields) == 1 else ""
    return field if field in VALUE_FIELDS and field not in FACETS else ""


@dataclass(frozen=True)
class AdvancedFieldError(FieldError):
    """An invalid value of a field, and similar known labels; `message` is of the query language."""

    value: str = ""
    suggestions: tuple[str, ...] = ()


def error_from_problem(problem: QueryProblem, text: str, lang: str) -> AdvancedFieldError:
    """Return the field error of a problem in the query language."""
    value = text[problem.start : problem.end]
    return AdvancedFieldError("rest", problem.code, problem.message_with_suggestions(lang), value)


def error_message(error: AdvancedFieldError) -> str:
    """Return the message of an error, with advice."""
    value = error.value
    if error.code == "unknown_value":
        if error.suggestions:
            return _("“%(what)s” was not found. Did you mean:", what=value)
        return _("“%(what)s” was not found. Try another spelling.", what=value)
    messages = {
        "bad_date": _(
            "“%(what)s” is not a valid date. Enter a year (1885) or a day (1885-09-18).", what=value
        ),
        "reversed": _("The end is before the start. Swap the two values."),
        "bad_number": _("Enter a whole number in the range %(span)s.", span=value),
        "no_place": _("Enter a place to search near."),
        "nothing": _("Enter at least one word to search for."),
        "too_many_words": _("Too many words. The maximum is %(most)s.", most=value),
        "too_many_values": _("Too many values. The maximum is %(most)s.", most=value),
        "unknown_field": _("“%(what)s” is not a search field.", what=value),
        "short_prefix": _("“%(what)s”: enter at least three letters before the asterisk.", what=value),
        "unclosed": _("Unmatched “%(what)s”. Add the matching character or remove it.", what=value),
        "misplaced": _("“%(what)s” cannot be used here. Remove it.", what=value),
        "too_long": _("The search is too long. Remove some conditions."),
    }
    return messages.get(error.code, error.message)
