"""What a question finds: as it stands, else with names that are alike, else with words respelt."""

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
    """What an engine answers to a question, with the names that were read in it."""

    #: The question that was answered: as it was asked, or with words respelt.
    query: SearchQuery
    answer: EngineAnswer
    names: Sequence[Names]
    #: The part with names that are only like somebody's, where without them nobody was found.
    similar: Names | None = None
    #: Words in the place of those that nobody has.
    respelt: Respelt = field(default_factory=dict)

    @property
    def match(self) -> str:
        if self.similar or self.respelt:
            return "did_you_mean"
        return "partial" if self.answer.let_go else "found"


class Finder:
    """Asks one engine, with the names that people bear now."""

    def __init__(self, engine: SearchEngine, catalogue: Callable[[], Catalogue]) -> None:
        self._engine = engine
        self._catalogue = catalogue

    def find(self, matcher: Matcher, query: SearchQuery) -> Found:
        """The answer to the words as they are; where nobody has them all, to those like them."""
        names = names_in(matcher, query)
        first = Found(query, self._ask(matcher, query, names), names)
        others = chain(self._with_similar(matcher, first), self._respelt(matcher, first))
        return next((other for other in others if _is_better(other, first)), first)

    def _with_similar(self, matcher: Matcher, found: Found) -> Iterator[Found]:
        """Answers to the question with names that are only nearly somebody's."""
        for part, unknown in _to_blame(found.names, found.answer):
            similar = part.with_similar(matcher, unknown)
            if similar:
                names = [similar if one is part else one for one in found.names]
                answer = self._ask(matcher, found.query, names)
                yield replace(found, answer=answer, names=names, similar=similar)

    def _respelt(self, matcher: Matcher, found: Found) -> Iterator[Found]:
        """The answer with words in the place of those that stand nowhere."""
        lost = set(found.answer.unknown)
        if found.answer.total:
            lost &= set(found.answer.let_go)
        respelt = respell(found.query, lost, self._engine.near_words)
        if respelt:
            query = with_words(found.query, respelt)
            names = names_in(matcher, query)
            yield Found(query, self._ask(matcher, query, names), names, respelt=respelt)

    def ties(self, matcher: Matcher, query: SearchQuery) -> Ties:
        """Who of the whole answer to `query` is tied to which place."""
        found = self.find(matcher, replace(query, size=1, page=1))
        told = knowing(found.query, found.names, matcher, self._catalogue())
        return Ties(self._engine.tied(found.query, told))

    def _ask(self, matcher: Matcher, query: SearchQuery, names: Sequence[Names]) -> EngineAnswer:
        told = knowing(query, names, matcher, self._catalogue())
        return self._engine.search(query, replace(told, reasons=True))


def _is_better(other: Found, found: Found) -> bool:
    """Whether an answer to other words finds somebody, with fewer words let go."""
    if not other.answer.total:
        return False
    return not found.answer.total or len(other.answer.let_go) < len(found.answer.let_go)


def _to_blame(names: Sequence[Names], answer: EngineAnswer) -> Iterator[tuple[Names, set[int]]]:
    """The parts because of whose words nobody was found, with the words that nobody has.

    Where another condition is what leaves nobody, the words are not to blame.
    """
    for part in names:
        if part.part == "":
            if answer.let_go and (answer.total or not answer.relax.keys() - {"text"}):
                yield part, set(answer.let_go)
        elif not answer.total and part.unread and (part.part in answer.relax or not answer.relax):
            yield part, part.unread
