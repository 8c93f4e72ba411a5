"""Strict parsers of exported reference formats; invalid input raises."""

import re
from datetime import datetime
from xml.etree import ElementTree

from biobank.exchange.formats import atom

RIS_LINE = re.compile(r"([A-Z][A-Z0-9])  - (.*)")
BIB_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]*")
#: Month macros, which every style defines.
BIB_WORD = re.compile("jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec")
BIB_START = re.compile(r"@([a-z]+)(?=\{)")


def read_ris(text: str) -> list[dict[str, list[str]]]:
    """Return the entries of a RIS file by tag. Each runs from TY to ER and an empty line."""
    entries: list[dict[str, list[str]]] = []
    assert not text or text.endswith("\r\n\r\n")
    for block in text.split("\r\n\r\n")[:-1]:
        lines = block.split("\r\n")
        matches = [RIS_LINE.fullmatch(line) for line in lines]
        assert all(matches), lines
        tags = [match[1] for match in matches if match]
        assert tags[0] == "TY"
        assert tags.index("ER") == len(tags) - 1
        assert tags.count("TY") == 1
        entry: dict[str, list[str]] = {}
        for match in matches:
            assert match
            assert not re.search(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]", match[2])
            entry.setdefault(match[1], []).append(match[2])
        entries.append(entry)
    return entries


def read_bibtex(text: str) -> dict[str, dict[str, str]]:
    """Return the fields of each BibTeX entry by key, with BibTeX's brace counting."""
    entries: dict[str, dict[str, str]] = {}
    at = 0
    while at < len(text):
        start = BIB_START.match(text, at)
        assert start, text[at : at + 40]
        body, at = _braced(text, start.end())
        assert text.startswith("\n\n", at)
        at += 2
        key, _, fields_text = body.partition(",\n")
        assert BIB_KEY.fullmatch(key)
        assert key not in entries
        entries[key] = _fields(fields_text)
    return entries


def check_atom(root: ElementTree.Element) -> None:
    """Check the requirements of RFC 4287 (4.1.1, 4.1.2, 4.2.6, 4.2.7)."""
    space = f"{{{atom.ATOM_NAMESPACE}}}"
    assert root.tag == f"{space}feed"
    assert root.find(f"{space}author/{space}name") is not None
    entries = root.findall(f"{space}entry")
    for element in (root, *entries):
        for name in ("id", "title", "updated"):
            assert len(element.findall(space + name)) == 1, name
        assert "://" in str(element.findtext(f"{space}id"))
        assert datetime.fromisoformat(str(element.findtext(f"{space}updated"))).tzinfo
        links = [(link.get("rel"), link.get("type")) for link in element.findall(f"{space}link")]
        assert len(links) == len(set(links))
        assert ("alternate", "text/html") in links
    ids = [entry.findtext(f"{space}id") for entry in entries]
    assert len(ids) == len(set(ids))


def _fields(text: str) -> dict[str, str]:
    fields: dict[str, str] = {}
    at = 0
    while at < len(text):
        start = re.compile(r"  ([a-z]+) = ").match(text, at)
        assert start, text[at : at + 40]
        assert start[1] not in fields
        if word := BIB_WORD.match(text, start.end()):
            fields[start[1]], at = word[0], word.end()
        else:
            fields[start[1]], at = _braced(text, start.end())
        assert text.startswith(",\n", at)
        at += 2
    return fields


def _braced(text: str, at: int) -> tuple[str, int]:
    """Return the text in the braces at a position, and the position after them."""
    assert text[at] == "{"
    depth, start = 0, at + 1
    while True:
        depth += {"{": 1, "}": -1}.get(text[at], 0)
        at += 1
        if depth == 0:
            return text[start : at - 1], at
