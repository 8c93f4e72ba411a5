"""Parser of the query language; every text has a tree."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from lark import Lark, Token, Transformer, v_args

from biobank.names.folding import fold, tokens
from biobank.search.language.fields import FIELD_KINDS, UNKNOWN, QueryFieldKind, find_field
from biobank.search.language.problems import QueryProblem
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
    apply_limits,
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
def parse(text: str) -> ParsedQuery:
    """Parse `text` into a tree, with the problems found."""
    token_repair = TokenRepair()
    repaired = token_repair.repair(list(_LARK_PARSER.lex(text)))
    tree, limit_problems = apply_limits(tidy(_build_tree(repaired)) if repaired else MATCH_ALL)
    problems = [*token_repair.problems, *limit_problems]
    if tree == MATCH_ALL and text.strip() and not problems:
        problems.append(QueryProblem(0, len(text), "nothing"))
    return ParsedQuery(tree, tuple(sorted(problems, key=lambda problem: (problem.start, problem.end))))


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


MAX_DEPTH: Final = 8
MIN_PREFIX_CHARS: Final = 3

#: Tokens of the grammar rule `excluded` that may precede a part.
OPERATORS: Final = frozenset({"MINUS", "NOT"})


class TokenRepair:
    """Repairs the tokens of one query; `problems` lists what was wrong."""

    def __init__(self) -> None:
        self.problems: list[QueryProblem] = []

    def repair(self, source_tokens: Sequence[Token]) -> list[Token]:
        repaired = self._balance_parentheses(list(self._convert_invalid(source_tokens)))
        while (shorter := self._drop_misplaced(repaired)) != repaired:
            repaired = shorter
        return repaired

    def _report(self, code: str, token: Token, quoted: str = "", **params: int) -> None:
        start, end = token_span(token)
        self.problems.append(QueryProblem(start, end, code, {"what": quoted or str(token), **params}))

    def _convert_invalid(self, source_tokens: Sequence[Token]) -> Iterator[Token]:
        """Yield tokens with unknown fields and invalid prefixes converted to words."""
        pending: Token | None = None
        for token, following in pairwise([*source_tokens, None]):
            assert token is not None
            if pending is not None:
                token, pending = _join(pending, token), None
            if token.type == "FIELD" and find_field(token[:-1]) is None:
                self._report("unknown_field", token, str(token[:-1]))
                if following is not None and _adjacent(token, following) and following.type in _WORD_TYPES:
                    pending = token
                    continue
                token = _as_word(token)
            yield from self._convert_token(token)

    def _convert_token(self, token: Token) -> Iterator[Token]:
        if token.type == "AND":
            return
        if token.type in _WORD_TYPES:
            token = Token(token.type, neutralize_operator(token), start_pos=token.start_pos)
        if token.type == "QUOTE":
            self._report("unclosed", token)
        elif token.type in _TEXT_TYPES and not tokens(token):
            # Punctuation alone is dropped, and reported if it was quoted.
            if token.type == "QUOTED":
                self._report("misplaced", token)
        elif token.type == "PREFIX" and len(fold(token[:-1])) < MIN_PREFIX_CHARS:
            self._report("short_prefix", token)
            yield _as_word(token)
        elif token.type == "PREFIX" and len(tokens(token[:-1])) != 1:
            yield _as_word(token)
        else:
            yield token

    def _balance_parentheses(self, source_tokens: list[Token]) -> list[Token]:
        """Return the tokens without unmatched or too deeply nested parentheses."""
        dropped: set[int] = set()
        opened: list[int] = []
        for at, token in enumerate(source_tokens):
            if token.type == "LPAR":
                opened.append(at)
            elif token.type == "RPAR" and not opened:
                dropped.add(at)
                self._report("unclosed", token)
            elif token.type == "RPAR":
                start = opened.pop()
                if len(opened) >= MAX_DEPTH:
                    dropped |= {start, at}
                    if len(opened) == MAX_DEPTH:
                        self._report("too_deep", source_tokens[start], most=MAX_DEPTH)
        for at in opened:
            self._report("unclosed", source_tokens[at])
        dropped.update(opened)
        return [token for at, token in enumerate(source_tokens) if at not in dropped]

    def _drop_misplaced(self, source_tokens: list[Token]) -> list[Token]:
        """Return the tokens without those that apply to nothing, in one pass."""
        placed: list[Token] = []
        preceding: Token | None = None
        skip = False
        for token, following in pairwise([*source_tokens, None]):
            assert token is not None
            next_type = following.type if following is not None else ""
            if skip:
                skip = False
                continue
            if token.type == "LPAR" and next_type == "RPAR":
                self._report("misplaced", token, "()")
                skip = True
                continue
            if _is_misplaced(token, preceding.type if preceding is not None else "", next_type):
                self._report("misplaced", token)
                if token.type == "FIELD":
                    placed.append(_as_word(token))
                    preceding = placed[-1]
                continue
            placed.append(token)
            preceding = token
        return placed


#: Words that the grammar reads as operators if surrounded by spaces.
_OPERATOR_WORDS: Final = frozenset({"OR", "ИЛИ", "VƏYA", "AND", "NOT"})
_WORD_TYPES: Final = frozenset({"WORD", "PREFIX"})
_TEXT_TYPES: Final = _WORD_TYPES | {"QUOTED"}
_NO_PART_TYPES: Final = frozenset({"", "RPAR", "OR"})


def _is_misplaced(token: Token, preceding_type: str, following_type: str) -> bool:
    if token.type == "OR":
        return preceding_type in ("", "LPAR", "OR", *OPERATORS) or following_type in _NO_PART_TYPES
    if token.type in OPERATORS:
        return following_type in _NO_PART_TYPES | OPERATORS
    return token.type == "FIELD" and following_type in _NO_PART_TYPES | OPERATORS | {"FIELD"}


def neutralize_operator(text: str) -> str:
    """Return a word that is an operator nowhere: `"a"OR` has no space before it."""
    return text.lower() if text in _OPERATOR_WORDS else text


def token_span(token: Token) -> tuple[int, int]:
    """Return the start and end of a token in the text."""
    start = token.start_pos or 0
    return start, start + len(token)


def _adjacent(first: Token, second: Token) -> bool:
    return token_span(first)[1] == token_span(second)[0]


def _join(first: Token, second: Token) -> Token:
    return Token("WORD", str(first) + str(second), start_pos=first.start_pos)


def _as_word(token: Token) -> Token:
    """Return the name of a field, or a prefix, as a word token."""
    text = token.rstrip(":") if token.type == "FIELD" else str(token)
    return Token("WORD", text, start_pos=token.start_pos)
