"""Fields of plain words, in which operators have no meaning."""

import re
from dataclasses import replace
from typing import TypeGuard

from biobank.names.folding import tokens
from biobank.search.language.parsing import QUOTES, parse
from biobank.search.language.tree import AllOf, AnyOf, Node, Not, Words

_MARKS = re.compile(f"[()*:&|{QUOTES}]")
_MINUS = re.compile(r"(?<!\S)[-−]+")
_SIGNS = re.compile(r"(?<!\S)(?:OR|AND|NOT|ИЛИ|VƏYA)(?!\S)")


def words_in(text: str) -> str:
    """Return a text as plain words without operators; empty if it has no word."""
    plain = _MINUS.sub(" ", _MARKS.sub(" ", text))
    for tried in (text, _SIGNS.sub(lambda sign: sign[0].lower(), plain)):
        read = parse(tried)
        if isinstance(read.tree, Words) and not read.tree.field and not read.problems:
            return read.tree.text
    return ""


def groups_in(text: str) -> list[str]:
    """Return groups of words: the parts between commas, or single words without commas."""
    parts = re.split("[,;]", text) if re.search("[,;]", text) else text.split()
    return [words for part in parts if (words := words_in(part))]


def plainly(node: Node) -> Node:
    """Return the same query with operator characters removed from words: `a:b` is `a b`."""
    if isinstance(node, Not):
        return Not(plainly(node.part))
    if isinstance(node, AllOf | AnyOf):
        return type(node)(tuple(map(plainly, node.parts)))
    if not isinstance(node, Words):
        return node
    words = words_in(node.text)
    same = [word.text for word in tokens(words)] == [word.text for word in tokens(node.text)]
    return replace(node, text=words) if same else node


def is_group(part: Node) -> TypeGuard[Words]:
    """Return whether a part is plain words that can be joined with others in one field."""
    if not isinstance(part, Words) or part.field:
        return False
    return words_in(part.text) == part.text and not re.search("[,;]", part.text)


def side_by_side(groups: list[str]) -> str:
    """Return a text that `word_groups` splits into these groups."""
    if not any(" " in group for group in groups):
        return " ".join(groups)
    return ", ".join(groups) if len(groups) > 1 else f"{groups[0]},"
