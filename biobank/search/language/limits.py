"""Limits on the size of a query; parts beyond them are dropped and reported."""

from dataclasses import replace
from typing import Final

from biobank.names.folding import tokens
from biobank.search.language.problems import QueryProblem, make_problem
from biobank.search.language.tree import (
    MATCH_ALL,
    AllOf,
    AnyOf,
    Not,
    QueryLeaf,
    QueryNode,
    Words,
    tidy,
)

MAX_QUERY_WORDS: Final = 40
#: Maximum number of phrases, prefixes and fields of a query.
MAX_CONDITIONS: Final = 24


def apply_limits(tree: QueryNode, lang: str) -> tuple[QueryNode, list[QueryProblem]]:
    """Return the tree truncated to the limits, from left to right, and the problems."""
    limiter = _TreeLimiter()
    truncated = tidy(limiter.truncate(tree) or MATCH_ALL)
    if limiter.first_dropped is None:
        return tree, []
    start, end = limiter.first_dropped.span or (0, 0)
    counts = {"most": MAX_QUERY_WORDS, "conditions": MAX_CONDITIONS}
    return truncated, [make_problem("too_many", lang, start, end, **counts)]


class _TreeLimiter:
    """Counts words and conditions while walking a tree."""

    def __init__(self) -> None:
        self._words = 0
        self._conditions = 0
        #: The first leaf that was truncated.
        self.first_dropped: QueryLeaf | None = None

    def truncate(self, node: QueryNode) -> QueryNode | None:
        """Return the part within the limits; None if nothing is left."""
        if isinstance(node, Not):
            part = self.truncate(node.part)
            return None if part is None else Not(part)
        if isinstance(node, AllOf | AnyOf):
            parts = [
                truncated for part in node.parts if (truncated := self.truncate(part)) is not None
            ]
            return type(node)(tuple(parts)) if parts or not node.parts else None
        return self._truncate_leaf(node)

    def _truncate_leaf(self, leaf: QueryLeaf) -> QueryLeaf | None:
        if isinstance(leaf, Words) and not leaf.field:
            return self._truncate_words(leaf)
        self._conditions += 1
        if self._conditions > MAX_CONDITIONS:
            self.first_dropped = self.first_dropped or leaf
            return None
        return leaf

    def _truncate_words(self, leaf: Words) -> Words | None:
        word_tokens = tokens(leaf.text)
        remaining = MAX_QUERY_WORDS - self._words
        self._words += len(word_tokens)
        if len(word_tokens) <= remaining:
            return leaf
        self.first_dropped = self.first_dropped or leaf
        return (
            replace(leaf, text=leaf.text[: word_tokens[remaining - 1].end])
            if remaining > 0
            else None
        )
