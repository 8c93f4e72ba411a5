"""Query trees and their canonical text.

`parse(render(tree))` equals `tree`. Spans are positions in the typed text and do not affect
equality.
"""

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, TypeAlias, TypeGuard

from biobank.names.folding import tokens
from biobank.search.language.problems import QueryProblem

Span: TypeAlias = tuple[int, int] | None

#: Values that need no quotation marks.
_UNQUOTED_PATTERN: Final = re.compile(r'[^\s()"“”„«»*:]+')


#: The typed position of words that were not typed as they stand: a value that is no value.
UNKNOWN_ORIGIN: Final = -1


@dataclass(frozen=True)
class Words:
    """Adjacent plain words as typed, in one field or anywhere."""

    text: str
    field: str = ""
    span: Span = dataclasses.field(default=None, compare=False)
    #: Start positions of each stretch of `text`: in `text`, and in the typed text.
    origins: tuple[tuple[int, int], ...] = dataclasses.field(default=(), compare=False)

    def typed_span(self, start: int, end: int) -> Span:
        """Return the position of `text[start:end]` in the typed text; None if unknown."""
        before = [origin for origin in self.origins if origin[0] <= start]
        if not before or before[-1][1] == UNKNOWN_ORIGIN:
            return None
        text_start, typed_start = before[-1]
        return start - text_start + typed_start, end - text_start + typed_start


@dataclass(frozen=True)
class Phrase:
    """Consecutive words exactly as written."""

    text: str
    field: str = ""
    span: Span = dataclasses.field(default=None, compare=False)


@dataclass(frozen=True)
class Prefix:
    """The start of a word."""

    text: str
    field: str = ""
    span: Span = dataclasses.field(default=None, compare=False)


@dataclass(frozen=True)
class Value:
    """A field with a value that is not words: an id, a date, an age, a distance or `unknown`."""

    field: str
    value: str
    span: Span = dataclasses.field(default=None, compare=False)


@dataclass(frozen=True)
class Not:
    part: "QueryNode"


@dataclass(frozen=True)
class AllOf:
    """A conjunction; without parts it matches everyone."""

    parts: tuple["QueryNode", ...] = ()


@dataclass(frozen=True)
class AnyOf:
    """A disjunction."""

    parts: tuple["QueryNode", ...]


QueryLeaf: TypeAlias = Words | Phrase | Prefix | Value
QueryNode: TypeAlias = QueryLeaf | Not | AllOf | AnyOf

MATCH_ALL: Final = AllOf()


def leaves(node: QueryNode) -> Iterator[QueryLeaf]:
    """Yield the leaves of a tree, from left to right."""
    if isinstance(node, Not):
        yield from leaves(node.part)
    elif isinstance(node, AllOf | AnyOf):
        for part in node.parts:
            yield from leaves(part)
    else:
        yield node


def top_parts(tree: QueryNode) -> tuple[QueryNode, ...]:
    """Return the conjuncts of a tree."""
    return tree.parts if isinstance(tree, AllOf) else (tree,)


def plain_words(tree: QueryNode) -> Words | None:
    """Return the plain words among the conjuncts of a tidy tree."""
    return next((part for part in top_parts(tree) if _is_plain(part)), None)


def replace_node(node: QueryNode, old: QueryNode, new: QueryNode) -> QueryNode:
    """Return the tree with the node `old`, compared by identity, replaced by `new`."""
    if node is old:
        return new
    if isinstance(node, Not):
        return Not(replace_node(node.part, old, new))
    if isinstance(node, AllOf | AnyOf):
        return type(node)(tuple(replace_node(part, old, new) for part in node.parts))
    return node


def tidy(node: QueryNode) -> QueryNode:
    """Return the canonical form of a tree.

    Nested groups of one kind are flattened, duplicates removed, adjacent plain words joined, and
    words moved to the front.
    """
    if isinstance(node, Not):
        part = tidy(node.part)
        return part.part if isinstance(part, Not) else Not(part)
    if isinstance(node, AllOf | AnyOf):
        kind = type(node)
        parts: list[QueryNode] = []
        for part in map(tidy, node.parts):
            parts += part.parts if isinstance(part, kind) else [part]
        if kind is AllOf:
            parts = _join_words(parts)
        unique = tuple(dict.fromkeys(parts))
        return unique[0] if len(unique) == 1 else kind(unique)
    return node


