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

from biobank.bootstrap import Services
from biobank.records.dates import centuries, parse_date_range
from biobank.search.document import Document, RelatedData, make_document, years_lived
from biobank.search.geo import Area
from biobank.search.language.fields import RELATION_FIELDS
from biobank.search.language.tree import QueryLeaf, QueryNode, Value, top_parts
from biobank.search.query import FACETS, UNKNOWN, FacetChoice, SearchQuery
from tests.relevance.date_conditions import day_range
from tests.relevance.oracle import Condition, Record, RecordBank, cited_sources, load_bank
from tests.relevance.place_conditions import great_circle_km, places_of
from tests.support.query_trees import evaluate, matches_leaf

Ids = frozenset[str]
#: Maximum number of centuries of a very imprecise date.
MAX_CENTURIES = 5
#: Kinds of places without a point of their own.
AREA_KINDS = {"country", "region"}


@dataclass(eq=False)
class CountOracle:
    """People who meet the conditions of queries, cached by condition."""

    bank: RecordBank
    documents: Mapping[str, Document]
    _cache: dict[object, Ids] = field(default_factory=dict)
    #: Existing values by facet and person.
    _values: dict[str, dict[str, set[str]]] = field(init=False)

    def __post_init__(self) -> None:
        people = self.bank.people.items()
        self._values = {
            facet: {id_: values_of(self.bank, person, facet) for id_, person in people}
            for facet in VALUE_FUNCTIONS
        }

    @property
    def all_ids(self) -> Ids:
        return frozenset(self.bank.people)

    def matching_ids(self, query: SearchQuery, without: str = "") -> Ids:
        """Return the ids that meet all conditions of a query, or all but one on a facet or date."""
        ids = self.all_ids
        for facet, choice in query.choices.items():
            ids &= self._selected(facet, choice) if facet != without else ids
        for role, dates in (("born", query.born), ("died", query.died)):
            if dates and role != without:
                ids &= self._matching_leaf(Value(role, dates.text), query.certainty)
        if query.area:
            ids &= self._cached((query.area, query.tie), in_area(query.area, query.tie))
        for part in top_parts(query.tree):
            ids &= self._matching_tree(part, query.certainty)
        return ids

    def facet_counts(self, query: SearchQuery, facet: str) -> dict[str, int]:
        """Return the counts of a facet's values, ignoring the selection in it."""
        ids = self.matching_ids(query, without=facet)
        choice = query.choices.get(facet, FacetChoice())
        counts = Counter(value for id_ in ids for value in self._values[facet][id_])
        return {**dict.fromkeys((*choice.include, *choice.exclude), 0), **counts}

    def births(self, query: SearchQuery) -> list[tuple[int, int, int]]:
        """Return (decade, possible, certain) counts."""
        possible: Counter[int] = Counter()
        certain: Counter[int] = Counter()
        for id_ in self.matching_ids(query, without="born"):
            if known := day_range(self.bank.people[id_], "birth"):
                first, last = (date.fromordinal(day).year // 10 * 10 for day in known)
                possible.update(range(first, last + 1, 10))
                certain.update([first] if first == last else [])
        return [(decade, possible[decade], certain[decade]) for decade in sorted(possible)]

    def _selected(self, facet: str, choice: FacetChoice) -> Ids:
        ids = self._with_any_value(facet, choice.include) if choice.include else self.all_ids
        return ids - self._with_any_value(facet, choice.exclude)

    def _with_any_value(self, facet: str, values: tuple[str, ...]) -> Ids:
        having = self._values[facet].items()
        return frozenset(id_ for id_, own in having if not own.isdisjoint(values))

    def _matching_tree(self, node: QueryNode, certainty: str) -> Ids:
        def is_true(id_: str) -> bool:
            return evaluate(node, lambda leaf: id_ in self._matching_leaf(leaf, certainty))

        return self._cached((node, certainty), lambda _, person: is_true(person["id"]))

    def _matching_leaf(self, leaf: QueryLeaf, certainty: str) -> Ids:
        if not isinstance(leaf, Value):
            return self._matching_documents(leaf)
        if leaf.field in ("born", "died", "age", "checked"):
            condition = within_range(leaf.field, leaf.value, certainty)
            return self._cached((leaf, certainty), condition)
        if leaf.field == "alive":
            return self._cached((leaf, certainty), alive_within(leaf.value, certainty))
        if leaf.field in RELATION_FIELDS:
            if leaf.value == UNKNOWN:
                return self.all_ids - self._with_any_value("tie", (leaf.field,))
            return self._with_any_value("related", (f"{leaf.field}:{leaf.value}",))
        if leaf.field == "near":
            return self._cached(leaf, within_distance(leaf.value))
        if leaf.field == "relation":
            return self._with_any_value("relation", (leaf.value,)) | self._with_any_value(
                "tie", (leaf.value,)
            )
        return self._with_any_value("language" if leaf.field == "text" else leaf.field, (leaf.value,))

    def _matching_documents(self, leaf: QueryLeaf) -> Ids:
        has: Callable[[str], bool] = lambda id_: matches_leaf(self.documents[id_], leaf)  # noqa: E731
        return self._cached(leaf, lambda _, person: has(person["id"]))

    def _cached(self, key: object, condition: Condition) -> Ids:
        if key not in self._cache:
            people = self.bank.people.items()
            self._cache[key] = frozenset(id_ for id_, record in people if condition(self.bank, record))
        return self._cache[key]


def build_oracle(services: Services) -> CountOracle:
    """Return the oracle of all published records of a bank."""
    bank = load_bank(services)
    titles = {id_: source["csl"]["title"] for id_, source in bank.sources.items()}
    inbound: dict[str, list[tuple[str, str]]] = {}
    for id_, record in bank.people.items():
        for relation in record.get("relations", []):
            inbound.setdefault(relation["person"], []).append((id_, relation["type"]))
    return CountOracle(
        bank,
        {
            id_: make_document(record, bank.catalogue, related_data=RelatedData(inbound.get(id_, ()), titles))
            for id_, record in bank.people.items()
        },
    )


def alive_within(text: str, certainty: str) -> Condition:
    """Match people who were alive on a day of a range; those with both dates, else by the rule of 110 years."""
    first, last = (None, None) if text == UNKNOWN else parse_date_range(text)

    def is_alive(_: RecordBank, record: Record) -> bool:
        birth, death, active = (day_range(record, role) for role in ("birth", "death", "floruit"))
        days = [day for days in (birth, death, active) if days for day in days]
        if text == UNKNOWN or not days:
            return text == UNKNOWN and not days
        if certainty == "certain":
            if not birth and not death:
                return False
            start = birth[1] if birth else death[0] if death else 0
            end = death[0] if death else start
        elif not birth and not death:
            start, end = min(days), max(days)
        else:
            start = birth[0] if birth else min(days) - MAX_LIFE_DAYS
            after = max(days) if not birth else max(birth[1], max(days) - MAX_LIFE_DAYS)
            end = death[1] if death else after + MAX_LIFE_DAYS
        return start <= end and (last is None or start <= last) and (first is None or first <= end)

    return is_alive


def within_range(role: str, text: str, certainty: str) -> Condition:
    """Match people whose birth, death, age or check lies possibly or certainly within a range."""
    get_range: Callable[[Record], tuple[int, int] | None]
    if role == "age":
        get_range, wanted = age, _parse_ages(text)
    elif role == "checked":
        get_range, wanted = checked, parse_date_range(text) if text != UNKNOWN else (None, None)
    else:
        get_range = partial(day_range, role={"born": "birth", "died": "death"}[role])
        wanted = parse_date_range(text) if text != UNKNOWN else (None, None)
    first, last = wanted

    def within(_: RecordBank, person: Record) -> bool:
        known = get_range(person)
        if known is None or text == UNKNOWN:
            return known is None and text == UNKNOWN
        near_end, far_end = known if certainty == "certain" else known[::-1]
        return (first is None or near_end >= first) and (last is None or far_end <= last)

    return within


def checked(person: Record) -> tuple[int, int] | None:
    return day_range({"checked": {"date": person.get("checked", {}).get("on")}}, "checked")


def age(person: Record) -> tuple[int, int] | None:
    birth, death = day_range(person, "birth"), day_range(person, "death")
    if birth is None or death is None:
        return None
    minimum, maximum = years_lived(birth, death)
    assert minimum is not None
    assert maximum is not None
    return minimum, maximum


def _parse_ages(text: str) -> tuple[int | None, int | None]:
    if text == UNKNOWN:
        return None, None
    minimum, dots, maximum = text.partition("..")
    maximum = maximum if dots else minimum
    return int(minimum) if minimum else None, int(maximum) if maximum else None


def in_area(area: Area, tie: str) -> Condition:
    """Match people with a place of the given tie in the rectangle."""

    def inside(bank: RecordBank, person: Record) -> bool:
        points = [_point(bank, place) for place in places_of(person, tie)]
        return any(point and _within(area, *point) for point in points)

    return inside


def _within(area: Area, lat: float, lon: float) -> bool:
    east = area.east if area.west <= area.east else area.east + 360
    return area.south <= lat <= area.north and any(area.west <= turned <= east for turned in (lon, lon + 360))


def within_distance(value: str) -> Condition:
    """Match people with a tie to the place or to one within the distance."""
    place_id, _, km = value.removesuffix("km").rpartition("~")

    def is_close(bank: RecordBank, person: Record) -> bool:
        centre = _point(bank, place_id)
        for place in places_of(person):
            point = _point(bank, place)
            if place == place_id or (centre and point and great_circle_km(centre, point) <= float(km)):
                return True
        return False

    return is_close


def _point(bank: RecordBank, place_id: str) -> tuple[float, float] | None:
    place = bank.catalogue.places[place_id]
    if place["kind"] in AREA_KINDS or "lat" not in place:
        return None
    return place["lat"], place["lon"]


def values_of(bank: RecordBank, person: Record, facet: str) -> set[str]:
    """Return the values of a facet of a record, broader ones included."""
    return set(VALUE_FUNCTIONS[facet](bank, person)) or {UNKNOWN}


def _century(bank: RecordBank, person: Record) -> list[str]:
    known = day_range(person, "birth") or day_range(person, "floruit")
    possible = list(centuries(*known))[:MAX_CENTURIES] if known else []
    return [f"{-number}bce" if number < 0 else str(number) for number in possible]


def _places_with_role(role: str) -> Callable[[RecordBank, Record], object]:
    return lambda bank, record: bank.catalogue.broader_places(places_of(record, role))


def _list_values(key: str, part: str) -> Callable[[RecordBank, Record], object]:
    return lambda _, record: [entry[part] for entry in record.get(key, []) if part in entry]


#: Kind of fact by field of a record.
FACT_KINDS = {
    "birth": "birth",
    "death": "death",
    "floruit": "floruit",
    "events": "event",
    "relations": "relation",
    "memberships": "membership",
    "works": "work",
    "awards": "award",
}


def _facts(record: Record) -> list[tuple[str, Record]]:
    facts = []
    for key, kind in FACT_KINDS.items():
        parts = record.get(key) or []
        facts += [(kind, part) for part in (parts if isinstance(parts, list) else [parts])]
    return facts


def _unsourced(record: Record) -> set[str]:
    kinds = {kind for kind, part in _facts(record) if not part.get("cites")}
    texts = record.get("biography", {}).values()
    return kinds | ({"fact"} if kinds else set()) | {"biography" for text in texts if "[@" not in text}


def _uncertain(record: Record) -> set[str]:
    exact = re.compile(r"-?\d{4,}(-\d\d){0,2}")

    def sure(date: str) -> bool:
        return all(exact.fullmatch(end) for end in date.split("/") if end != "..")

    kinds = {kind for kind, part in _facts(record) if part.get("date") and not sure(part["date"])}
    return kinds | ({"date"} if kinds else set())


def _is_portrait(part: Record) -> bool:
    return part["type"] == "image" and part["url"].startswith("/media/")


def _lacks(bank: RecordBank, record: Record) -> set[str]:
    missing = {"az", "en", "ru"} - set(record.get("biography", {}))
    for part_name, values in (
        ("relation", bank.relations(record)),
        ("citation", not _unsourced(record)),
        ("portrait", [each for each in record.get("media", []) if _is_portrait(each)]),
        ("identifier", record.get("identifiers")),
    ):
        missing |= set() if values else {part_name}
    return missing


#: The longest life that is assumed where the birth or the death is unknown: 110 years.
MAX_LIFE_DAYS = 110 * 365
#: Functions that return the values of a record by facet.
VALUE_FUNCTIONS: Mapping[str, Callable[[RecordBank, Record], object]] = {
    "profession": lambda bank, record: bank.catalogue.broader_terms(
        "profession", record.get("professions", [])
    ),
    "country": lambda _, record: record.get("countries", []),
    "place": lambda bank, record: bank.catalogue.broader_places(places_of(record)),
    "birthplace": _places_with_role("birth"),
    "deathplace": _places_with_role("death"),
    "century": _century,
    "gender": lambda _, record: [record["gender"]] if "gender" in record else [],
    "organisation": _list_values("memberships", "organisation"),
    "language": lambda _, record: record.get("biography", {}),
    "award": _list_values("awards", "award"),
    "work": lambda _, record: [work.get("type", "other") for work in record.get("works", [])],
    "source": lambda _, record: cited_sources(record),
    "relation": lambda bank, record: {person_id for _, person_id in bank.relations(record)},
    "tie": lambda bank, record: {kind for kind, _ in bank.relations(record)},
    "related": lambda bank, record: {f"{kind}:{person_id}" for kind, person_id in bank.relations(record)},
    "event": lambda _, record: [event["type"] for event in record.get("events", []) if "type" in event],
    "lacks": _lacks,
    "unsourced": lambda _, record: _unsourced(record),
    "uncertain": lambda _, record: _uncertain(record),
    "stale": lambda bank, record: bank.stale.get(record["id"], set()),
}
#: Fields that are searched by query text only.
OTHER_FIELDS = tuple(facet for facet in VALUE_FUNCTIONS if facet not in FACETS)
