"""People as INDI records: names, sex, life, work, texts, families and associations."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any, Final

from gedcom7.types import GedcomStructure

from biobank.common.i18n import best_text
from biobank.exchange.exports.context import ExportContext
from biobank.exchange.formats.gedcom.structures import (
    date_structures,
    make_structure,
    make_xref,
    name_structures,
    pointer,
    record,
)
from biobank.records.people.citations import strip_citations
from biobank.records.people.record import PersonRecord, vital_event

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
            if self._people.issuperset(pair):
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
        groups = [tuple(remaining)] if len(remaining) == 2 else [(parent,) for parent in remaining]
        for partners in groups:
            self._add_child(self._family_of(partners), child)

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


SEXES = {"male": "M", "female": "F", "other": "X"}
#: URI prefixes of external catalogues, as their operators define them; other ids become REFN.
CATALOGUE_URI_PREFIXES = {
    "wikidata": "http://www.wikidata.org/entity/",
    "viaf": "https://viaf.org/viaf/",
    "isni": "https://isni.org/isni/",
    "gnd": "https://d-nb.info/gnd/",
    "orcid": "https://orcid.org/",
}
RecordPart = Mapping[str, Any]


@dataclass
class GedcomContext:
    """The export context, families and people of a file, and its cited sources in order of use."""

    export: ExportContext
    families: Families
    people: Set[str]
    sources: dict[str, None] = field(default_factory=dict)

    def term_label(self, vocabulary: str, term: str) -> str:
        return self.export.catalogue.term_label(vocabulary, term, self.export.lang)

    def localized(self, texts: Mapping[str, str] | None) -> str:
        return best_text(texts, self.export.lang)

    def citations(self, part: RecordPart) -> list[GedcomStructure]:
        pointers = []
        for citation in part.get("cites", ()):
            self.sources.setdefault(citation["source"])
            locator = [make_structure("PAGE", citation["locator"])] if citation.get("locator") else []
            pointers.append(pointer("SOUR", make_xref("S", citation["source"]), locator))
        return pointers

    def details(self, part: RecordPart) -> list[GedcomStructure]:
        """Return the date, place and citations of a part of a record."""
        return [*date_structures(part), *self.place(part.get("place")), *self.citations(part)]

    def place(self, place_id: str | None) -> list[GedcomStructure]:
        """Return the place and its broader places, smallest first, with coordinates."""
        if not place_id:
            return []
        catalogue, lang = self.export.catalogue, self.export.lang
        names = (catalogue.place_name(id_, lang) for id_ in catalogue.broader_places([place_id]))
        substructures = [make_structure("LANG", lang)]
        place = catalogue.places.get(catalogue.resolve_redirect("place", place_id), {})
        if place.get("lat") is not None and place.get("lon") is not None:
            substructures.append(make_structure("MAP", "", _coordinates(place["lat"], place["lon"])))
        return [make_structure("PLAC", ", ".join(name.replace(",", " ") for name in names), substructures)]


def individual_record(person: PersonRecord, context: GedcomContext) -> GedcomStructure:
    return record("INDI", make_xref("I", person["id"]), _individual_substructures(person, context))


def _individual_substructures(person: PersonRecord, context: GedcomContext) -> Iterator[GedcomStructure]:
    yield from name_structures(person, context.export.lang)
    yield make_structure("SEX", SEXES.get(person.get("gender", ""), "U"))
    for tag, fact in (("BIRT", "birth"), ("DEAT", "death")):
        if details := context.details(vital_event(person, fact)):
            yield make_structure(tag, "", details)
    for term in person.get("professions", ()):
        yield make_structure("OCCU", context.term_label("profession", term))
    yield from _facts(person, context)
    yield from _relations(person, context)
    for lang, text in (person.get("biography") or {}).items():
        yield make_structure("NOTE", strip_citations(text), [make_structure("LANG", lang)])
    for source in person.get("sources", ()):
        context.sources.setdefault(source)
        yield pointer("SOUR", make_xref("S", source))
    yield from _identifiers(person, context)


def _facts(person: PersonRecord, context: GedcomContext) -> Iterator[GedcomStructure]:
    """Yield floruit, events, memberships, works and awards."""
    if floruit := person.get("floruit"):
        yield _fact("EVEN", "", "floruit", floruit, context)
    for part in person.get("events", ()):
        type_ = context.term_label("event", part["type"]) if part.get("type") else "event"
        yield _fact("EVEN", context.localized(part.get("text")), type_, part, context)
    for membership in person.get("memberships", ()):
        lang = context.export.lang
        name = context.export.catalogue.organisation_name(membership["organisation"], lang)
        role = context.localized(membership.get("role"))
        text = f"{name}: {role}" if role else name
        yield _fact("FACT", text, "membership", membership, context)
    for work in person.get("works", ()):
        type_ = context.term_label("work", work["type"]) if work.get("type") else "work"
        yield _fact("FACT", context.localized(work["title"]), type_, work, context)
    for award in person.get("awards", ()):
        yield _fact("FACT", context.term_label("award", award["award"]), "award", award, context)


def _fact(tag: str, text: str, type_: str, part: RecordPart, context: GedcomContext) -> GedcomStructure:
    return make_structure(tag, text or type_, [make_structure("TYPE", type_), *context.details(part)])


def _relations(person: PersonRecord, context: GedcomContext) -> Iterator[GedcomStructure]:
    """Yield the families as child and as partner, then associations with people of the file."""
    families, id_ = context.families, person["id"]
    for family in families.as_child.get(id_, ()):
        yield pointer("FAMC", family_xref(family.number))
    for family in families.as_partner.get(id_, ()):
        yield pointer("FAMS", family_xref(family.number))
    for relation in person.get("relations", ()):
        if relation["person"] in context.people and not _in_family(id_, relation, families):
            role = _role(relation["type"], context)
            yield pointer("ASSO", make_xref("I", relation["person"]), [role, *context.citations(relation)])


def _in_family(person: str, relation: RecordPart, families: Families) -> bool:
    """Return whether a family expresses the relation."""
    # Siblings do not share a family if only one of them has known parents.
    if relation["type"] == SIBLING:
        return families.share_family(person, relation["person"])
    return relation["type"] in FAMILY_RELATIONS


def _role(type_: str, context: GedcomContext) -> GedcomStructure:
    """Return the role of the other person: the standard value if there is one, else a phrase."""
    if type_ == "friend":
        return make_structure("ROLE", "FRIEND")
    phrase = make_structure("PHRASE", context.term_label("relation", type_))
    return make_structure("ROLE", "OTHER", [phrase])


def _identifiers(person: PersonRecord, context: GedcomContext) -> Iterator[GedcomStructure]:
    id_ = person["id"]
    address = context.export.url(id_)
    # Without the public URL of the bank the id is no URI, so it becomes a REFN.
    is_uri = address.startswith("http") and address.endswith(id_)
    identifiers = [("EXID", id_, address.removesuffix(id_)) if is_uri else ("REFN", id_, "biobank")]
    for scheme, value in person.get("identifiers", {}).items():
        prefix = CATALOGUE_URI_PREFIXES.get(scheme)
        identifiers.append(("EXID", value, prefix) if prefix else ("REFN", value, scheme))
    for tag, value, type_ in identifiers:
        yield make_structure(tag, value, [make_structure("TYPE", type_)])


def family_xref(number: int) -> str:
    return f"@F_{number}@"


def _coordinates(lat: float, lon: float) -> list[GedcomStructure]:
    north, east = "N" if lat >= 0 else "S", "E" if lon >= 0 else "W"
    return [make_structure("LATI", f"{north}{abs(lat):.5f}"), make_structure("LONG", f"{east}{abs(lon):.5f}")]
