"""Parser of the query language; every text has a tree."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from lark import Lark, Token, Transformer, v_args

from biobank.search.language.error_recovery import TokenRepair, neutralize_operator, token_span
from biobank.search.language.fields import FIELD_KINDS, UNKNOWN, QueryFieldKind, find_field
from biobank.search.language.limits import apply_limits
from biobank.search.language.problems import QueryProblem, make_problem
from biobank.search.language.tree import (
    MATCH_ALL,
    AllOf,
    AnyOf,
    Not,
    Phrase,
    Prefix,
    QueryNode,
    Value,
    Words,
    tidy,
)

_LARK_PARSER = Lark(
    (Path(__file__).parent / "grammar.lark").read_text("utf-8"),
    start=["question", "unread"],
    parser="lalr",
    lexer="basic",
)
QUOTE_CHARS = '"“”„«»'


@dataclass(frozen=True)
class ParsedQuery:
    """The tree as typed: field values are not resolved yet."""

    tree: QueryNode
    problems: tuple[QueryProblem, ...]


@lru_cache(maxsize=1024)
def parse(text: str, lang: str = "en") -> ParsedQuery:
    """Parse `text` into a tree, with the problems found reported in language `lang`."""
    token_repair = TokenRepair(lang)
    repaired = token_repair.repair(list(_LARK_PARSER.lex(text)))
    tree, limit_problems = apply_limits(
        tidy(_build_tree(repaired)) if repaired else MATCH_ALL, lang
    )
    problems = [*token_repair.problems, *limit_problems]
    if tree == MATCH_ALL and text.strip() and not problems:
        problems.append(make_problem("nothing", lang, 0, len(text)))
    return ParsedQuery(
        tree, tuple(sorted(problems, key=lambda problem: (problem.start, problem.end)))
    )


def _build_tree(repaired: Sequence[Token]) -> QueryNode:
    interactive = _LARK_PARSER.parse_interactive("", start="question")
    for token in repaired:
        interactive.feed_token(token)
    tree: QueryNode = _TreeBuilder().transform(interactive.feed_eof())  # type: ignore[no-untyped-call]
    return tree


@v_args(inline=True)
class _TreeBuilder(Transformer[Token, QueryNode]):
    """Converts the Lark tree to query nodes, bottom up."""

    def word(self, token: Token) -> QueryNode:
        start, _ = token_span(token)
        return Words(str(token), span=token_span(token), origins=((0, start),))

    def prefix(self, token: Token) -> QueryNode:
        return Prefix(token[:-1], span=token_span(token))

    def quoted(self, token: Token) -> QueryNode:
        return Phrase(_quoted_text(token), span=token_span(token))

    def group(self, _open: Token, node: QueryNode, _close: Token) -> QueryNode:
        return node

    def scoped(self, name: Token, value: QueryNode) -> QueryNode:
        field = find_field(name[:-1])
        assert field is not None  # guaranteed by error recovery
        return _in_field(field, value, token_span(name)[0])

    def excluded(self, _sign: Token, node: QueryNode) -> QueryNode:
        return Not(node)

    def all(self, *parts: QueryNode) -> QueryNode:
        return AllOf(parts)

    def any(self, *parts: Any) -> QueryNode:
        return AnyOf(tuple(part for part in parts if not isinstance(part, Token)))

    def question(self, node: QueryNode) -> QueryNode:
        return node


def _quoted_text(quoted: str) -> str:
    """Return the quoted text with normalized spaces, followed by a distance if there is one."""
    end = max(quoted.rfind(mark) for mark in QUOTE_CHARS)
    return neutralize_operator(" ".join((quoted[1:end] + quoted[end + 1 :]).split()))


def _in_field(field: str, node: QueryNode, start: int) -> QueryNode:
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
    is_words = isinstance(node, Prefix) or node.text != UNKNOWN
    if FIELD_KINDS[field] is QueryFieldKind.WORDS and is_words:
        return type(node)(node.text, field, span)
    return Value(field, node.text + "*" * isinstance(node, Prefix), span)
