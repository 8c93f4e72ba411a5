"""Entity types: person with one subtype per profession, organisation, place, term by vocabulary.

`profession/composer` is the type of people who are composers, including those of narrower
professions; `term/profession` is the type of the professions themselves.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from biobank.exchange.reconciling.entities import KINDS, PERSON, TERM, Entity
from biobank.exchange.reconciling.words import TYPES
from biobank.names.folding import fold
from biobank.records.catalogue import Catalogue
from biobank.records.vocabulary.models import term_key

PROFESSION: Final = "profession/"

Shown = dict[str, Any]


@dataclass(frozen=True)
class Types:
    """The entity types of a catalogue."""

    catalogue: Catalogue

    def name(self, type_id: str, lang: str) -> str:
        if type_id.startswith(PROFESSION):
            return self.catalogue.term_label("profession", type_id.removeprefix(PROFESSION), lang)
        return TYPES[type_id][lang]

    def known(self, type_id: str) -> bool:
        return type_id in TYPES or self.now(type_id) in self.catalogue.terms

    def now(self, type_id: str) -> str:
        """Return the current type, following merges of professions."""
        return self.catalogue.where_now("term", type_id)

    def short(self, type_id: str, lang: str) -> Shown:
        return {"id": type_id, "name": self.name(type_id, lang)}

    def whole(self, type_id: str, lang: str) -> Shown:
        """Return the type with its directly broader types."""
        above = [self.short(one, lang) for one in self.broader(type_id)]
        return {**self.short(type_id, lang), **({"broader": above} if above else {})}

    def broader(self, type_id: str) -> tuple[str, ...]:
        if type_id.startswith(PROFESSION):
            above = self.catalogue.directly_broader("profession", type_id.removeprefix(PROFESSION))
            return tuple(f"{PROFESSION}{one}" for one in above) or (PERSON,)
        return (TERM,) if type_id.startswith(f"{TERM}/") else ()

    def of_person(self, professions: Iterable[str]) -> list[str]:
        """Return the types of a person: the kind first, then each profession."""
        return [PERSON, *(f"{PROFESSION}{one}" for one in professions)]

    def of_thing(self, entity: Entity) -> list[str]:
        if entity.kind == TERM:
            return [f"{TERM}/{entity.id.partition('/')[0]}"]
        return [entity.kind]

    def all_of(self, types: Iterable[str]) -> frozenset[str]:
        """Return `types` with all broader types."""
        found: set[str] = set()
        left = list(types)
        while left:
            if (one := left.pop()) not in found:
                found.add(one)
                left.extend(self.broader(one))
        return frozenset(found)

    def everything(self) -> Iterator[str]:
        yield from KINDS
        yield from (one for one in TYPES if one not in KINDS)
        prefix = term_key("profession", "")
        yield from (key for key in self.catalogue.terms if key.startswith(prefix))

    def begun(self, prefix: str, lang: str) -> list[str]:
        """Return types with an id or a name in any language that has a word with the prefix.

        Those whose name in `lang` begins with it come first.
        """
        typed = fold(prefix.replace("/", " "))
        found = []
        for type_id in self.everything():
            names = [self.name(type_id, one) for one in ("az", "en", "ru")]
            told = [f" {fold(name)}" for name in (type_id.replace("/", " "), *names)]
            if any(f" {typed}" in name for name in told):
                own = fold(self.name(type_id, lang))
                found.append((not own.startswith(typed), own, type_id))
        return [type_id for _, _, type_id in sorted(found)]


def of_people(type_id: str) -> bool:
    """Return whether the type is one of people."""
    return type_id == PERSON or type_id.startswith(PROFESSION)


def fits(types: frozenset[str], asked: Iterable[str], *, every: bool) -> bool:
    """Return whether `types` includes one of `requested`, or all of them with `match_all`."""
    told = [one in types for one in asked]
    return all(told) if every else any(told)
