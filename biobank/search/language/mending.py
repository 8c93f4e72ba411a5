"""Error recovery: turn any token sequence into one that the grammar accepts, and report problems.

No input is an error: unreadable tokens are dropped or become words.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from lark import Token

from biobank.names.folding import fold, tokens
from biobank.search.language.fields import NAMES, field_called
from biobank.search.language.problems import Trouble, trouble

DEPTH_MOST: Final = 8
PREFIX_LEAST: Final = 3

#: Tokens of the grammar rule `excluded` that may precede a part.
OPERATORS: Final = frozenset({"MINUS", "NOT"})


class Mender:
    """Repairs the tokens of one query; `problems` lists what was wrong, in one language."""

    def __init__(self, lang: str) -> None:
        self._lang = lang
        self.problems: list[Trouble] = []

    def mended(self, found: Sequence[Token]) -> list[Token]:
        kept = self._paired(list(self._read(found)))
        while (shorter := self._placed(kept)) != kept:
            kept = shorter
        return kept

    def _tell(self, code: str, token: Token, what: str = "", **words: object) -> None:
        start, end = span_of(token)
        text = what or str(token)
        self.problems.append(trouble(code, self._lang, start, end, what=text, **words))

    def _read(self, found: Sequence[Token]) -> Iterator[Token]:
        """Yield tokens with unknown fields and invalid prefixes converted to words."""
        glued: Token | None = None
        for token, after in pairwise([*found, None]):
            assert token is not None
            if glued is not None:
                token, glued = _joined(glued, token), None
            if token.type == "FIELD" and field_called(token[:-1]) is None:
                names = ", ".join(names[0] for names in NAMES[self._lang].values())
                self._tell("unknown_field", token, str(token[:-1]), names=names)
                if after is not None and _adjacent(token, after) and after.type in _WORDLIKE:
                    glued = token
                    continue
                token = _as_word(token)
            yield from self._meant(token)

    def _meant(self, token: Token) -> Iterator[Token]:
        if token.type == "AND":
            return
        if token.type in _WORDLIKE:
            token = Token(token.type, harmless(token), start_pos=token.start_pos)
        if token.type == "QUOTE":
            self._tell("unclosed", token)
        elif token.type in _TEXTS and not tokens(token):
            # Punctuation alone is dropped, and reported if it was quoted.
            if token.type == "QUOTED":
                self._tell("misplaced", token)
        elif token.type == "PREFIX" and len(fold(token[:-1])) < PREFIX_LEAST:
            self._tell("short_prefix", token)
            yield _as_word(token)
        elif token.type == "PREFIX" and len(tokens(token[:-1])) != 1:
            yield _as_word(token)
        else:
            yield token

    def _paired(self, found: list[Token]) -> list[Token]:
        """Return the tokens without unmatched or too deeply nested parentheses."""
        dropped: set[int] = set()
        opened: list[int] = []
        for at, token in enumerate(found):
            if token.type == "LPAR":
                opened.append(at)
            elif token.type == "RPAR" and not opened:
                dropped.add(at)
                self._tell("unclosed", token)
            elif token.type == "RPAR":
                start = opened.pop()
                if len(opened) >= DEPTH_MOST:
                    dropped |= {start, at}
                    if len(opened) == DEPTH_MOST:
                        self._tell("too_deep", found[start], most=DEPTH_MOST)
        for at in opened:
            self._tell("unclosed", found[at])
        dropped.update(opened)
        return [token for at, token in enumerate(found) if at not in dropped]

    def _placed(self, found: list[Token]) -> list[Token]:
        """Return the tokens without those that apply to nothing, in one pass."""
        kept: list[Token] = []
        before: Token | None = None
        skip = False
        for token, after in pairwise([*found, None]):
            assert token is not None
            next_type = after.type if after is not None else ""
            if skip:
                skip = False
                continue
            if token.type == "LPAR" and next_type == "RPAR":
                self._tell("misplaced", token, "()")
                skip = True
                continue
            if _misplaced(token, before.type if before is not None else "", next_type):
                self._tell("misplaced", token)
                if token.type == "FIELD":
                    kept.append(_as_word(token))
                    before = kept[-1]
                continue
            kept.append(token)
            before = token
        return kept


#: Words that the grammar reads as operators if surrounded by spaces.
_SIGNS: Final = frozenset({"OR", "ИЛИ", "VƏYA", "AND", "NOT"})
_WORDLIKE: Final = frozenset({"WORD", "PREFIX"})
_TEXTS: Final = _WORDLIKE | {"QUOTED"}
_NO_PART: Final = frozenset({"", "RPAR", "OR"})


def _misplaced(token: Token, before: str, after: str) -> bool:
    if token.type == "OR":
        return before in ("", "LPAR", "OR", *OPERATORS) or after in _NO_PART
    if token.type in OPERATORS:
        return after in _NO_PART | OPERATORS
    return token.type == "FIELD" and after in _NO_PART | OPERATORS | {"FIELD"}


def harmless(text: str) -> str:
    """Return a word that is an operator nowhere: `"a"OR` has no space before it."""
    return text.lower() if text in _SIGNS else text


def span_of(token: Token) -> tuple[int, int]:
    """Return the start and end of a token in the text."""
    start = token.start_pos or 0
    return start, start + len(token)


def _adjacent(one: Token, other: Token) -> bool:
    return span_of(one)[1] == span_of(other)[0]


def _joined(one: Token, other: Token) -> Token:
    return Token("WORD", str(one) + str(other), start_pos=one.start_pos)


def _as_word(token: Token) -> Token:
    """Return the name of a field, or a prefix, as a word token."""
    text = token.rstrip(":") if token.type == "FIELD" else str(token)
    return Token("WORD", text, start_pos=token.start_pos)
