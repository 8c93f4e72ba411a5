"""Query trees and their canonical text.

`parse(render(tree))` equals `tree`. Spans are positions in the typed text and do not affect
equality.
"""

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeGuard

Span: TypeAlias = tuple[int, int] | None

#: Values that need no quotation marks.
_BARE: Final = re.compile(r'[^\s()"“”„«»*:]+')


@dataclass(frozen=True)
class Words:
    """Adjacent plain words as typed, in one field or anywhere."""

    text: str
    field: str = ""
    span: Span = dataclasses.field(default=None, compare=False)
    #: Start positions of each stretch of `text`: in `text`, and in the typed text.
    origins: tuple[tuple[int, int], ...] = dataclasses.field(default=(), compare=False)

    def typed(self, start: int, end: int) -> Span:
        """Return the position of `text[start:end]` in the typed text; None if unknown."""
        before = [origin for origin in self.origins if origin[0] <= start]
        if not before:
            return None
        here, there = before[-1]
        return start - here + there, end - here + there


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
    part: "Node"


@dataclass(frozen=True)
class AllOf:
    """A conjunction; without parts it matches everyone."""

    parts: tuple["Node", ...] = ()


@dataclass(frozen=True)
class AnyOf:
    """A disjunction."""

    parts: tuple["Node", ...]


Leaf: TypeAlias = Words | Phrase | Prefix | Value
Node: TypeAlias = Leaf | Not | AllOf | AnyOf

EVERYONE: Final = AllOf()


def leaves(node: Node) -> Iterator[Leaf]:
    """Yield the leaves of a tree, from left to right."""
    if isinstance(node, Not):
        yield from leaves(node.part)
    elif isinstance(node, AllOf | AnyOf):
        for part in node.parts:
            yield from leaves(part)
    else:
        yield node


def top_parts(tree: Node) -> tuple[Node, ...]:
    """Return the conjuncts of a tree."""
    return tree.parts if isinstance(tree, AllOf) else (tree,)


def plain_words(tree: Node) -> Words | None:
    """Return the plain words among the conjuncts of a tidy tree."""
    return next((part for part in top_parts(tree) if _plain(part)), None)


def replaced(node: Node, old: Node, new: Node) -> Node:
    """Return the tree with the node `old`, compared by identity, replaced by `new`."""
    if node is old:
        return new
    if isinstance(node, Not):
        return Not(replaced(node.part, old, new))
    if isinstance(node, AllOf | AnyOf):
        return type(node)(tuple(replaced(part, old, new) for part in node.parts))
    return node


def tidy(node: Node) -> Node:
    """Return the canonical form of a tree.

    Nested groups of one kind are flattened, duplicates removed, adjacent plain words joined, and
    words moved to the front.
    """
    if isinstance(node, Not):
        part = tidy(node.part)
        return part.part if isinstance(part, Not) else Not(part)
    if isinstance(node, AllOf | AnyOf):
        kind = type(node)
        parts: list[Node] = []
        for part in map(tidy, node.parts):
            parts += part.parts if isinstance(part, kind) else [part]
        if kind is AllOf:
            parts = _joined(parts)
        once = tuple(dict.fromkeys(parts))
        return once[0] if len(once) == 1 else kind(once)
    return node


def _joined(parts: list[Node]) -> list[Node]:
    """Join plain words into one part at the front."""
    plain = [part for part in parts if _plain(part)]
    if not plain:
        return parts
    text, origins = "", []
    for part in plain:
        at = len(text) + 1 if text else 0
        origins += [(at + here, there) for here, there in part.origins]
        text = f"{text} {part.text}" if text else part.text
    spans = [part.span for part in plain if part.span]
    span = (min(s for s, _ in spans), max(e for _, e in spans)) if spans else None
    rest = [part for part in parts if not _plain(part)]
    return [Words(text, span=span, origins=tuple(origins)), *rest]


def _plain(node: Node) -> TypeGuard[Words]:
    return isinstance(node, Words) and not node.field


def render(node: Node) -> str:
    """Return the text of a tidy tree; empty if it matches everyone."""
    if isinstance(node, AnyOf):
        # OR binds weaker than adjacency, so its parts need no parentheses.
        return " OR ".join(map(render, node.parts))
    if isinstance(node, AllOf):
        return " ".join(part.text if _plain(part) else _inside(part) for part in node.parts)
    return node.text if _plain(node) else _inside(node)


def _inside(node: Node) -> str:
    """Return the text of a part, in parentheses where adjacent parts would split it."""
    if isinstance(node, Not):
        return f"-{_inside(node.part)}"
    if isinstance(node, AllOf | AnyOf):
        return f"({render(node)})"
    scope = f"{node.field}:" if node.field else ""
    if isinstance(node, Value):
        return scope + (node.value if _BARE.fullmatch(node.value) else f'"{node.value}"')
    if isinstance(node, Prefix):
        return f"{scope}{node.text}*"
    if isinstance(node, Phrase) or (node.field == "name" and not _BARE.fullmatch(node.text)):
        return f'{scope}"{node.text}"'
    return scope + (f"({node.text})" if " " in node.text else node.text)


def without(tree: Node, part: Node) -> Node:
    """Return the tree without a node, compared by identity."""
    return tidy(_pruned(tree, part) or EVERYONE)


def _pruned(node: Node, part: Node) -> Node | None:
    if node is part:
        return None
    if isinstance(node, Not):
        inner = _pruned(node.part, part)
        return None if inner is None else Not(inner)
    if isinstance(node, AllOf | AnyOf):
        kept = tuple(left for each in node.parts if (left := _pruned(each, part)) is not None)
        return type(node)(kept) if kept else None
    return node
