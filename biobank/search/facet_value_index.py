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
from biobank.search.executor import NameMatcherCache
from biobank.search.language.fields import ALWAYS_KNOWN, RELATION_FIELDS, UNKNOWN
from biobank.search.language.label_index import PLACE_FIELDS, RELATION_TYPE, LabelIndex
from biobank.search.query import FACETS
from biobank.search.query_context import resolve_person
from biobank.search.service import SearchService
from biobank.store.session import Database

#: Fields whose values can be completed while typing.
COMPLETABLE_FIELDS: Final = (
    "birthplace",
    "deathplace",
    "place",
    "near",
    "profession",
    "country",
    "organisation",
    "award",
    "relation",
    *RELATION_FIELDS,
    "event",
    "gender",
    "language",
)
#: Fields whose values are people.
PERSON_FIELDS: Final = frozenset({"relation", *RELATION_FIELDS})
DEFAULT_COMPLETIONS: Final = 8
MAX_COMPLETIONS: Final = 20
#: Seconds for which value counts are cached.
COUNT_CACHE_SECONDS: Final = 60.0
#: Maximum number of similar names offered for an unknown name.
MAX_SIMILAR_NAMES: Final = 3
_UNKNOWN_LABELS: Final = tuple(labels.GENDER_LABELS[UNKNOWN].translations().values())
_UNKNOWN_WORDS: Final = frozenset({UNKNOWN, *map(fold, _UNKNOWN_LABELS)})


@dataclass(frozen=True)
class FacetValueOption:
    """A value offered for completion; `text` is the input that identifies it unambiguously.

    `note` distinguishes it: the typed spelling, the broader place, or a person's years. `count` is
    the number of people that have it; None if it is not counted.
    """

    id: str
    label: str
    text: str
    note: str
    count: int | None = None


