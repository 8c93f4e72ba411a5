"""Query execution: as typed, then with similar names, then with corrected spelling."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain

from biobank.names.matcher import Matcher
from biobank.records.catalogue import Catalogue
from biobank.search.knowing import Names, knowing, names_in
from biobank.search.port import EngineAnswer, SearchEngine
from biobank.search.query import SearchQuery
from biobank.search.respelling import Respelt, respell, with_words
from biobank.search.where import Ties


@dataclass(frozen=True)
class Found:
    """The engine response to a query with the names detected in it."""

    #: The executed query: as typed or with corrected words.
    query: SearchQuery
    answer: EngineAnswer
    names: Sequence[Names]
    #: The part that matched only similar names, if nothing else matched.
    similar: Names | None = None
    #: Corrected words by position.
    respelt: Respelt = field(default_factory=dict)

    @property
    def match(self) -> str:
        if self.similar or self.respelt:
            return "did_you_mean"
        return "partial" if self.answer.let_go else "found"


class Finder:
    """Executes queries on one engine with the current names of people."""

    def __init__(self, engine: SearchEngine, catalogue: Callable[[], Catalogue]) -> None:
        self._engine = engine
        self._catalogue = catalogue

    def find(self, matcher: Matcher, query: SearchQuery) -> Found:
        """Return the results for the words as typed, or for similar words if they match nobody."""
        names = names_in(matcher, query)
        first = Found(query, self._ask(matcher, query, names), names)
        others = chain(self._with_similar(matcher, first), self._respelt(matcher, first))
        return next((other for other in others if _is_better(other, first)), first)

    def _with_similar(self, matcher: Matcher, found: Found) -> Iterator[Found]:
        """Yield results for the query with similar names."""
        for part, unknown in _to_blame(found.names, found.answer):
            similar = part.with_similar(matcher, unknown)
            if similar:
                names = [similar if one is part else one for one in found.names]
                answer = self._ask(matcher, found.query, names)
                yield replace(found, answer=answer, names=names, similar=similar)

    def _respelt(self, matcher: Matcher, found: Found) -> Iterator[Found]:
        """Yield results for the query with unknown words corrected."""
        lost = set(found.answer.unknown)
        if found.answer.total:
            lost &= set(found.answer.let_go)
        respelt = respell(found.query, lost, self._engine.near_words)
        if respelt:
            query = with_words(found.query, respelt)
            names = names_in(matcher, query)
            yield Found(query, self._ask(matcher, query, names), names, respelt=respelt)

    def ties(self, matcher: Matcher, query: SearchQuery) -> Ties:
        """Return the people of the whole result set by place."""
        found = self.find(matcher, replace(query, size=1, page=1))
        told = knowing(found.query, found.names, matcher, self._catalogue())
        return Ties(self._engine.tied(found.query, told))

    def _ask(self, matcher: Matcher, query: SearchQuery, names: Sequence[Names]) -> EngineAnswer:
        told = knowing(query, names, matcher, self._catalogue())
        return self._engine.search(query, replace(told, reasons=True))


def _is_better(other: Found, found: Found) -> bool:
    """Return whether another query variant matches people while dropping fewer words."""
    if not other.answer.total:
        return False
    return not found.answer.total or len(other.answer.let_go) < len(found.answer.let_go)


def _to_blame(names: Sequence[Names], answer: EngineAnswer) -> Iterator[tuple[Names, set[int]]]:
    """Yield the parts whose words match no person, with the positions of these words.

    Words are not responsible where another condition excludes everyone.
    """
    for part in names:
        if part.part == "":
            if answer.let_go and (answer.total or not answer.relax.keys() - {"text"}):
                yield part, set(answer.let_go)
        elif not answer.total and part.unread and (part.part in answer.relax or not answer.relax):
            yield part, part.unread
