"""Error recovery: turn any token sequence into one that the grammar accepts, and report problems.

No input is an error: unreadable tokens are dropped or become words.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from lark import Token

from biobank.names.folding import fold, tokens
from biobank.search.language.fields import FIELD_NAMES, find_field
from biobank.search.language.problems import QueryProblem, make_problem

MAX_DEPTH: Final = 8
MIN_PREFIX_CHARS: Final = 3

#: Tokens of the grammar rule `excluded` that may precede a part.
OPERATORS: Final = frozenset({"MINUS", "NOT"})


class TokenRepair:
    """Repairs the tokens of one query; `problems` lists what was wrong, in one language."""

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self.problems: list[QueryProblem] = []

    def repair(self, source_tokens: Sequence[Token]) -> list[Token]:
        repaired = self._balance_parentheses(list(self._convert_invalid(source_tokens)))
        while (shorter := self._drop_misplaced(repaired)) != repaired:
            repaired = shorter
        return repaired

    def _report(self, code: str, token: Token, quoted: str = "", **params: object) -> None:
        start, end = token_span(token)
        text = quoted or str(token)
        self.problems.append(make_problem(code, self._lang, start, end, what=text, **params))

    def _convert_invalid(self, source_tokens: Sequence[Token]) -> Iterator[Token]:
        """Yield tokens with unknown fields and invalid prefixes converted to words."""
        pending: Token | None = None
        for token, following in pairwise([*source_tokens, None]):
            assert token is not None
            if pending is not None:
                token, pending = _join(pending, token), None
            if token.type == "FIELD" and find_field(token[:-1]) is None:
                names = ", ".join(names[0] for names in FIELD_NAMES[self._lang].values())
                self._report("unknown_field", token, str(token[:-1]), names=names)
                if (
                    following is not None
                    and _adjacent(token, following)
                    and following.type in _WORD_TYPES
                ):
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
