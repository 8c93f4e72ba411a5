"""Ids of the statements of a record: fragments of their addresses on the page of the person."""

import re

from biobank.records.people.citations import FACT_FIELDS, FACT_LISTS

_LIST_PATH = re.compile(rf"({'|'.join(FACT_LISTS)})\[([0-9]+)\]")


def fact_id(path: str) -> str:
    """Return the id of the fact at a path: `event-2` of `events[1]`, `birth` of `birth.place`.

    It is empty for parts of a record that are no facts with sources: names, professions.
    """
    if match := _LIST_PATH.match(path):
        return list_fact_id(match[1], int(match[2]))
    name = path.partition(".")[0]
    return name if name in FACT_FIELDS else ""


def list_fact_id(name: str, position: int) -> str:
    """Return the id of an entry of a list of facts: `event-2` is the second of `events`."""
    return f"{name.removesuffix('s')}-{position + 1}"


def paragraph_id(lang: str, number: int) -> str:
    """Return the id of a paragraph of a biography, counted from 1: `biography-en-3`."""
    return f"biography-{lang}-{number}"


def sentence_id(lang: str, paragraph: int, number: int) -> str:
    """Return the id of a sentence of a paragraph, both counted from 1: `biography-en-3-2`."""
    return f"{paragraph_id(lang, paragraph)}-{number}"


def page_fragment(statement_id: str) -> str:
    """Return the fragment of the page of a person that shows a statement: a sentence is in its paragraph."""
    parts = statement_id.split("-")
    return "-".join(parts[:3]) if parts[0] == "biography" else statement_id
