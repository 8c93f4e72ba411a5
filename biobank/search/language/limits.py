"""Limits on the size of a query; parts beyond them are dropped and reported."""

from dataclasses import replace
from typing import Final

from biobank.names.folding import tokens
from biobank.search.language.problems import Trouble, trouble
from biobank.search.language.tree import EVERYONE, AllOf, AnyOf, Leaf, Node, Not, Words, tidy

WORDS_MOST: Final = 40
#: Maximum number of phrases, prefixes and fields of a query.
CONDITIONS_MOST: Final = 24


def limited(tree: Node, lang: str) -> tuple[Node, list[Trouble]]:
    """Return the tree truncated to the limits, from left to right, and the problems."""
    limit = _Limit()
    kept = tidy(limit.node(tree) or EVERYONE)
    if limit.first is None:
        return tree, []
    start, end = limit.first.span or (0, 0)
    counts = {"most": WORDS_MOST, "conditions": CONDITIONS_MOST}
    return kept, [trouble("too_many", lang, start, end, **counts)]


class _Limit:
    """Counts words and conditions while walking a tree."""

    def __init__(self) -> None:
        self._words = 0
        self._conditions = 0
        #: The first leaf that was truncated.
        self.first: Leaf | None = None

    def node(self, node: Node) -> Node | None:
        """Return the part within the limits; None if nothing is left."""
        if isinstance(node, Not):
            part = self.node(node.part)
            return None if part is None else Not(part)
        if isinstance(node, AllOf | AnyOf):
            parts = [kept for part in node.parts if (kept := self.node(part)) is not None]
            return type(node)(tuple(parts)) if parts or not node.parts else None
        return self._leaf(node)

    def _leaf(self, leaf: Leaf) -> Leaf | None:
        if isinstance(leaf, Words) and not leaf.field:
            return self._of_words(leaf)
        self._conditions += 1
        if self._conditions > CONDITIONS_MOST:
            self.first = self.first or leaf
            return None
        return leaf

    def _of_words(self, leaf: Words) -> Words | None:
        found = tokens(leaf.text)
        room = WORDS_MOST - self._words
        self._words += len(found)
        if len(found) <= room:
            return leaf
        self.first = self.first or leaf
        return replace(leaf, text=leaf.text[: found[room - 1].end]) if room > 0 else None
