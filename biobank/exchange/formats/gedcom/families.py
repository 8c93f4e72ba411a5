"""Families built from relations: the parents, spouses and siblings among the people of a file."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Final

from biobank.records.people.record import PersonRecord

#: Relation types that form a family; all others become associations.
PARENT, CHILD, SPOUSE, SIBLING = "parent", "child", "spouse", "sibling"
FAMILY_RELATIONS: Final = frozenset((PARENT, CHILD, SPOUSE, SIBLING))


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
class FamilyRelations:
    """The family relations of the people of a file, collected while records are read."""

    people: set[str] = field(default_factory=set)
    parents: dict[str, dict[str, None]] = field(default_factory=dict)
    couples: dict[tuple[str, str], list[Mapping[str, Any]]] = field(default_factory=dict)
    siblings: dict[str, dict[str, None]] = field(default_factory=dict)

    def add(self, record: PersonRecord) -> None:
        person = record["id"]
        self.people.add(person)
        for relation in record.get("relations", ()):
            related_id, type_ = relation["person"], relation["type"]
            if type_ == PARENT:
                self.parents.setdefault(person, {})[related_id] = None
            elif type_ == CHILD:
                self.parents.setdefault(related_id, {})[person] = None
            elif type_ == SPOUSE:
                pair = (min(person, related_id), max(person, related_id))
                self.couples.setdefault(pair, []).append(relation)
            elif type_ == SIBLING:
                self.siblings.setdefault(person, {})[related_id] = None
                self.siblings.setdefault(related_id, {})[person] = None


class Families:
    """The families of the people of a file; relations to people outside it are ignored."""

    def __init__(self, relations: FamilyRelations) -> None:
        self._people = relations.people
        self._by_partners: dict[tuple[str, ...], Family] = {}
        self.all: list[Family] = []
        self.as_partner: dict[str, list[Family]] = {}
        self.as_child: dict[str, list[Family]] = {}
        for pair, marriages in sorted(relations.couples.items()):
            if self._all_in_file(pair):
                self._family_of(pair).marriages += marriages
        for child, parents in sorted(relations.parents.items()):
            if child in self._people:
                self._assign_to_parents(child, sorted(self._people & parents.keys()))
        self._add_sibling_families(relations.siblings)

    def share_family(self, first_id: str, second_id: str) -> bool:
        """Return whether two people are children of one family."""
        numbers = {family.number for family in self.as_child.get(first_id, ())}
        return any(family.number in numbers for family in self.as_child.get(second_id, ()))

    def _assign_to_parents(self, child: str, parents: list[str]) -> None:
        """Add a child to families of its parents: couples first, then the remaining parents."""
        remaining = list(parents)
        for pair in combinations(parents, 2):
            if pair in self._by_partners and set(pair) <= set(remaining):
                self._add_child(self._family_of(pair), child)
                remaining = [parent for parent in remaining if parent not in pair]
        if len(remaining) == 2:
            self._add_child(self._family_of((remaining[0], remaining[1])), child)
        else:
            for parent in remaining:
                self._add_child(self._family_of((parent,)), child)

    def _add_sibling_families(self, siblings: Mapping[str, Iterable[str]]) -> None:
        """Create a family without partners for siblings none of whom has a parent in the file."""
        seen: set[str] = set()
        for start in sorted(siblings):
            if start in seen or start not in self._people:
                continue
            group = self._connected_siblings(start, siblings)
            seen |= group
            if len(group) > 1 and not any(child in self.as_child for child in group):
                family = self._new_family(())
                for child in sorted(group):
                    self._add_child(family, child)

    def _connected_siblings(self, start: str, siblings: Mapping[str, Iterable[str]]) -> set[str]:
        reached, pending = {start}, [start]
        while pending:
            for sibling in siblings.get(pending.pop(), ()):
                if sibling in self._people and sibling not in reached:
                    reached.add(sibling)
                    pending.append(sibling)
        return reached

    def _all_in_file(self, people: Iterable[str]) -> bool:
        return self._people.issuperset(people)

    def _family_of(self, partners: tuple[str, ...]) -> Family:
        if partners not in self._by_partners:
            self._by_partners[partners] = self._new_family(partners)
        return self._by_partners[partners]

    def _new_family(self, partners: tuple[str, ...]) -> Family:
        family = Family(len(self.all) + 1, partners)
        self.all.append(family)
        for partner in partners:
            self.as_partner.setdefault(partner, []).append(family)
        return family

    def _add_child(self, family: Family, child: str) -> None:
        family.children.append(child)
        self.as_child.setdefault(child, []).append(family)
