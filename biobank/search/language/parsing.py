"""Parser of the query language; every text has a tree."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from lark import Lark, Token, Transformer, v_args

from biobank.search.language.fields import KINDS, UNKNOWN, Kind, field_called
from biobank.search.language.limits import limited
from biobank.search.language.mending import Mender, harmless, span_of
from biobank.search.language.problems import Trouble, trouble
from biobank.search.language.tree import (
    EVERYONE,
    AllOf,
    AnyOf,
    Node,
    Not,
    Phrase,
    Prefix,
    Value,
    Words,
    tidy,
)

_PARSER = Lark(
    (Path(__file__).parent / "grammar.lark").read_text("utf-8"),
    start=["question", "unread"],
    parser="lalr",
    lexer="basic",
)
QUOTES = '"“”„«»'


@dataclass(frozen=True)
class Parsed:
    """The tree as typed: field values are not resolved yet."""

    tree: Node
    problems: tuple[Trouble, ...]


@lru_cache(maxsize=1024)
def parse(text: str, lang: str = "en") -> Parsed:
    """Parse `text` into a tree, with the problems found reported in language `lang`."""
    mender = Mender(lang)
    found = mender.mended(list(_PARSER.lex(text)))
    tree, beyond = limited(tidy(_built(found)) if found else EVERYONE, lang)
    problems = [*mender.problems, *beyond]
    if tree == EVERYONE and text.strip() and not problems:
        problems.append(trouble("nothing", lang, 0, len(text)))
    return Parsed(tree, tuple(sorted(problems, key=lambda it: (it.start, it.end))))


def _built(found: Sequence[Token]) -> Node:
    steps = _PARSER.parse_interactive("", start="question")
    for token in found:
        steps.feed_token(token)
    built: Node = _Builder().transform(steps.feed_eof())  # type: ignore[no-untyped-call]
    return built


@v_args(inline=True)
class _Builder(Transformer[Token, Node]):
    """Converts the Lark tree to query nodes, bottom up."""

    def word(self, token: Token) -> Node:
        start, _ = span_of(token)
        return Words(str(token), span=span_of(token), origins=((0, start),))

    def prefix(self, token: Token) -> Node:
        return Prefix(token[:-1], span=span_of(token))

    def quoted(self, token: Token) -> Node:
        return Phrase(_inside(token), span=span_of(token))

    def group(self, _open: Token, node: Node, _close: Token) -> Node:
        return node

    def scoped(self, name: Token, value: Node) -> Node:
        field = field_called(name[:-1])
        assert field is not None  # guaranteed by error recovery
        return _in_field(field, value, span_of(name)[0])

    def excluded(self, _sign: Token, node: Node) -> Node:
        return Not(node)

    def all(self, *parts: Node) -> Node:
        return AllOf(parts)

    def any(self, *parts: Any) -> Node:
        return AnyOf(tuple(part for part in parts if not isinstance(part, Token)))

    def question(self, node: Node) -> Node:
        return node


def _inside(quoted: str) -> str:
    """Return the quoted text with normalized spaces, followed by a distance if there is one."""
    end = max(quoted.rfind(mark) for mark in QUOTES)
    return harmless(" ".join((quoted[1:end] + quoted[end + 1 :]).split()))


def _in_field(field: str, node: Node, start: int) -> Node:
    """Return `node` with `field` set on every part without a field of its own."""
    node = tidy(node)
    if isinstance(node, Not):
        return Not(_in_field(field, node.part, start))
    if isinstance(node, AllOf | AnyOf):
        return type(node)(tuple(_in_field(field, part, start) for part in node.parts))
    if node.field:
        return node
    span = (start, node.span[1]) if node.span else None
    if isinstance(node, Value):
        return replace(node, field=field, span=span)
    # Quotation marks group the words of a name; the spelling is left to the name matcher.
    if field == "name" and not isinstance(node, Prefix):
        return Words(node.text, field, span)
    words = isinstance(node, Prefix) or node.text != UNKNOWN
    if KINDS[field] is Kind.WORDS and words:
        return type(node)(node.text, field, span)
    return Value(field, node.text + "*" * isinstance(node, Prefix), span)
