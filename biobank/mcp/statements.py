"""Statements of a record: its facts and the paragraphs of its biographies, each with its citations.

The id of a fact is the fragment of its address in linked data: `birth`, `event-2`. That of a
paragraph has the language: `biography-en-3`.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from biobank.common.i18n import best_text
from biobank.mcp.bank import PublicBank
from biobank.mcp.outputs import CitedSource, PersonRef, PersonStatement
from biobank.records.date_formatting import format_edtf
from biobank.records.dates import DateError
from biobank.records.people.citations import (
    CITATION_MARK,
    FACT_FIELDS,
    FACT_LISTS,
    parse_mark,
    strip_citations,
)

PARAGRAPH_BREAK = re.compile(r"\n[ \t]*\n\s*")
#: Vocabulary of the type of each kind of fact, and its field.
TYPE_FIELDS = {
    "event": ("event", "type"),
    "relation": ("relation", "type"),
    "work": ("work", "type"),
    "award": ("award", "award"),
}
#: Localized text of each kind of fact.
FACT_TEXT_FIELDS = {"event": "text", "membership": "role", "work": "title"}


def fact_statements(
    bank: PublicBank, record: Mapping[str, Any], people: Mapping[str, PersonRef], lang: str
) -> Iterator[PersonStatement]:
    """Yield the facts of a record; of relations those to `people`, the public ones."""
    for kind in FACT_FIELDS:
        if record.get(kind):
            yield _fact(bank, record["id"], kind, kind, record[kind], None, lang)
    for key in FACT_LISTS:
        kind = key.removesuffix("s")
        for number, part in enumerate(record.get(key, ()), start=1):
            other = people.get(part.get("person", ""))
            if kind != "relation" or other:
                yield _fact(bank, record["id"], f"{kind}-{number}", kind, part, other, lang)


def biography_statements(bank: PublicBank, record: Mapping[str, Any], lang: str) -> Iterator[PersonStatement]:
    """Yield the paragraphs of the biography in `lang`, without citation marks."""
    text = (record.get("biography") or {}).get(lang, "")
    for number, paragraph in enumerate(PARAGRAPH_BREAK.split(text.strip()) if text else (), start=1):
        id_ = f"biography-{lang}-{number}"
        marks = [cite for mark in CITATION_MARK.finditer(paragraph) for cite in parse_mark(mark[0])]
        yield PersonStatement(
            id=id_,
            kind="biography",
            type=None,
            text=strip_citations(paragraph).strip(),
            date="",
            date_label="",
            place=None,
            organisation=None,
            person=None,
            cites=_cited_sources(bank, marks),
            url=f"{bank.uris.person(record['id'])}#{id_}",
        )


def related_ids(record: Mapping[str, Any]) -> list[str]:
    return [relation["person"] for relation in record.get("relations", ())]


def fact_cites(bank: PublicBank, part: Mapping[str, Any]) -> list[CitedSource]:
    """Return the citations of one fact."""
    return _cited_sources(bank, [(cite["source"], cite.get("locator", "")) for cite in part.get("cites", ())])


def cited_ids(statements: Collection[PersonStatement]) -> list[str]:
    return [cite.source for statement in statements for cite in statement.cites]


def _fact(
    bank: PublicBank,
    person_id: str,
    id_: str,
    kind: str,
    part: Mapping[str, Any],
    other: PersonRef | None,
    lang: str,
) -> PersonStatement:
    vocabulary, field = TYPE_FIELDS.get(kind, ("", ""))
    date = part.get("date") or ""
    return PersonStatement(
        id=id_,
        kind=kind,
        type=bank.term_ref(vocabulary, part.get(field), lang) if field else None,
        text=best_text(part.get(FACT_TEXT_FIELDS.get(kind, "")), lang),
        date=date,
        date_label=format_date(date, lang),
        place=bank.place_ref(part.get("place"), lang),
        organisation=bank.organisation_ref(part.get("organisation"), lang),
        person=other,
        cites=fact_cites(bank, part),
        url=f"{bank.uris.person(person_id)}#{id_}",
    )


def format_date(date: str, lang: str) -> str:
    """Return an EDTF date in words; as written if it is none."""
    try:
        return format_edtf(date, lang) if date else ""
    except DateError:
        return date


def _cited_sources(bank: PublicBank, cites: Sequence[tuple[str, str]]) -> list[CitedSource]:
    unique = dict.fromkeys(cites)
    return [
        CitedSource(source=source, locator=locator or "", url=bank.uris.source(source))
        for source, locator in unique
    ]
