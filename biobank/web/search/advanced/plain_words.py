"""Fields of plain words, in which operators have no meaning."""

import re
from dataclasses import replace
from typing import TypeGuard

from biobank.names.folding import tokens
from biobank.search.language.parser import QUOTE_CHARS, parse
from biobank.search.language.tree import AllOf, AnyOf, Not, QueryNode, Words

_OPERATOR_CHARACTERS = re.compile(f"[()*:&|{QUOTE_CHARS}]")
_MINUS = re.compile(r"(?<!\S)[-−]+")
_OPERATOR_WORDS = re.compile(r"(?<!\S)(?:OR|AND|NOT|ИЛИ|VƏYA)(?!\S)")


def plain_words(text: str) -> str:
    """Return a text as plain words without operators; empty if it has no word."""
    plain = _MINUS.sub(" ", _OPERATOR_CHARACTERS.sub(" ", text))
    for candidate in (text, _OPERATOR_WORDS.sub(lambda operator: operator[0].lower(), plain)):
        parsed = parse(candidate)
        if isinstance(parsed.tree, Words) and not parsed.tree.field and not parsed.problems:
            return parsed.tree.text
    return ""


def word_groups(text: str) -> list[str]:
    """Return groups of words: the parts between commas, or single words without commas."""
    parts = re.split("[,;]", text) if re.search("[,;]", text) else text.split()
    return [words for part in parts if (words := plain_words(part))]


def without_operators(node: QueryNode) -> QueryNode:
    """Return the same query with operator characters removed from words: `a:b` is `a b`."""
    if isinstance(node, Not):
        return Not(without_operators(node.part))
    if isinstance(node, AllOf | AnyOf):
        return type(node)(tuple(map(without_operators, node.parts)))
    if not isinstance(node, Words):
        return node
    words = plain_words(node.text)
    is_equivalent = [word.text for word in tokens(words)] == [word.text for word in tokens(node.text)]
    return replace(node, text=words) if is_equivalent else node


def is_word_group(part: QueryNode) -> TypeGuard[Words]:
    """Return whether a part is plain words that can be joined with others in one field."""
    if not isinstance(part, Words) or part.field:
        return False
    return plain_words(part.text) == part.text and not re.search("[,;]", part.text)


def join_groups(groups: list[str]) -> str:
    """Return a text that `word_groups` splits into these groups."""
    if not any(" " in group for group in groups):
        return " ".join(groups)
    return ", ".join(groups) if len(groups) > 1 else f"{groups[0]},"
