"""The form of the advanced search, filled from a query; `advanced.query` does the reverse.

Parts that no field can express are put into `rest`, in the query language, so that nothing is lost.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from biobank.search.args import Arguments, query_from
from biobank.search.known_values import KnownValues
from biobank.search.language.meaning import distance
from biobank.search.language.tree import (
    AllOf,
    AnyOf,
    Node,
    Not,
    Phrase,
    Value,
    Words,
    render,
    tidy,
    top_parts,
)
from biobank.search.query import FACETS, Choice, DateFilter, SearchQuery
from biobank.web.advanced.fields import BOXED, SEPARATOR, SHARED, TEXTS, VALUED
from biobank.web.advanced.words import groups_in, is_group, plainly, side_by_side, words_in

_BEYOND = re.compile(r"([<>])([0-9]{4})")


@dataclass(frozen=True)
class Form:
    """The texts of the fields by name; `chosen` holds the other inputs: boxes, order, area."""

    texts: Mapping[str, str]
    chosen: SearchQuery

    def text(self, name: str) -> str:
        return self.texts.get(name, "")


def typed_form(arguments: Arguments, lang: str) -> Form:
    """Return the submitted form; unknown arguments are ignored.

    Raises:
        BadQuery: If a box, the order or the area has an invalid value.
    """
    texts = {name: " ".join(SEPARATOR.join(arguments.getlist(name)).split()) for name in TEXTS}
    chosen = query_from(_Only(arguments, SHARED), lang)
    return Form({name: text for name, text in texts.items() if text}, chosen)


def form_of(query: SearchQuery, values: KnownValues) -> Form:
    """Return the form of a normalized query, at its first page."""
    fields = _Fields(query, values)
    boxes = {facet: choice for facet, choice in query.choices.items() if facet in BOXED}
    chosen = replace(
        query,
        text="",
        typed="",
        read=None,
        problems=(),
        page=1,
        choices=MappingProxyType(boxes),
        born=None,
        died=None,
    )
    return Form(fields.texts, chosen)


class _Only:
    """A subset of the query arguments."""

    def __init__(self, arguments: Arguments, names: tuple[str, ...]) -> None:
        self._arguments = arguments
        self._names = names

    def getlist(self, key: str) -> list[str]:
        return list(self._arguments.getlist(key)) if key in self._names else []


class _Fields:
    """Fills the fields with the parts of one query."""

    def __init__(self, query: SearchQuery, values: KnownValues) -> None:
        self._values = values
        self._lang = query.lang
        self.texts: dict[str, str] = {}
        for facet in FACETS:
            if facet in VALUED:
                choice = query.choices.get(facet, Choice())
                self._several(facet, choice.include)
                self._several(f"not_{facet}", choice.exclude)
        dates = (("born", query.born), ("died", query.died))
        rest: list[Node] = [
            Value(name, found.text)
            for name, found in dates
            if found and not self._dates(name, found)
        ]
        rest += [part for part in top_parts(plainly(query.tree)) if not self._takes(part)]
        if text := render(tidy(AllOf(tuple(rest)))):
            self.texts["rest"] = text

    def _takes(self, part: Node) -> bool:
        """Fill the field that can express a part of the query; return whether there is one."""
        if isinstance(part, Words | Phrase):
            return self._words(part)
        if isinstance(part, Value) and part.field == "age":
            return self._span("age", part.value)
        if isinstance(part, Value) and part.field == "near":
            return self._near(part)
        if isinstance(part, Not):
            return self._excluded(part.part)
        parts = part.parts if isinstance(part, AnyOf) else (part,)
        values = [each for each in parts if isinstance(each, Value)]
        if len(values) == len(parts) and (field := _one_field(values)):
            return field not in self.texts and self._several(field, [it.value for it in values])
        groups = [each.text for each in parts if is_group(each)]
        return len(groups) == len(parts) and self._put("any", side_by_side(groups))

    def _put(self, name: str, text: str) -> bool:
        """Set a field; a second text for the same field goes into the rest."""
        return self.texts.setdefault(name, text) is text

    def _words(self, part: Words | Phrase) -> bool:
        if isinstance(part, Phrase):
            return not part.field and self._put("phrase", part.text)
        name = part.field or "words"
        return name in TEXTS and words_in(part.text) == part.text and self._put(name, part.text)

    def _excluded(self, part: Node) -> bool:
        if isinstance(part, Value) and (field := _one_field([part])):
            return self._several(f"not_{field}", (part.value,))
        if not is_group(part):
            return False
        known = groups_in(self.texts.get("none", ""))
        self.texts["none"] = side_by_side([*known, part.text])
        return True

    def _several(self, name: str, ids: tuple[str, ...] | list[str]) -> bool:
        field = name.removeprefix("not_")
        texts = [self._values.text(field, id_, self._lang) for id_ in ids]
        known = [self.texts[name]] if name in self.texts else []
        if texts:
            self.texts[name] = SEPARATOR.join([*known, *texts])
        return True

    def _near(self, part: Value) -> bool:
        place, km = distance(part.value)
        if not self._put("near", self._values.text("near", place, self._lang)):
            return False
        return self._put("km", str(km))

    def _dates(self, name: str, dates: DateFilter) -> bool:
        text = dates.text
        if (beyond := _BEYOND.fullmatch(text)) and 1 < int(beyond[2]) < 9999:
            year = int(beyond[2])
            text = f"..{year - 1:04}" if beyond[1] == "<" else f"{year + 1:04}.."
        return not dates.unknown and text[0] not in "<>" and self._span(name, text)

    def _span(self, name: str, text: str) -> bool:
        """Fill the two ends of a range; both are equal for a single value."""
        if text.isalpha() or f"{name}_from" in self.texts or f"{name}_to" in self.texts:
            return False
        start, end = text, text
        if ".." in text and "[" not in text and "/" not in text:
            start, _, end = (part.strip() for part in text.partition(".."))
        ends = {f"{name}_from": start, f"{name}_to": end}
        self.texts |= {field: value for field, value in ends.items() if value}
        return True


def _one_field(values: list[Value]) -> str:
    """Return the common field of values if the form has it and it is part of the query text."""
    fields = {value.field for value in values}
    field = fields.pop() if len(fields) == 1 else ""
    return field if field in VALUED and field not in FACETS else ""
