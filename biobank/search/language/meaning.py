"""Resolution of field values: labels to ids, dates and ages to a normalized form.

A value unknown to the bank is searched as words, and reported.
"""

import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from biobank.names.folding import tokens
from biobank.records.dates import DateError, date_range
from biobank.search.language.fields import ALWAYS_KNOWN, KINDS, NAMES, UNKNOWN, Kind
from biobank.search.language.mending import harmless
from biobank.search.language.problems import NEAR, Trouble, trouble
from biobank.search.language.tree import (
    EVERYONE,
    AllOf,
    AnyOf,
    Node,
    Not,
    Value,
    Words,
    tidy,
)
from biobank.search.language.values import TIE, Labels

#: Default and maximum radius in kilometres; the maximum is about the length of the country.
NEAR_DEFAULT: Final = 50
NEAR_MOST: Final = 2000

_SPAN: Final = re.compile(r"(-?[0-9]{4}) ?[-–—] ?(-?[0-9]{4})")
_DECADE: Final = re.compile(r"([0-9]{3})0(?:s|-е|-cı illər|-ci illər|-cu illər|-cü illər)")
_YEAR: Final = re.compile(r"([<>]?=?)([0-9]{3})")
_AGE: Final = re.compile(r"([<>]?)(=?)([0-9]{1,3})|([0-9]{1,3})?(?:\.\.|[-–])([0-9]{1,3})?")
_NEAR: Final = re.compile(r"(?P<place>.+?)(?:~ ?(?P<km>[0-9]{1,4}) ?(?:km|км)?)?", re.IGNORECASE)


class Meaning:
    """Resolves the field values of one query; `problems` lists those that could not be resolved."""

    def __init__(self, labels: Labels, lang: str) -> None:
        self._labels = labels
        self._lang = lang
        self.problems: list[Trouble] = []

    def of(self, node: Node) -> Node:
        """Return the query with ids and normalized dates, tidied."""
        return tidy(self._node(node))

    def _node(self, node: Node) -> Node:
        if isinstance(node, Not):
            part = self._node(node.part)
            return Not(part) if part != EVERYONE else EVERYONE
        if isinstance(node, AllOf | AnyOf):
            parts = tuple(part for old in node.parts if (part := self._node(old)) != EVERYONE)
            return type(node)(parts) if parts else EVERYONE
        return self._value(node) if isinstance(node, Value) else node

    def _value(self, leaf: Value) -> Node:
        if leaf.value == UNKNOWN and leaf.field not in ALWAYS_KNOWN:
            return leaf
        kind = KINDS[leaf.field]
        if kind is Kind.TERM:
            return self._term(leaf)
        if kind is Kind.PERSON:
            found = self._labels.find(TIE, leaf.value)
            return _one_of(leaf, found) if found else leaf
        if kind is Kind.PLACE_NEAR:
            return self._near(leaf)
        read = dates if kind is Kind.DATES else age
        value = read(leaf.value)
        code = "bad_date" if kind is Kind.DATES else "bad_age"
        return replace(leaf, value=value) if value else self._words(leaf, code)

    def _term(self, leaf: Value) -> Node:
        found = self._labels.find(leaf.field, leaf.value)
        return _one_of(leaf, found) if found else self._unknown(leaf, leaf.value)

    def _near(self, leaf: Value) -> Node:
        parts = _NEAR.fullmatch(leaf.value)
        km = int(parts["km"] or NEAR_DEFAULT) if parts else 0
        if parts is None or not 1 <= km <= NEAR_MOST:
            return self._words(leaf, "bad_distance", most=NEAR_MOST)
        found = self._labels.find("near", parts["place"])
        if not found:
            return self._unknown(leaf, parts["place"])
        return _one_of(leaf, [f"{id_}~{km}km" for id_ in found])

    def _unknown(self, leaf: Value, what: str) -> Node:
        near = self._labels.near(leaf.field, what, self._lang)
        self.problems.append(unknown_value(self._lang, leaf, what, near))
        return self._as_words(leaf)

    def _words(self, leaf: Value, code: str, **words: object) -> Node:
        start, end = leaf.span or (0, 0)
        self.problems.append(trouble(code, self._lang, start, end, what=leaf.value, **words))
        return self._as_words(leaf)

    def _as_words(self, leaf: Value) -> Node:
        """Return the value as plain words, which have no special meaning anywhere."""
        text = " ".join(harmless(token.text) for token in tokens(leaf.value))
        return Words(text, span=leaf.span) if text else EVERYONE


def unknown_value(lang: str, leaf: Value, what: str, near: Iterable[str]) -> Trouble:
    """Report that no value is called `what`, with similar labels."""
    offered = tuple(near)
    start, end = leaf.span or (0, 0)
    field = NAMES[lang][leaf.field][0]
    offer = _offer(lang, offered)
    told = trouble("unknown_value", lang, start, end, what=what, field=field, near=offer)
    return replace(told, near=offered)


def _offer(lang: str, near: Iterable[str]) -> str:
    labels = ", ".join(near)
    return NEAR[lang].format(labels=labels) if labels else ""


def dates(text: str) -> str:
    """Normalize a range of days, `1880-1920` and `1880s` included; empty if it is not one."""
    text = text.strip()
    if text == UNKNOWN:
        return text
    if found := _SPAN.fullmatch(text):
        text = f"{found[1]}..{found[2]}"
    elif found := _DECADE.fullmatch(text):
        text = f"{found[1]}X"
    elif found := _YEAR.fullmatch(text):
        text = f"{found[1]}0{found[2]}"
    if text[:2] in ("<=", ">="):
        text = f"..{text[2:].strip()}" if text[0] == "<" else f"{text[2:].strip()}.."
    try:
        date_range(text)
    except DateError:
        return ""
    return text


def age(text: str) -> str:
    """Normalize a range of ages, `60..70`; empty if it is not one."""
    if text == UNKNOWN:
        return text
    found = _AGE.fullmatch("".join(text.split()))
    if not found:
        return ""
    sign, same, one, least, most = found.groups()
    if one is None:
        return f"{least or ''}..{most or ''}" if least or most else ""
    years = int(one)
    if sign == ">":
        return f"{years if same else years + 1}.."
    if sign == "<":
        return f"..{years if same else years - 1}" if years or same else ""
    return f"{years}" if not same else ""


def ages(text: str) -> tuple[int | None, int | None]:
    """Return minimum and maximum years of a normalized age, None if open; `90` is exactly 90."""
    least, dots, most = text.partition("..")
    if not dots:
        return int(least), int(least)
    return int(least) if least else None, int(most) if most else None


def distance(value: str) -> tuple[str, int]:
    """Parse a normalized `near` value, `susa~50km`, into place and kilometres."""
    place, _, km = value.rpartition("~")
    return place, int(km.removesuffix("km"))


def _one_of(leaf: Value, ids: list[str] | tuple[str, ...]) -> Node:
    found = tuple(replace(leaf, value=id_) for id_ in ids)
    return found[0] if len(found) == 1 else AnyOf(found)
