"""Families built from relations: the parents, spouses and siblings among the people of a file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Final

from biobank.records.people.mapping import Record

#: Relation types that form a family; all others become associations.
PARENT, CHILD, SPOUSE, SIBLING = "parent", "child", "spouse", "sibling"
FAMILY: Final = frozenset((PARENT, CHILD, SPOUSE, SIBLING))


@dataclass
class Family:
    """Up to two partners and their children.

    A family without partners groups siblings whose parents are not in the file.
    """

    number: int
    partners: tuple[str, ...]
    children: list[str] = field(default_factory=list)
    #: Date and citations of the marriage, as each end stores them.
    marriages: list[Mapping[str, Any]] = field(default_factory=list)


@dataclass
class Ties:
    """The family relations of the people of a file, collected while records are read."""

    people: set[str] = field(default_factory=set)
    parents: dict[str, dict[str, None]] = field(default_factory=dict)
    couples: dict[tuple[str, str], list[Mapping[str, Any]]] = field(default_factory=dict)
    siblings: dict[str, dict[str, None]] = field(default_factory=dict)

    def learn(self, record: Record) -> None:
        person = record["id"]
        self.people.add(person)
        for tie in record.get("relations", ()):
            other, type_ = tie["person"], tie["type"]
            if type_ == PARENT:
                self.parents.setdefault(person, {})[other] = None
            elif type_ == CHILD:
                self.parents.setdefault(other, {})[person] = None
            elif type_ == SPOUSE:
                pair = (min(person, other), max(person, other))
                self.couples.setdefault(pair, []).append(tie)
            elif type_ == SIBLING:
                self.siblings.setdefault(person, {})[other] = None
                self.siblings.setdefault(other, {})[person] = None


class Families:
    """The families of the people of a file; relations to people outside it are ignored."""

    def __init__(self, ties: Ties) -> None:
        self._people = ties.people
        self._by_partners: dict[tuple[str, ...], Family] = {}
        self.all: list[Family] = []
        self.as_partner: dict[str, list[Family]] = {}
        self.as_child: dict[str, list[Family]] = {}
        for pair, told in sorted(ties.couples.items()):
            if self._here(pair):
                self._of(pair).marriages += told
        for child, parents in sorted(ties.parents.items()):
            if child in self._people:
                self._place(child, sorted(self._people & parents.keys()))
        self._make_siblings(ties.siblings)

    def are_told(self, one: str, other: str) -> bool:
        """Return whether two people are children of one family."""
        its = {family.number for family in self.as_child.get(one, ())}
        return any(family.number in its for family in self.as_child.get(other, ()))

    def _place(self, child: str, parents: list[str]) -> None:
        """Add a child to families of its parents: couples first, then the remaining parents."""
        rest = list(parents)
        for pair in combinations(parents, 2):
            if pair in self._by_partners and set(pair) <= set(rest):
                self._add_child(self._of(pair), child)
                rest = [parent for parent in rest if parent not in pair]
        if len(rest) == 2:
            self._add_child(self._of((rest[0], rest[1])), child)
        else:
            for parent in rest:
                self._add_child(self._of((parent,)), child)

    def _make_siblings(self, siblings: Mapping[str, Iterable[str]]) -> None:
        """Create a family without partners for siblings none of whom has a parent in the file."""
        seen: set[str] = set()
        for start in sorted(siblings):
            if start in seen or start not in self._people:
                continue
            group = self._reached(start, siblings)
            seen |= group
            if len(group) > 1 and not any(child in self.as_child for child in group):
                family = self._new(())
                for child in sorted(group):
                    self._add_child(family, child)

    def _reached(self, start: str, siblings: Mapping[str, Iterable[str]]) -> set[str]:
        found, way = {start}, [start]
        while way:
            for other in siblings.get(way.pop(), ()):
                if other in self._people and other not in found:
                    found.add(other)
                    way.append(other)
        return found

    def _here(self, people: Iterable[str]) -> bool:
        return self._people.issuperset(people)

    def _of(self, partners: tuple[str, ...]) -> Family:
        if partners not in self._by_partners:
            self._by_partners[partners] = self._new(partners)
        return self._by_partners[partners]

    def _new(self, partners: tuple[str, ...]) -> Family:
        family = Family(len(self.all) + 1, partners)
        self.all.append(family)
        for partner in partners:
            self.as_partner.setdefault(partner, []).append(family)
        return family

    def _add_child(self, family: Family, child: str) -> None:
        family.children.append(child)
        self.as_child.setdefault(child, []).append(family)
