"""A question as a tree, and its one canonical text.

`parse(render(tree))` is `tree` again. Spans say where a part stands in the text that was typed;
they are no part of what it means.
"""

import dataclasses
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeGuard

Span: TypeAlias = tuple[int, int] | None

#: What may stand in a value as it is; anything else is put into quotation marks.
_BARE: Final = re.compile(r'[^\s()"“”„«»*:]+')


@dataclass(frozen=True)
class Words:
    """Plain words side by side, as typed; in one field, or anywhere."""

    text: str
    field: str = ""
    span: Span = dataclasses.field(default=None, compare=False)
    #: Where each stretch of `text` stood in what was typed: its start here, its start there.
    origins: tuple[tuple[int, int], ...] = dataclasses.field(default=(), compare=False)

    def typed(self, start: int, end: int) -> Span:
        """Where `text[start:end]` stood in what was typed; None where that is not known."""
        before = [origin for origin in self.origins if origin[0] <= start]
        if not before:
            return None
        here, there = before[-1]
        return start - here + there, end - here + there


@dataclass(frozen=True)
class Phrase:
    """Words as they are written, one behind the other."""

    text: str
    field: str = ""
    span: Span = dataclasses.field(default=None, compare=False)


@dataclass(frozen=True)
class Prefix:
    """The beginning of a word."""

    text: str
    field: str = ""
    span: Span = dataclasses.field(default=None, compare=False)


@dataclass(frozen=True)
class Value:
    """A field with a value that is no words: an id, a date, an age, a distance, `unknown`."""

    field: str
    value: str
    span: Span = dataclasses.field(default=None, compare=False)


@dataclass(frozen=True)
class Not:
    part: "Node"


@dataclass(frozen=True)
class AllOf:
    """Every part; without parts, everyone."""

    parts: tuple["Node", ...] = ()


@dataclass(frozen=True)
class AnyOf:
    """At least one part."""

    parts: tuple["Node", ...]


Leaf: TypeAlias = Words | Phrase | Prefix | Value
Node: TypeAlias = Leaf | Not | AllOf | AnyOf

EVERYONE: Final = AllOf()


def leaves(node: Node) -> Iterator[Leaf]:
    """The leaves of a tree, from left to right."""
    if isinstance(node, Not):
        yield from leaves(node.part)
    elif isinstance(node, AllOf | AnyOf):
        for part in node.parts:
            yield from leaves(part)
    else:
        yield node


def top_parts(tree: Node) -> tuple[Node, ...]:
    """The parts that all must hold."""
    return tree.parts if isinstance(tree, AllOf) else (tree,)


def plain_words(tree: Node) -> Words | None:
    """The plain words of a tidy tree that all must hold."""
    return next((part for part in top_parts(tree) if _plain(part)), None)


def replaced(node: Node, old: Node, new: Node) -> Node:
    """The tree with one part, by its identity, in the place of another."""
    if node is old:
        return new
    if isinstance(node, Not):
        return Not(replaced(node.part, old, new))
    if isinstance(node, AllOf | AnyOf):
        return type(node)(tuple(replaced(part, old, new) for part in node.parts))
    return node


def tidy(node: Node) -> Node:
    """The same question in its one form.

    Groups in groups of their kind are dissolved, doubles left out, plain words that stand side by
    side put together, words first.
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
    """Plain words become one part, the first."""
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
    """The text of a tidy tree; everyone is the empty text."""
    if isinstance(node, AnyOf):
        # OR binds weaker than standing side by side, so that its parts need no parentheses.
        return " OR ".join(map(render, node.parts))
    if isinstance(node, AllOf):
        return " ".join(part.text if _plain(part) else _inside(part) for part in node.parts)
    return node.text if _plain(node) else _inside(node)


def _inside(node: Node) -> str:
    """The text of a part, in parentheses where what stands beside it would tear it apart."""
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
    """The tree without one of its parts, by its identity."""
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
