"""People as INDI records: names, sex, life, work, texts, families and associations."""

from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass, field
from typing import Any

from biobank.exchange.answers.edition import Edition
from biobank.exchange.gedcom.dates import date_lines
from biobank.exchange.gedcom.families import FAMILY, SIBLING, Families
from biobank.exchange.gedcom.lines import Line, line, pointer, record, xref_of
from biobank.exchange.gedcom.names import name_lines
from biobank.i18n import best
from biobank.records.people.citations import without_citations
from biobank.records.people.mapping import Record

SEXES = {"male": "M", "female": "F", "other": "X"}
#: URI prefixes of external catalogues, as their operators define them; other ids become REFN.
CATALOGUES = {
    "wikidata": "http://www.wikidata.org/entity/",
    "viaf": "https://viaf.org/viaf/",
    "isni": "https://isni.org/isni/",
    "gnd": "https://d-nb.info/gnd/",
    "orcid": "https://orcid.org/",
}
Part = Mapping[str, Any]


@dataclass
class Making:
    """The export context, families and people of a file, and its cited sources in order of use."""

    edition: Edition
    families: Families
    people: Set[str]
    sources: dict[str, None] = field(default_factory=dict)

    def term(self, vocabulary: str, term: str) -> str:
        return self.edition.catalogue.term_label(vocabulary, term, self.edition.lang)

    def best(self, texts: Mapping[str, str] | None) -> str:
        return best(texts, self.edition.lang)

    def cites(self, part: Part) -> list[Line]:
        found = []
        for cite in part.get("cites", ()):
            self.sources.setdefault(cite["source"])
            page = [line("PAGE", cite["locator"])] if cite.get("locator") else []
            found.append(pointer("SOUR", xref_of("S", cite["source"]), page))
        return found

    def place(self, place_id: str | None) -> list[Line]:
        """Return the place and its broader places, smallest first, with coordinates."""
        if not place_id:
            return []
        catalogue, lang = self.edition.catalogue, self.edition.lang
        names = (catalogue.place_name(id_, lang) for id_ in catalogue.broader_places([place_id]))
        inner = [line("LANG", lang)]
        found = catalogue.places.get(catalogue.where_now("place", place_id), {})
        if found.get("lat") is not None and found.get("lon") is not None:
            inner.append(line("MAP", "", _coordinates(found["lat"], found["lon"])))
        return [line("PLAC", ", ".join(name.replace(",", " ") for name in names), inner)]


def individual(person: Record, making: Making) -> Line:
    return record("INDI", xref_of("I", person["id"]), _lines(person, making))


def _lines(person: Record, making: Making) -> Iterator[Line]:
    yield from name_lines(person, making.edition.lang)
    yield line("SEX", SEXES.get(person.get("gender", ""), "U"))
    for tag, fact in (("BIRT", "birth"), ("DEAT", "death")):
        part = person.get(fact) or {}
        if inner := [*date_lines(part), *making.place(part.get("place")), *making.cites(part)]:
            yield line(tag, "", inner)
    for term in person.get("professions", ()):
        yield line("OCCU", making.term("profession", term))
    yield from _facts(person, making)
    yield from _ties(person, making)
    for lang, text in (person.get("biography") or {}).items():
        yield line("NOTE", without_citations(text), [line("LANG", lang)])
    for source in person.get("sources", ()):
        making.sources.setdefault(source)
        yield pointer("SOUR", xref_of("S", source))
    yield from _numbers(person, making)


def _facts(person: Record, making: Making) -> Iterator[Line]:
    """Yield floruit, events, memberships, works and awards."""
    if floruit := person.get("floruit"):
        yield _fact("EVEN", "", "floruit", floruit, making)
    for part in person.get("events", ()):
        type_ = making.term("event", part["type"]) if part.get("type") else "event"
        yield _fact("EVEN", making.best(part.get("text")), type_, part, making)
    for part in person.get("memberships", ()):
        lang = making.edition.lang
        name = making.edition.catalogue.organisation_name(part["organisation"], lang)
        role = making.best(part.get("role"))
        yield _fact("FACT", f"{name}: {role}" if role else name, "membership", part, making)
    for part in person.get("works", ()):
        type_ = making.term("work", part["type"]) if part.get("type") else "work"
        yield _fact("FACT", making.best(part["title"]), type_, part, making)
    for part in person.get("awards", ()):
        yield _fact("FACT", making.term("award", part["award"]), "award", part, making)


def _fact(tag: str, text: str, type_: str, part: Part, making: Making) -> Line:
    where = making.place(part.get("place"))
    inner = [line("TYPE", type_), *date_lines(part), *where, *making.cites(part)]
    return line(tag, text or type_, inner)


def _ties(person: Record, making: Making) -> Iterator[Line]:
    """Yield the families as child and as partner, then associations with people of the file."""
    families, id_ = making.families, person["id"]
    for family in families.as_child.get(id_, ()):
        yield pointer("FAMC", family_xref(family.number))
    for family in families.as_partner.get(id_, ()):
        yield pointer("FAMS", family_xref(family.number))
    for tie in person.get("relations", ()):
        if tie["person"] in making.people and not _in_family(id_, tie, families):
            role = line("ROLE", *_role(tie["type"], making))
            yield pointer("ASSO", xref_of("I", tie["person"]), [role, *making.cites(tie)])


def _in_family(person: str, tie: Part, families: Families) -> bool:
    """Return whether a family expresses the relation.

    Siblings do not share a family if only one of them has known parents.
    """
    if tie["type"] == SIBLING:
        return families.are_told(person, tie["person"])
    return tie["type"] in FAMILY


def _role(type_: str, making: Making) -> tuple[str, Iterable[Line]]:
    """Return the role of the other person: the standard value if there is one, else a phrase."""
    if type_ == "friend":
        return "FRIEND", ()
    return "OTHER", [line("PHRASE", making.term("relation", type_))]


def _numbers(person: Record, making: Making) -> Iterator[Line]:
    id_ = person["id"]
    address = making.edition.url(id_)
    # Without the public URL of the bank the id is no URI, so it becomes a REFN.
    is_uri = address.startswith("http") and address.endswith(id_)
    yield (
        line("EXID", id_, [line("TYPE", address.removesuffix(id_))])
        if is_uri
        else line("REFN", id_, [line("TYPE", "biobank")])
    )
    for scheme, value in person.get("identifiers", {}).items():
        if scheme in CATALOGUES:
            yield line("EXID", value, [line("TYPE", CATALOGUES[scheme])])
        else:
            yield line("REFN", value, [line("TYPE", scheme)])


def family_xref(number: int) -> str:
    return f"@F_{number}@"


def _coordinates(lat: float, lon: float) -> list[Line]:
    north, east = "N" if lat >= 0 else "S", "E" if lon >= 0 else "W"
    return [line("LATI", f"{north}{abs(lat):.5f}"), line("LONG", f"{east}{abs(lon):.5f}")]
