"""Index of facet values by label, for choosing field values of a query."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from biobank.names.alphabet import sort_key
from biobank.names.folding import fold
from biobank.records.people import queries
from biobank.records.people.mapping import preferred_name
from biobank.search import labels
from biobank.search.knowing import people_called
from biobank.search.known_names import KnownNames
from biobank.search.language.fields import ALWAYS_KNOWN, UNKNOWN
from biobank.search.language.values import PLACE_FIELDS, TIE, Labels
from biobank.search.query import FACETS
from biobank.search.service import SearchService
from biobank.store.session import Database

#: Fields whose values can be completed while typing.
COMPLETED: Final = (
    "birthplace",
    "deathplace",
    "place",
    "near",
    "profession",
    "country",
    "organisation",
    "award",
    "relation",
    "gender",
    "language",
)
VALUES_DEFAULT: Final = 8
VALUES_MOST: Final = 20
#: Seconds for which value counts are cached.
COUNTS_KEPT: Final = 60.0
#: Maximum number of similar names offered for an unknown name.
NEAR_MOST: Final = 3
_UNKNOWN: Final = frozenset({UNKNOWN, *(fold(word) for word in labels.GENDERS[UNKNOWN].values())})


@dataclass(frozen=True)
class KnownValue:
    """A value offered for completion; `text` is the input that identifies it unambiguously.

    `note` distinguishes it: the typed spelling, the broader place, or a person's years. `count` is
    the number of people that have it; None if it is not counted.
    """

    id: str
    label: str
    text: str
    note: str
    count: int | None = None


class KnownValues:
    """Field values by label, and their presentation in the reader's language."""

    def __init__(self, database: Database, search: SearchService, names: KnownNames) -> None:
        self._database = database
        self._search = search
        self._names = names
        self._counts: Mapping[str, Mapping[str, int]] = {}
        self._counted_at = -COUNTS_KEPT

    @property
    def labels(self) -> Labels:
        """Return the labels of the current public catalogue."""
        return self._search.labels()

    @property
    def desk_labels(self) -> Labels:
        """Return the labels of the full catalogue for contributors, with unreviewed entries."""
        return self._search.desk_labels()

    def ids(self, field: str, text: str) -> tuple[str, ...]:
        """Resolve `text` to the ids of a field, for people the name; empty if unknown."""
        if fold(text) in _UNKNOWN and field not in ALWAYS_KNOWN:
            return (UNKNOWN,)
        if field != "relation":
            return self.labels.find(field, text)
        called = people_called(self._names.matcher(), text)
        return self.labels.find(TIE, text) or ((text,) if called else ())

    def text(self, field: str, id_: str, lang: str) -> str:
        """Return the input that identifies a value unambiguously: its label, else its id."""
        if field == "relation" and (name := self._person(id_, lang)):
            return self._person_text(id_, name)
        label = self.labels.label(field, id_, lang)
        return label if self.ids(field, label) == (id_,) else id_

    def near(self, field: str, text: str, lang: str) -> tuple[str, ...]:
        """Return similar labels, the most similar first."""
        if field == "relation":
            found = self._names.matcher().find(text, NEAR_MOST)
            return tuple(dict.fromkeys(match.name for match in found))
        return self.labels.near(field, text, lang)

    def complete(self, field: str, text: str, lang: str, most: int) -> list[KnownValue]:
        """Return values with a label that starts with `text` in any language, then by inner word.

        Equal matches are ordered by count; people come after relation types.
        """
        found = sorted(self._begun(field, text, lang))[:most]
        offered = [self._offered(field, id_, spelling, text, lang) for _, id_, spelling in found]
        if field == "relation" and len(offered) < most:
            offered += self._people(text, lang, most - len(offered))
        return offered

    def counts(self, facet: str) -> Mapping[str, int]:
        """Return the number of people by value of a facet, at most a minute old."""
        if time.monotonic() - self._counted_at > COUNTS_KEPT:
            self._counts = self._search.counts()
            self._counted_at = time.monotonic()
        return self._counts.get(facet, {})

    def _begun(self, field: str, text: str, lang: str) -> Iterator[tuple[Any, str, str]]:
        """Yield sort key (lower is better), id and spelling of values that match a prefix."""
        typed = fold(text)
        counts = self.counts("place" if field == "near" else field)
        found: dict[str, tuple[bool, str]] = {}
        for label, ids in self.labels.spellings(TIE if field == "relation" else field).items():
            if typed and (label.startswith(typed) or f" {typed}" in label):
                for id_, spelling in ids.items():
                    one = (not label.startswith(typed), spelling)
                    found[id_] = min(found.get(id_, one), one)
        for word in labels.GENDERS[UNKNOWN].values() if field not in ALWAYS_KNOWN else ():
            if typed and fold(word).startswith(typed):
                found[UNKNOWN] = (True, word)
        for id_, (inside, spelling) in found.items():
            label = self.labels.label(field, id_, lang)
            # Typing a special letter means it: Şuşa comes before Sumqayıt for `şu`.
            otherwise = not (text.isascii() or label.casefold().startswith(text.casefold()))
            yield (inside, otherwise, -counts.get(id_, 0), sort_key(label), id_), id_, spelling

    def _offered(self, field: str, id_: str, spelling: str, text: str, lang: str) -> KnownValue:
        label = self.labels.label(field, id_, lang)
        seen = f" {fold(text)}" in f" {fold(label)}"
        note = self._around(field, id_, lang) if seen else spelling
        count = self.counts(field).get(id_, 0) if field in FACETS else None
        return KnownValue(id_, label, self.text(field, id_, lang), note, count)

    def _around(self, field: str, id_: str, lang: str) -> str:
        """Return the broader values of a value as a label."""
        if field == "relation":
            return labels.FIELDS[field][lang]
        facet = "place" if field in PLACE_FIELDS else field
        broader = self.labels.catalogue.directly_broader(facet, id_)
        return ", ".join(self.labels.label(facet, each, lang) for each in broader)

    def _people(self, text: str, lang: str, most: int) -> Iterator[KnownValue]:
        for one in self._search.suggest(text, lang, most):
            yield KnownValue(one.id, one.name, self._person_text(one.id, one.name), one.years)

    def _person_text(self, id_: str, name: str) -> str:
        alone = people_called(self._names.matcher(), name) == {id_}
        return name if alone and not self.labels.find(TIE, name) else id_

    def _person(self, id_: str, lang: str) -> str:
        """Return the name of a person; empty if the id is not a person's."""
        if id_ not in self._names.matcher():
            return ""
        with self._database.read() as session:
            record = queries.record(session, id_)
        return preferred_name(record, lang) if record else ""
