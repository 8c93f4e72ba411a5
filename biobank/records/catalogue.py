"""The catalogue: terms, places and organisations in memory, for labels and hierarchies.

There are only hundreds of them, they change rarely and every page needs them, so one immutable copy
is cached until the store reports a change.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from biobank.common.i18n import FALLBACKS, best_text
from biobank.names.folding import fold
from biobank.records.countries import country_name
from biobank.records.organisations.models import Organisation
from biobank.records.organisations.schemas import organisation_record
from biobank.records.places.models import Place
from biobank.records.places.schemas import place_record
from biobank.records.reference.redirects import Redirects, load_redirects
from biobank.records.reference.usage import load_unreviewed
from biobank.records.vocabulary.models import Term, term_key
from biobank.records.vocabulary.schemas import term_record

ReferenceRecord = Mapping[str, Any]
#: Professions shown on a card.
MAX_MAIN_PROFESSIONS = 3


@dataclass(frozen=True)
class Catalogue:
    """Reference records by id; terms by key (`profession/composer`)."""

    terms: Mapping[str, ReferenceRecord] = field(default_factory=dict)
    places: Mapping[str, ReferenceRecord] = field(default_factory=dict)
    organisations: Mapping[str, ReferenceRecord] = field(default_factory=dict)
    #: Replacements of merged ids, which old revisions and URLs still contain.
    redirects: Redirects = field(default_factory=dict)
    #: Keys of unreviewed records by kind; only the desk shows them.
    unreviewed: Mapping[str, frozenset[str]] = field(default_factory=dict)

    @cached_property
    def public(self) -> "Catalogue":
        """Return the catalogue without unreviewed records."""
        if not self.unreviewed:
            return self
        return Catalogue(
            terms=self._reviewed("term", self.terms),
            places=self._reviewed("place", self.places),
            organisations=self._reviewed("organisation", self.organisations),
            redirects=self.redirects,
        )

    @cached_property
    def folded_work_types(self) -> frozenset[str]:
        """Return the folded labels and synonyms of the types of works: a divan, an opera."""
        terms = (term for term in self.terms.values() if term["vocabulary"] == "work")
        return frozenset(
            fold(text)
            for term in terms
            for text in chain(term["labels"].values(), *term.get("alt", {}).values())
        )

    def _reviewed(self, kind: str, records: Mapping[str, ReferenceRecord]) -> Mapping[str, ReferenceRecord]:
        hidden = self.unreviewed.get(kind, frozenset())
        return {key: record for key, record in records.items() if key not in hidden}

    def term_label(self, vocabulary: str, term_id: str, lang: str, gender: str = "") -> str:
        """Return the label of a term, for a woman the feminine one; its id if the term is unknown."""
        key = term_key(vocabulary, term_id)
        term = self.terms.get(self.resolve_redirect("term", key))
        if not term:
            return term_id
        feminine = term.get("feminine", {}).get(lang) if gender == "female" else None
        return feminine or best_text(term["labels"], lang)

    def main_professions(self, ids: Sequence[str], lang: str, gender: str) -> tuple[str, ...]:
        """Return the labels of the first professions; records list the most relevant first."""
        return tuple(self.term_label("profession", id_, lang, gender) for id_ in ids[:MAX_MAIN_PROFESSIONS])

    def inverse_relation_type(self, type_id: str) -> str:
        """Return the relation type as seen from the other end: the inverse of teacher is student."""
        inverse = self.terms.get(term_key("relation", type_id), {}).get("inverse")
        return str(inverse) if inverse and term_key("relation", inverse) in self.terms else type_id

    def place_name(self, place_id: str, lang: str) -> str:
        """Return the current name of a place in the best language for a reader of `lang`."""
        return current_name(self.places.get(self.resolve_redirect("place", place_id)), lang) or place_id

    def organisation_name(self, organisation_id: str, lang: str) -> str:
        """Return the current name of an organisation; its id if it is unknown."""
        organisation = self.organisations.get(self.resolve_redirect("organisation", organisation_id))
        return current_name(organisation, lang) or organisation_id

    def resolve_redirect(self, kind: str, key: str) -> str:
        """Return the key that replaced a merged key; otherwise the key itself."""
        return self.redirects.get(kind, {}).get(key, key)

    def label(self, facet: str, value: str, lang: str) -> str:
        """Return the label of a facet value; the value itself if it has none."""
        if facet == "profession":
            return self.term_label("profession", value, lang)
        if facet in ("place", "birthplace", "deathplace"):
            return self.place_name(value, lang)
        if facet == "organisation":
            return self.organisation_name(value, lang)
        if facet == "country":
            return country_name(value, lang)
        return value

    def directly_broader(self, facet: str, value: str) -> tuple[str, ...]:
        """Return the direct parents of a facet value; empty for facets without a hierarchy."""
        if facet == "profession":
            return tuple(self.terms.get(term_key(facet, value), {}).get("broader", ()))
        if facet in ("place", "birthplace", "deathplace"):
            broader = self.places.get(value, {}).get("broader")
            return (broader,) if broader else ()
        return ()

    def broader_terms(self, vocabulary: str, term_ids: Iterable[str]) -> tuple[str, ...]:
        """Return `term_ids` and all broader terms, without repeats."""
        collected: dict[str, None] = {}
        queue = list(term_ids)
        while queue:
            term_id = queue.pop(0)
            if term_id not in collected:
                collected[term_id] = None
                term = self.terms.get(term_key(vocabulary, term_id), {})
                queue.extend(term.get("broader", []))
        return tuple(collected)

    def broader_places(self, place_ids: Iterable[str]) -> tuple[str, ...]:
        """Return `place_ids` and all places that contain them, without repeats."""
        collected: dict[str, None] = {}
        for place_id in place_ids:
            current: str | None = place_id
            while current and current not in collected:
                collected[current] = None
                current = self.places.get(current, {}).get("broader")
        return tuple(collected)


def current_name(record: ReferenceRecord | None, lang: str) -> str:
    """Return the current name of a place or organisation in the best language for `lang`."""
    if record is None:
        return ""
    names = [name for name in record["names"] if "period" not in name] or record["names"]
    for candidate in FALLBACKS[lang]:
        for name in names:
            if name["lang"] == candidate:
                return str(name["text"])
    return str(names[0]["text"])


def load_catalogue(session: Session) -> Catalogue:
    """Load all terms, places and organisations."""
    terms = session.scalars(select(Term).options(selectinload(Term.broader)))
    places = session.scalars(select(Place).options(selectinload(Place.names)))
    organisations = session.scalars(select(Organisation).options(selectinload(Organisation.names)))
    return Catalogue(
        terms={row.key: term_record(row) for row in terms},
        places={row.id: place_record(row) for row in places},
        organisations={row.id: organisation_record(row) for row in organisations},
        redirects=load_redirects(session),
        unreviewed=load_unreviewed(session),
    )
