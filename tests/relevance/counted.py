"""Expected result sets and counts, computed over all records condition by condition.

Only words are not evaluated on the record: their forms depend on the analysis, so they are matched
against the documents built from the records (tests/support/trees.py).
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import partial

from biobank.records.dates import centuries, date_range
from biobank.search.document import Document, years_lived
from biobank.search.language.tree import Leaf, Node, Value, top_parts
from biobank.search.query import FACETS, UNKNOWN, Choice, SearchQuery
from biobank.search.where import Area
from tests.relevance.bank import Bank, Condition, Record, cited
from tests.relevance.when import days
from tests.relevance.where import kilometres, places_of
from tests.support.trees import has_leaf, holds

Ids = frozenset[str]
#: Maximum number of centuries of a very imprecise date.
CENTURIES_MOST = 5
#: Kinds of places without a point of their own.
AREAS = {"country", "region"}


@dataclass(eq=False)
class Counted:
    """People who meet the conditions of queries, cached by condition."""

    bank: Bank
    documents: Mapping[str, Document]
    _kept: dict[object, Ids] = field(default_factory=dict)
    #: Existing values by facet and person.
    _values: dict[str, dict[str, set[str]]] = field(init=False)

    def __post_init__(self) -> None:
        people = self.bank.people.items()
        self._values = {
            facet: {id_: values_of(self.bank, person, facet) for id_, person in people}
            for facet in VALUES
        }

    @property
    def everybody(self) -> Ids:
        return frozenset(self.bank.people)

    def found(self, query: SearchQuery, without: str = "") -> Ids:
        """Return the ids that meet all conditions of a query, or all but one on a facet or date."""
        ids = self.everybody
        for facet, choice in query.choices.items():
            ids &= self._chosen(facet, choice) if facet != without else ids
        for role, dates in (("born", query.born), ("died", query.died)):
            if dates and role != without:
                ids &= self._leaf(Value(role, dates.text), query.certainty)
        if query.area:
            ids &= self._kept_as((query.area, query.tie), in_area(query.area, query.tie))
        for part in top_parts(query.tree):
            ids &= self._tree(part, query.certainty)
        return ids

    def facet(self, query: SearchQuery, facet: str) -> dict[str, int]:
        """Return the counts of a facet's values, ignoring the selection in it."""
        ids = self.found(query, without=facet)
        choice = query.choices.get(facet, Choice())
        counts = Counter(value for id_ in ids for value in self._values[facet][id_])
        return {**dict.fromkeys((*choice.include, *choice.exclude), 0), **counts}

    def births(self, query: SearchQuery) -> list[tuple[int, int, int]]:
        """Return (decade, possible, certain) counts."""
        possible: Counter[int] = Counter()
        certain: Counter[int] = Counter()
        for id_ in self.found(query, without="born"):
            if known := days(self.bank.people[id_], "birth"):
                first, last = (date.fromordinal(day).year // 10 * 10 for day in known)
                possible.update(range(first, last + 1, 10))
                certain.update([first] if first == last else [])
        return [(decade, possible[decade], certain[decade]) for decade in sorted(possible)]

    def _chosen(self, facet: str, choice: Choice) -> Ids:
        ids = self._any(facet, choice.include) if choice.include else self.everybody
        return ids - self._any(facet, choice.exclude)

    def _any(self, facet: str, values: tuple[str, ...]) -> Ids:
        having = self._values[facet].items()
        return frozenset(id_ for id_, own in having if not own.isdisjoint(values))

    def _tree(self, node: Node, certainty: str) -> Ids:
        def true(id_: str) -> bool:
            return holds(node, lambda leaf: id_ in self._leaf(leaf, certainty))

        return self._kept_as((node, certainty), lambda _, person: true(person["id"]))

    def _leaf(self, leaf: Leaf, certainty: str) -> Ids:
        if not isinstance(leaf, Value):
            return self._of_documents(leaf)
        if leaf.field in ("born", "died", "age", "checked"):
            condition = spanning(leaf.field, leaf.value, certainty)
            return self._kept_as((leaf, certainty), condition)
        if leaf.field == "near":
            return self._kept_as(leaf, near(leaf.value))
        if leaf.field == "relation":
            return self._any("relation", (leaf.value,)) | self._any("tie", (leaf.value,))
        return self._any("language" if leaf.field == "text" else leaf.field, (leaf.value,))

    def _of_documents(self, leaf: Leaf) -> Ids:
        has: Callable[[str], bool] = lambda id_: has_leaf(self.documents[id_], leaf)  # noqa: E731
        return self._kept_as(leaf, lambda _, person: has(person["id"]))

    def _kept_as(self, key: object, condition: Condition) -> Ids:
        if key not in self._kept:
            people = self.bank.people.items()
            self._kept[key] = frozenset(id_ for id_, one in people if condition(self.bank, one))
        return self._kept[key]


def spanning(role: str, text: str, certainty: str) -> Condition:
    """Match people whose birth, death, age or check lies possibly or certainly within a range."""
    span: Callable[[Record], tuple[int, int] | None]
    if role == "age":
        span, wanted = age, _ages(text)
    elif role == "checked":
        span, wanted = checked, date_range(text) if text != UNKNOWN else (None, None)
    else:
        span = partial(days, role={"born": "birth", "died": "death"}[role])
        wanted = date_range(text) if text != UNKNOWN else (None, None)
    first, last = wanted

    def within(_: Bank, person: Record) -> bool:
        known = span(person)
        if known is None or text == UNKNOWN:
            return known is None and text == UNKNOWN
        near_end, far_end = known if certainty == "certain" else known[::-1]
        return (first is None or near_end >= first) and (last is None or far_end <= last)

    return within


def checked(person: Record) -> tuple[int, int] | None:
    return days({"checked": {"date": person.get("checked", {}).get("on")}}, "checked")


def age(person: Record) -> tuple[int, int] | None:
    birth, death = days(person, "birth"), days(person, "death")
    if birth is None or death is None:
        return None
    least, most = years_lived(birth, death)
    assert least is not None
    assert most is not None
    return least, most


def _ages(text: str) -> tuple[int | None, int | None]:
    if text == UNKNOWN:
        return None, None
    least, dots, most = text.partition("..")
    most = most if dots else least
    return int(least) if least else None, int(most) if most else None


def in_area(area: Area, tie: str) -> Condition:
    """Match people with a place of the given tie in the rectangle."""

    def inside(bank: Bank, person: Record) -> bool:
        points = [_point(bank, place) for place in places_of(person, tie)]
        return any(point and _within(area, *point) for point in points)

    return inside


def _within(area: Area, lat: float, lon: float) -> bool:
    east = area.east if area.west <= area.east else area.east + 360
    return area.south <= lat <= area.north and any(
        area.west <= turned <= east for turned in (lon, lon + 360)
    )


def near(value: str) -> Condition:
    """Match people with a tie to the place or to one within the distance."""
    middle, _, km = value.removesuffix("km").rpartition("~")

    def close(bank: Bank, person: Record) -> bool:
        centre = _point(bank, middle)
        for place in places_of(person):
            point = _point(bank, place)
            if place == middle or (centre and point and kilometres(centre, point) <= float(km)):
                return True
        return False

    return close


def _point(bank: Bank, place_id: str) -> tuple[float, float] | None:
    place = bank.catalogue.places[place_id]
    if place["kind"] in AREAS or "lat" not in place:
        return None
    return place["lat"], place["lon"]


def values_of(bank: Bank, person: Record, facet: str) -> set[str]:
    """Return the values of a facet of a record, broader ones included."""
    return set(VALUES[facet](bank, person)) or {UNKNOWN}


def _century(bank: Bank, person: Record) -> list[str]:
    known = days(person, "birth") or days(person, "floruit")
    found = list(centuries(*known))[:CENTURIES_MOST] if known else []
    return [f"{-number}bce" if number < 0 else str(number) for number in found]


def _born(role: str) -> Callable[[Bank, Record], object]:
    return lambda bank, one: bank.catalogue.broader_places(places_of(one, role))


def _each(key: str, part: str) -> Callable[[Bank, Record], object]:
    return lambda _, one: [entry[part] for entry in one.get(key, []) if part in entry]


#: Kind of fact by field of a record.
FACTS = {
    "birth": "birth",
    "death": "death",
    "floruit": "floruit",
    "events": "event",
    "relations": "relation",
    "memberships": "membership",
    "works": "work",
    "awards": "award",
}


def _facts(one: Record) -> list[tuple[str, Record]]:
    found = []
    for key, kind in FACTS.items():
        parts = one.get(key) or []
        found += [(kind, part) for part in (parts if isinstance(parts, list) else [parts])]
    return found


def _unsourced(one: Record) -> set[str]:
    kinds = {kind for kind, part in _facts(one) if not part.get("cites")}
    texts = one.get("biography", {}).values()
    return (
        kinds | ({"fact"} if kinds else set()) | {"biography" for text in texts if "[@" not in text}
    )


def _uncertain(one: Record) -> set[str]:
    exact = re.compile(r"-?\d{4,}(-\d\d){0,2}")

    def sure(date: str) -> bool:
        return all(exact.fullmatch(end) for end in date.split("/") if end != "..")

    kinds = {kind for kind, part in _facts(one) if part.get("date") and not sure(part["date"])}
    return kinds | ({"date"} if kinds else set())


def _is_portrait(part: Record) -> bool:
    return part["type"] == "image" and part["url"].startswith("/media/")


def _lacks(bank: Bank, one: Record) -> set[str]:
    found = {"az", "en", "ru"} - set(one.get("biography", {}))
    for what, there in (
        ("relation", bank.ties(one)),
        ("citation", not _unsourced(one)),
        ("portrait", [each for each in one.get("media", []) if _is_portrait(each)]),
        ("identifier", one.get("identifiers")),
    ):
        found |= set() if there else {what}
    return found


#: Functions that return the values of a record by facet.
VALUES: Mapping[str, Callable[[Bank, Record], object]] = {
    "profession": lambda bank, one: bank.catalogue.broader_terms(
        "profession", one.get("professions", [])
    ),
    "country": lambda _, one: one.get("countries", []),
    "place": lambda bank, one: bank.catalogue.broader_places(places_of(one)),
    "birthplace": _born("birth"),
    "deathplace": _born("death"),
    "century": _century,
    "gender": lambda _, one: [one["gender"]] if "gender" in one else [],
    "organisation": _each("memberships", "organisation"),
    "language": lambda _, one: one.get("biography", {}),
    "award": _each("awards", "award"),
    "work": lambda _, one: [work.get("type", "other") for work in one.get("works", [])],
    "source": lambda _, one: cited(one),
    "relation": lambda bank, one: {other for _, other in bank.ties(one)},
    "tie": lambda bank, one: {kind for kind, _ in bank.ties(one)},
    "lacks": _lacks,
    "unsourced": lambda _, one: _unsourced(one),
    "uncertain": lambda _, one: _uncertain(one),
    "stale": lambda bank, one: bank.stale.get(one["id"], set()),
}
#: Fields that are searched by query text only.
OTHER = tuple(facet for facet in VALUES if facet not in FACETS)
