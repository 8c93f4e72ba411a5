"""Citations: in facts of a record as `cites`, in biographies as `[@source, locator]`."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

# Quantifiers are possessive, and a locator holds no bracket: no character is read for two openers,
# so a search takes linear time whatever the text.
_ID = r"@[a-z0-9]++(?:-[a-z0-9]++)*+"
_LOCATOR = r"(?:,(?![\];])\s*+[^\[\];\n]{0,200}+)?+"
#: `[@ency-music, p. 12]`, or several sources: `[@a; @b, p. 3]` (Pandoc syntax).
CITATION_MARK = re.compile(rf"\[{_ID}{_LOCATOR}(?:;\s*+{_ID}{_LOCATOR})*+\]")
#: A mark and the white space before it; the spaces of a run are read once.
SPACED_CITATION_MARK = re.compile(r"(?<!\s)\s*+" + CITATION_MARK.pattern)
_SPACED_IN_LINE = re.compile(r"(?<![ \t])[ \t]*+" + CITATION_MARK.pattern)

FACT_FIELDS = ("birth", "death", "floruit")
FACT_LISTS = ("events", "relations", "memberships", "works", "awards")


def iter_facts(record: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every part of a record that may have `cites`, with its path: `events[2]`."""
    for key in FACT_FIELDS:
        if record.get(key) is not None:
            yield key, record[key]
    for key in FACT_LISTS:
        for index, part in enumerate(record.get(key, [])):
            yield f"{key}[{index}]", part


def parse_mark(mark: str) -> list[tuple[str, str]]:
    """Parse a mark: `[@a; @b, p. 3]` is `[("a", ""), ("b", "p. 3")]`."""
    cites = []
    for part in mark.strip("[]").split(";"):
        source, _, locator = part.strip().removeprefix("@").partition(",")
        cites.append((source, locator.strip()))
    return cites


def strip_citations(text: str) -> str:
    """Return the text without its marks and the spaces before them."""
    return _SPACED_IN_LINE.sub("", text)


def first_citation_paths(record: Mapping[str, Any]) -> dict[str, str]:
    """Return the path of the first citation by source: `{"a": "birth.cites[0].source"}`."""
    paths: dict[str, str] = {}
    for path, part in iter_facts(record):
        for index, cite in enumerate(part.get("cites", [])):
            paths.setdefault(cite["source"], f"{path}.cites[{index}].source")
    for lang, text in (record.get("biography") or {}).items():
        for source in cited_in_text({"biography": {lang: text}}):
            paths.setdefault(source, f"biography.{lang}")
    for index, source in enumerate((record.get("checked") or {}).get("against", [])):
        paths.setdefault(source, f"checked.against[{index}]")
    return paths


def cited_in_facts(record: Mapping[str, Any]) -> list[str]:
    """Return the ids of sources cited in facts, in record order, with repeats."""
    return [cite["source"] for _, part in iter_facts(record) for cite in part.get("cites", [])]


def cited_in_text(record: Mapping[str, Any]) -> list[str]:
    """Return the ids of sources cited in biographies, in order, with repeats."""
    return [
        source
        for text in (record.get("biography") or {}).values()
        for mark in CITATION_MARK.finditer(text)
        for source, _ in parse_mark(mark[0])
    ]


def all_source_ids(record: Mapping[str, Any]) -> list[str]:
    """Return the ids of all sources that a record lists or cites, without repeats."""
    source_refs = (*record.get("sources", ()), *cited_in_facts(record), *cited_in_text(record))
    return list(dict.fromkeys(source_refs))