def _join_words(parts: list[QueryNode]) -> list[QueryNode]:
    """Join plain words into one part at the front."""
    word_parts = [part for part in parts if _is_plain(part)]
    if not word_parts:
        return parts
    text, origins = "", []
    for part in word_parts:
        offset = len(text) + 1 if text else 0
        origins += [(offset + start, typed) for start, typed in part.origins or ((0, UNKNOWN_ORIGIN),)]
        text = f"{text} {part.text}" if text else part.text
    spans = [part.span for part in word_parts if part.span]
    span = (min(start for start, _ in spans), max(end for _, end in spans)) if spans else None
    other_parts = [part for part in parts if not _is_plain(part)]
    return [Words(text, span=span, origins=tuple(origins)), *other_parts]


def _is_plain(node: QueryNode) -> TypeGuard[Words]:
    return isinstance(node, Words) and not node.field


def render(node: QueryNode) -> str:
    """Return the text of a tidy tree; empty if it matches everyone."""
    if isinstance(node, AnyOf):
        # OR binds weaker than adjacency, so its parts need no parentheses.
        return " OR ".join(map(render, node.parts))
    if isinstance(node, AllOf):
        return " ".join(part.text if _is_plain(part) else _render_part(part) for part in node.parts)
    return node.text if _is_plain(node) else _render_part(node)


def _render_part(node: QueryNode) -> str:
    """Return the text of a part, in parentheses where adjacent parts would split it."""
    if isinstance(node, Not):
        return f"-{_render_part(node.part)}"
    if isinstance(node, AllOf | AnyOf):
        return f"({render(node)})"
    scope = f"{node.field}:" if node.field else ""
    if isinstance(node, Value):
        return scope + (node.value if _UNQUOTED_PATTERN.fullmatch(node.value) else f'"{node.value}"')
    if isinstance(node, Prefix):
        return f"{scope}{node.text}*"
    if isinstance(node, Phrase) or (node.field == "name" and not _UNQUOTED_PATTERN.fullmatch(node.text)):
        return f'{scope}"{node.text}"'
    return scope + (f"({node.text})" if " " in node.text else node.text)


def remove_node(tree: QueryNode, part: QueryNode) -> QueryNode:
    """Return the tree without a node, compared by identity."""
    return tidy(_prune(tree, part) or MATCH_ALL)


def _prune(node: QueryNode, part: QueryNode) -> QueryNode | None:
    if node is part:
        return None
    if isinstance(node, Not):
        inner = _prune(node.part, part)
        return None if inner is None else Not(inner)
    if isinstance(node, AllOf | AnyOf):
        remaining = tuple(pruned for child in node.parts if (pruned := _prune(child, part)) is not None)
        return type(node)(remaining) if remaining else None
    return node


MAX_QUERY_WORDS: Final = 40
#: Maximum number of phrases, prefixes and fields of a query.
MAX_CONDITIONS: Final = 24


def apply_limits(tree: QueryNode) -> tuple[QueryNode, list[QueryProblem]]:
    """Return the tree truncated to the limits, from left to right, and the problems."""
    limiter = _TreeLimiter()
    truncated = tidy(limiter.truncate(tree) or MATCH_ALL)
    if limiter.first_dropped is None:
        return tree, []
    start, end = limiter.first_dropped.span or (0, 0)
    counts = {"most": MAX_QUERY_WORDS, "conditions": MAX_CONDITIONS}
    return truncated, [QueryProblem(start, end, "too_many", counts)]


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
            parts = [truncated for part in node.parts if (truncated := self.truncate(part)) is not None]
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
        return replace(leaf, text=leaf.text[: word_tokens[remaining - 1].end]) if remaining > 0 else None
