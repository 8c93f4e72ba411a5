"""People as INDI records: names, sex, life, work, texts, families and associations."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from gedcom7.types import GedcomStructure

from biobank.common.i18n import best_text
from biobank.exchange.exports.export_context import ExportContext
from biobank.exchange.formats.gedcom.dates import date_structures
from biobank.exchange.formats.gedcom.families import FAMILY_RELATIONS, SIBLING, Families
from biobank.exchange.formats.gedcom.structures import (
    make_structure,
    make_xref,
    name_structures,
    pointer,
    record,
)
from biobank.records.people.citations import strip_citations
from biobank.records.people.record import PersonRecord, vital_event

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
        part = vital_event(person, fact)
        if substructures := [
            *date_structures(part),
            *context.place(part.get("place")),
            *context.citations(part),
        ]:
            yield make_structure(tag, "", substructures)
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
    place = context.place(part.get("place"))
    substructures = [make_structure("TYPE", type_), *date_structures(part), *place, *context.citations(part)]
    return make_structure(tag, text or type_, substructures)


def _relations(person: PersonRecord, context: GedcomContext) -> Iterator[GedcomStructure]:
    """Yield the families as child and as partner, then associations with people of the file."""
    families, id_ = context.families, person["id"]
    for family in families.as_child.get(id_, ()):
        yield pointer("FAMC", family_xref(family.number))
    for family in families.as_partner.get(id_, ()):
        yield pointer("FAMS", family_xref(family.number))
    for relation in person.get("relations", ()):
        if relation["person"] in context.people and not _in_family(id_, relation, families):
            role = make_structure("ROLE", *_role(relation["type"], context))
            yield pointer("ASSO", make_xref("I", relation["person"]), [role, *context.citations(relation)])


def _in_family(person: str, relation: RecordPart, families: Families) -> bool:
    """Return whether a family expresses the relation.

    Siblings do not share a family if only one of them has known parents.
    """
    if relation["type"] == SIBLING:
        return families.share_family(person, relation["person"])
    return relation["type"] in FAMILY_RELATIONS


def _role(type_: str, context: GedcomContext) -> tuple[str, Iterable[GedcomStructure]]:
    """Return the role of the other person: the standard value if there is one, else a phrase."""
    if type_ == "friend":
        return "FRIEND", ()
    return "OTHER", [make_structure("PHRASE", context.term_label("relation", type_))]


def _identifiers(person: PersonRecord, context: GedcomContext) -> Iterator[GedcomStructure]:
    id_ = person["id"]
    address = context.export.url(id_)
    # Without the public URL of the bank the id is no URI, so it becomes a REFN.
    is_uri = address.startswith("http") and address.endswith(id_)
    yield (
        make_structure("EXID", id_, [make_structure("TYPE", address.removesuffix(id_))])
        if is_uri
        else make_structure("REFN", id_, [make_structure("TYPE", "biobank")])
    )
    for scheme, value in person.get("identifiers", {}).items():
        if scheme in CATALOGUE_URI_PREFIXES:
            yield make_structure("EXID", value, [make_structure("TYPE", CATALOGUE_URI_PREFIXES[scheme])])
        else:
            yield make_structure("REFN", value, [make_structure("TYPE", scheme)])


def family_xref(number: int) -> str:
    return f"@F_{number}@"


def _coordinates(lat: float, lon: float) -> list[GedcomStructure]:
    north, east = "N" if lat >= 0 else "S", "E" if lon >= 0 else "W"
    return [make_structure("LATI", f"{north}{abs(lat):.5f}"), make_structure("LONG", f"{east}{abs(lon):.5f}")]
