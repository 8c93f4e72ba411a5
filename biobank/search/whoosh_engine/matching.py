"""Query evaluation: the documents that each part of a query matches, and their scores."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from biobank.search.language.tree import (
    AllOf,
    AnyOf,
    Node,
    Not,
    Phrase,
    Prefix,
    Value,
    Words,
    plain_words,
    render,
    top_parts,
)
from biobank.search.port import Knowing, Named
from biobank.search.query import SearchQuery
from biobank.search.question import words_of
from biobank.search.whoosh_engine.conditions import chosen, dated, tied, valued
from biobank.search.whoosh_engine.facets import Mask
from biobank.search.whoosh_engine.literal import phrase, prefix
from biobank.search.whoosh_engine.postings import Floats
from biobank.search.whoosh_engine.proximity import Together, together
from biobank.search.whoosh_engine.scoring import Evidence, weigh
from biobank.search.whoosh_engine.view import View

AREA = "area"
#: Number of top documents by word score that are reranked by proximity.
LOOKED_AT = 300


@dataclass(frozen=True)
class Asked:
    """A query evaluated on a view: its plain words, and every other condition by name."""

    view: View
    words: list[Evidence]
    conditions: Mapping[str, Mask]
    #: Score of phrases, prefixes and words in other parts of the query.
    worth: Floats
    #: Evidence of those, for score reasons.
    others: list[Evidence] = field(default_factory=list)
    wide: tuple[str, ...] = ()

    def within(self, without: str = "") -> Mask:
        """Return documents that are not deleted and meet all conditions, or all but one."""
        mask = self.view.live.copy()
        for name, condition in self.conditions.items():
            if name != without:
                mask &= condition
        return mask


@dataclass(frozen=True)
class Scored:
    """The documents that a query matches, with scores."""

    mask: Mask
    scores: Floats
    #: Positions of words dropped because no document has them with the others.
    let_go: tuple[int, ...] = ()
    #: Score added by words near each other.
    together: Sequence[Together] = ()


def work_out(view: View, query: SearchQuery, knowing: Knowing) -> Asked:
    """Evaluate every part of a query as a mask, and the evidence of its words."""
    masks = {facet: chosen(view, facet, choice) for facet, choice in query.choices.items()}
    for role, dates in (("born", query.born), ("died", query.died)):
        if dates:
            masks[role] = dated(view, role, dates, query.certainty)
    if query.area:
        places = knowing.places.get(query.area.text, frozenset())
        masks[AREA] = tied(view, places, query.tie)
    parts = _Parts(view, query, knowing)
    words: list[Evidence] = []
    worth = np.zeros(view.size, np.float32)
    plain = plain_words(query.tree)
    for part in top_parts(query.tree):
        if plain is not None and part is plain:
            words = parts.words_of(part, named_of(knowing, ""))
        else:
            masks[render(part)], added = parts.found(part)
            worth += added
    return Asked(view, words, masks, worth, parts.evidence, tuple(parts.wide))


def named_of(knowing: Knowing, part: str) -> list[Named]:
    return [name for name in knowing.named if name.part == part]


class _Parts:
    """Evaluates the parts of one query and collects evidence and truncated prefixes."""

    def __init__(self, view: View, query: SearchQuery, knowing: Knowing) -> None:
        self._view = view
        self._query = query
        self._knowing = knowing
        self.evidence: list[Evidence] = []
        self.wide: list[str] = []

    def words_of(self, part: Words, named: list[Named]) -> list[Evidence]:
        return weigh(self._view, part.text, self._query.lang, part.field, named)

    def found(self, part: Node) -> tuple[Mask, Floats]:
        """Return the documents that match a whole part, and its score."""
        nothing = np.zeros(self._view.size, np.float32)
        if isinstance(part, Not):
            return ~self.found(part.part)[0], nothing
        if isinstance(part, AllOf | AnyOf):
            return self._together(part)
        if isinstance(part, Value):
            return valued(self._view, part, self._query.certainty, self._knowing), nothing
        mask = np.ones(self._view.size, np.bool_)
        for evidence in self._evidence(part):
            self.evidence.append(evidence)
            mask &= evidence.having
            nothing += evidence.worth
        return mask, np.where(mask, nothing, np.float32(0))

    def _together(self, part: AllOf | AnyOf) -> tuple[Mask, Floats]:
        found = [self.found(each) for each in part.parts]
        masks, worth = [mask for mask, _ in found], [worth for _, worth in found]
        if isinstance(part, AnyOf):
            return np.logical_or.reduce(masks), np.maximum.reduce(worth)
        mask = np.logical_and.reduce(masks)
        return mask, np.where(mask, np.add.reduce(worth), np.float32(0))

    def _evidence(self, part: Words | Phrase | Prefix) -> Iterator[Evidence]:
        if isinstance(part, Phrase):
            yield phrase(self._view, part)
        elif isinstance(part, Prefix):
            evidence, wide = prefix(self._view, part)
            if wide:
                self.wide.append(part.text)
            yield evidence
        else:
            found = self.words_of(part, named_of(self._knowing, render(part)))
            if part.field == "source":
                found = [_or_source(self._view, part.text, each) for each in found]
            yield from found


def _or_source(view: View, id_: str, word: Evidence) -> Evidence:
    """Return the evidence of a word in source titles, or of the source with that id."""
    having = word.having | view.with_value("source", id_)
    return Evidence(word.position, word.word, word.worth, having, word.telling, word.stands)


def score(asked: Asked, within: Mask) -> Scored:
    """Return documents of `within` with all words, or with the most significant ones."""
    scores = asked.worth.copy()
    everything = within.copy()
    for word in asked.words:
        everything &= word.having
        scores += word.worth
    if everything.any() or not asked.words:
        return Scored(everything, scores)
    return _partial(asked, within, scores)


def with_nearness(asked: Asked, scored: Scored, query: SearchQuery) -> Scored:
    """Rerank the top documents by the proximity of the query words."""
    plain = plain_words(query.tree)
    found = np.flatnonzero(scored.mask)
    if plain is None or len(found) < 2 or len(asked.words) < 2:
        return scored
    if len(found) > LOOKED_AT:
        best = np.argpartition(-scored.scores[found], LOOKED_AT)[:LOOKED_AT]
        found = found[best]
    among = np.zeros(asked.view.size, np.bool_)
    among[found] = True
    typed = words_of(plain.text)
    words = [(typed[evidence.position], evidence) for evidence in asked.words]
    near = together(asked.view, words, query.lang, among)
    scores = np.add.reduce([scored.scores, *(each.worth for each in near)])
    return replace(scored, scores=scores, together=near)


def _partial(asked: Asked, within: Mask, scores: Floats) -> Scored:
    """Return the documents with the most significant words; among equals, with the first words."""
    telling = np.zeros(asked.view.size, np.float64)
    for word in asked.words:
        telling[word.having] += word.telling
    telling[~within] = 0.0
    best = telling.max(initial=0.0)
    mask = np.isclose(telling, best) if best else np.zeros(asked.view.size, np.bool_)
    let_go = []
    for word in asked.words:
        having = mask & word.having
        if having.any():
            mask = having
        else:
            let_go.append(word.position)
    return Scored(mask, scores, tuple(let_go))
