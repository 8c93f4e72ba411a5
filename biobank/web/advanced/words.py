"""Fields of plain words: what is typed in them means nothing but words."""

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
    """A text as plain words, whatever in it would mean more; empty where it has no word."""
    plain = _MINUS.sub(" ", _MARKS.sub(" ", text))
    for tried in (text, _SIGNS.sub(lambda sign: sign[0].lower(), plain)):
        read = parse(tried)
        if isinstance(read.tree, Words) and not read.tree.field and not read.problems:
            return read.tree.text
    return ""


def groups_in(text: str) -> list[str]:
    """Words of which each counts; where commas part them, what stands between commas."""
    parts = re.split("[,;]", text) if re.search("[,;]", text) else text.split()
    return [words for part in parts if (words := words_in(part))]


def plainly(node: Node) -> Node:
    """The same question, its words without signs that seem to mean more: `a:b` is `a b`."""
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
    """Whether a part is plain words that can stand beside others in one field."""
    if not isinstance(part, Words) or part.field:
        return False
    return words_in(part.text) == part.text and not re.search("[,;]", part.text)


def side_by_side(groups: list[str]) -> str:
    """A text that `groups_in` reads as these groups."""
    if not any(" " in group for group in groups):
        return " ".join(groups)
    return ", ".join(groups) if len(groups) > 1 else f"{groups[0]},"
