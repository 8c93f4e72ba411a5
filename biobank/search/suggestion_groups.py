"""Suggestions of conditions, professions, places, organisations, works and awards while text is typed.

Each stands for a search, and is offered only if that finds people. The work for one text is bounded:
labels are found by bisection, titles among the works of at most MAX_WORK_CANDIDATES people.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from types import MappingProxyType
from typing import Final

from biobank.common.i18n import best_text
from biobank.names.alphabet import sort_key
from biobank.names.folding import fold, tokens
from biobank.records.people.queries import work_titles
from biobank.search.engine import SearchEngine
from biobank.search.facet_value_index import FacetValueIndex, FacetValueOption
from biobank.search.language.tree import AllOf, Phrase, Prefix, QueryNode, Value, render
from biobank.search.query import FACETS, MAX_QUERY_CHARS, FacetChoice, SearchQuery
from biobank.search.query_words import query_words
from biobank.search.service import SearchService
from biobank.store.session import Database

PEOPLE: Final = "people"
#: Fields of the query language by kind of suggestion, in the order of the groups.
FIELDS_BY_KIND: Final[Mapping[str, str]] = MappingProxyType(
    {
        "professions": "profession",
        "places": "place",
        "organisations": "organisation",
        "works": "work",
        "awards": "award",
    }
)
#: The kind of the conditions that are recognised in the whole text.
CONDITIONS: Final = "conditions"
#: Kinds of suggestions that stand for a search.
SEARCH_KINDS: Final = (CONDITIONS, *FIELDS_BY_KIND)
SUGGESTION_KINDS: Final = (PEOPLE, *SEARCH_KINDS)
#: Maximum number of suggestions of each kind except people.
MAX_GROUP_SIZE: Final = 3
#: Minimum number of typed characters; a single letter starts too many labels to be of use.
MIN_VALUE_CHARS: Final = 2
#: Maximum number of people among whose works titles are looked for.
MAX_WORK_CANDIDATES: Final = 20
#: Maximum number of typed words that people are searched by; more make a title no more distinct.
MAX_TYPED_TITLE_WORDS: Final = 4


@dataclass(frozen=True)
class ValueSuggestion:
    """A search suggested by the label of its condition.

    `id` is the value; empty for a work and for recognised conditions. `note` is the spelling that was
    typed if it is another than the label, else the broader value; for conditions the words that are
    left. `count` is the number of people that `query` finds.
    """

    id: str
    label: str
    note: str
    count: int
    query: SearchQuery


class GroupedSuggestions:
    """Suggestions of searches by kind."""

    def __init__(
        self, database: Database, engine: SearchEngine, search: SearchService, values: FacetValueIndex
    ) -> None:
        self._database = database
        self._engine = engine
        self._search = search
        self._values = values

    def find(
        self, text: str, lang: str, kinds: Collection[str], size: int
    ) -> dict[str, tuple[ValueSuggestion, ...]]:
        """Return up to `size` suggestions of each of `kinds` with a word that starts with `text`.

        Kinds without suggestions are omitted; `size` is at most MAX_GROUP_SIZE.
        """
        limit = min(size, MAX_GROUP_SIZE)
        if len(text) < MIN_VALUE_CHARS:
            return {}
        groups = {
            kind: tuple(islice(self._suggestions(field, text, lang, limit), limit))
            for kind, field in FIELDS_BY_KIND.items()
            if kind in kinds
        }
        if CONDITIONS in kinds:
            groups = {CONDITIONS: tuple(self._conditions(text, lang, groups)), **groups}
        return {kind: suggestions for kind, suggestions in groups.items() if suggestions}

    def _conditions(
        self, text: str, lang: str, groups: Mapping[str, Collection[ValueSuggestion]]
    ) -> Iterator[ValueSuggestion]:
        """Yield the search for the conditions recognised in `text`, unless another group has it."""
        query = self._search.normalize(SearchQuery(text=text, lang=lang))
        suggested = [suggestion.query for group in groups.values() for suggestion in group]
        if query.recognised and query not in suggested and (count := self._search.total(query)):
            labels = [part.label for part in self._search.interpretation(query)]
            words = query.unrecognised.text if query.unrecognised else ""
            yield ValueSuggestion("", "; ".join(labels), words, count, query)

    def _suggestions(self, field: str, text: str, lang: str, limit: int) -> Iterator[ValueSuggestion]:
        if field == "work":
            return self._works(text, lang, limit)
        options = self._values.complete_used(field, text, lang, limit)
        return self._awards(options, lang) if field not in FACETS else _facet_values(field, options, lang)

    def _awards(self, options: Iterable[FacetValueOption], lang: str) -> Iterator[ValueSuggestion]:
        for option in options:
            query = SearchQuery(text=render(Value("award", option.id)), lang=lang)
            if count := self._search.total(query):
                yield ValueSuggestion(option.id, option.label, option.note, count, query)

    def _works(self, text: str, lang: str, limit: int) -> Iterator[ValueSuggestion]:
        """Yield titles of works; each is a search of works for these words, whoever made them."""
        for title, spelling in self._matching_titles(text, lang)[:limit]:
            # A phrase has no way to write a quotation mark.
            phrase = render(Phrase(title.replace('"', " "), "work"))
            query = SearchQuery(text=phrase, lang=lang)
            if len(phrase) <= MAX_QUERY_CHARS and (count := self._search.total(query)):
                yield ValueSuggestion("", title, spelling, count, query)

    def _matching_titles(self, text: str, lang: str) -> list[tuple[str, str]]:
        """Return titles and the matching spelling, which is empty if the title itself matches."""
        people = self._people_with_works(text, lang)
        if not people:
            return []
        with self._database.read() as session:
            titles = work_titles(session, people)
        starts_word = _word_start_test(text)
        spellings: dict[str, str] = {}
        popularity: Counter[str] = Counter()
        for by_lang in titles:
            if matching := [title for title in by_lang.values() if starts_word(title)]:
                title = best_text(by_lang, lang)
                spellings[title] = "" if title in matching else matching[0]
                popularity[title] += 1
        ordered = sorted(
            spellings.items(),
            key=lambda item: (bool(item[1]), -popularity[item[0]], sort_key(item[0]), item[0]),
        )
        distinct: dict[str, tuple[str, str]] = {}
        for title, spelling in ordered:
            distinct.setdefault(fold(title), (title, spelling))
        return list(distinct.values())

    def _people_with_works(self, text: str, lang: str) -> list[str]:
        words = [word.text for word in query_words(text) if not word.stop][:MAX_TYPED_TITLE_WORDS]
        parts: tuple[QueryNode, ...] = tuple(Prefix(word, "work") for word in dict.fromkeys(words))
        if not parts:
            return []
        tree = parts[0] if len(parts) == 1 else AllOf(parts)
        query = SearchQuery(render(tree), lang, size=MAX_WORK_CANDIDATES, parsed=(render(tree), tree))
        return [hit.id for hit in self._engine.search(query).hits]


def _facet_values(field: str, options: Iterable[FacetValueOption], lang: str) -> Iterator[ValueSuggestion]:
    for option in options:
        choices = MappingProxyType({field: FacetChoice((option.id,))})
        query = replace(SearchQuery(lang=lang), choices=choices)
        yield ValueSuggestion(option.id, option.label, option.note, option.count or 0, query)


def _word_start_test(text: str) -> Callable[[str], bool]:
    """Return the test whether a label has a word that starts with `text` and goes on as typed."""
    typed = fold(text)
    prefix = typed[next(iter(tokens(typed))).start :]

    def starts_word(label: str) -> bool:
        folded = fold(label)
        return any(folded.startswith(prefix, token.start) for token in tokens(folded))

    return starts_word