class FacetValueIndex:
    """Field values by label, and their presentation in the reader's language."""

    def __init__(self, database: Database, search: SearchService, names: NameMatcherCache) -> None:
        self._database = database
        self._search = search
        self._names = names
        self._counts: Mapping[str, Mapping[str, int]] = {}
        self._counted_at = -COUNT_CACHE_SECONDS

    @property
    def labels(self) -> LabelIndex:
        """Return the labels of the current public catalogue."""
        return self._search.labels()

    @property
    def desk_labels(self) -> LabelIndex:
        """Return the labels of the full catalogue for contributors, with unreviewed entries."""
        return self._search.desk_labels()

    def resolve(self, field: str, text: str) -> tuple[str, ...]:
        """Resolve `text` to the ids of a field, for people the name; empty if unknown."""
        if fold(text) in _UNKNOWN_WORDS and field not in ALWAYS_KNOWN:
            return (UNKNOWN,)
        if field not in PERSON_FIELDS:
            return self.labels.find(field, text)
        if field == "relation" and (types := self.labels.find(RELATION_TYPE, text)):
            return types
        return (text,) if resolve_person(self._names.matcher(), text) else ()

    def input_text(self, field: str, id_: str, lang: str) -> str:
        """Return the input that identifies a value unambiguously: its label, else its id."""
        if field in PERSON_FIELDS and (name := self._person_name(id_, lang)):
            return self._person_text(id_, name)
        label = self.labels.label(field, id_, lang)
        return label if self.resolve(field, label) == (id_,) else id_

    def similar_labels(self, field: str, text: str, lang: str) -> tuple[str, ...]:
        """Return similar labels, the most similar first."""
        if field in PERSON_FIELDS:
            matches = self._names.matcher().find(text, MAX_SIMILAR_NAMES)
            return tuple(dict.fromkeys(match.name for match in matches))
        return self.labels.similar_labels(field, text, lang)

    def complete(self, field: str, text: str, lang: str, limit: int) -> list[FacetValueOption]:
        """Return values with a label in which a word starts with `text`, in any language.

        The labels in language `lang` come first, then those whose first word matches. Equal matches
        are ordered by count; people come after relation types.
        """
        matches = sorted(self._prefix_matches(field, text, lang))[:limit]
        options = [self._build_option(field, id_, spelling, lang) for _, id_, spelling in matches]
        if field in PERSON_FIELDS and len(options) < limit:
            options += self._people(text, lang, limit - len(options))
        return options

    def complete_used(self, field: str, text: str, lang: str, limit: int) -> list[FacetValueOption]:
        """Return values as `complete` does, without those of a facet that nobody has."""
        counts = self.counts(field)
        matches = sorted(
            match
            for match in self._prefix_matches(field, text, lang)
            if match[1] != UNKNOWN and (field not in FACETS or counts.get(match[1]))
        )
        return [self._build_option(field, id_, spelling, lang) for _, id_, spelling in matches[:limit]]

    def counts(self, facet: str) -> Mapping[str, int]:
        """Return the number of people by value of a facet, at most a minute old."""
        if time.monotonic() - self._counted_at > COUNT_CACHE_SECONDS:
            self._counts = self._search.counts()
            self._counted_at = time.monotonic()
        return self._counts.get(facet, {})

    def _prefix_matches(self, field: str, text: str, lang: str) -> Iterator[tuple[Any, str, str]]:
        """Yield sort key (lower is better), id and spelling of values that match a prefix.

        The spelling is empty if the displayed label matches itself.
        """
        typed = fold(text)
        counts = self.counts("place" if field == "near" else field)
        matched_labels: set[str] = set()
        spellings: dict[str, tuple[bool, str]] = {}
        for match in self.labels.starting_with(RELATION_TYPE if field == "relation" else field, text):
            matched_labels.add(match.label)
            for id_, spelling in match.spellings.items():
                spelling_rank = (match.is_inner_word, spelling)
                spellings[id_] = min(spellings.get(id_, spelling_rank), spelling_rank)
        for word in _UNKNOWN_LABELS if field not in ALWAYS_KNOWN else ():
            if typed and fold(word).startswith(typed):
                matched_labels.add(fold(word))
                spellings[UNKNOWN] = (True, word)
        for id_, (is_inner_word, spelling) in spellings.items():
            label = self.labels.label(field, id_, lang)
            # Typing a special letter means it: Şuşa comes before Sumqayıt for `şu`.
            has_other_accents = not (text.isascii() or label.casefold().startswith(text.casefold()))
            label_matches = fold(label) in matched_labels
            rank = (
                not label_matches,
                is_inner_word,
                has_other_accents,
                -counts.get(id_, 0),
                sort_key(label),
                id_,
            )
            yield rank, id_, "" if label_matches else spelling

    def _build_option(self, field: str, id_: str, spelling: str, lang: str) -> FacetValueOption:
        label = self.labels.label(field, id_, lang)
        note = spelling or self._broader_label(field, id_, lang)
        count = self.counts(field).get(id_, 0) if field in FACETS else None
        return FacetValueOption(id_, label, self.input_text(field, id_, lang), note, count)

    def _broader_label(self, field: str, id_: str, lang: str) -> str:
        """Return the broader values of a value as a label."""
        if field == "relation":
            return self.labels.field_label(field, lang)
        facet = "place" if field in PLACE_FIELDS else field
        broader = self.labels.catalogue.directly_broader(facet, id_)
        return ", ".join(self.labels.label(facet, broader_id, lang) for broader_id in broader)

    def _people(self, text: str, lang: str, limit: int) -> Iterator[FacetValueOption]:
        for suggestion in self._search.suggest(text, lang, limit):
            yield FacetValueOption(
                suggestion.id,
                suggestion.name,
                self._person_text(suggestion.id, suggestion.name),
                suggestion.years,
            )

    def _person_text(self, id_: str, name: str) -> str:
        is_unique = resolve_person(self._names.matcher(), name) == {id_}
        return name if is_unique and not self.labels.find(RELATION_TYPE, name) else id_

    def _person_name(self, id_: str, lang: str) -> str:
        """Return the name of a person; empty if the id is not a person's."""
        if id_ not in self._names.matcher():
            return ""
        with self._database.read() as session:
            record = queries.load_record(session, id_)
        return preferred_name(record, lang) if record else ""
