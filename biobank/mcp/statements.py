"""Statements of a record: its facts, and the paragraphs and sentences of its biographies.

Their ids are fragments of addresses: `birth`, `event-2`, the paragraph `biography-en-3`, and its second
sentence `biography-en-3-2`, which is at the address of the paragraph.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from biobank.common.i18n import best_text
from biobank.mcp.bank import PublicBank
from biobank.mcp.outputs import CitedSource, PersonRef, PersonStatement
from biobank.records.date_formatting import format_edtf
from biobank.records.dates import DateError
from biobank.records.people.citations import FACT_FIELDS, FACT_LISTS, strip_citations
from biobank.records.people.sentences import citations_in, paragraph_spans, split_sentences
from biobank.records.people.statement_ids import list_fact_id, page_fragment, paragraph_id, sentence_id

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
        for position, part in enumerate(record.get(key, ())):
            other = people.get(part.get("person", ""))
            if kind != "relation" or other:
                yield _fact(bank, record["id"], list_fact_id(key, position), kind, part, other, lang)


def biography_statements(bank: PublicBank, record: Mapping[str, Any], lang: str) -> Iterator[PersonStatement]:
    """Yield the paragraphs of the biography in `lang`, without citation marks."""
    text = (record.get("biography") or {}).get(lang, "")
    for number, (start, end) in enumerate(paragraph_spans(text), start=1):
        paragraph = text[start:end]
        plain = strip_citations(paragraph).strip()
        yield _quotation(bank, record["id"], paragraph_id(lang, number), plain, citations_in(paragraph))


def sentence_statements(bank: PublicBank, record: Mapping[str, Any], lang: str) -> Iterator[PersonStatement]:
    """Yield the sentences of the biography in `lang` as plain text."""
    for sentence in split_sentences((record.get("biography") or {}).get(lang, ""), lang):
        id_ = sentence_id(lang, sentence.paragraph, sentence.number)
        yield _quotation(bank, record["id"], id_, sentence.text, sentence.cites)


def _quotation(
    bank: PublicBank, person_id: str, id_: str, text: str, cites: Sequence[tuple[str, str]]
) -> PersonStatement:
    return PersonStatement(
        id=id_,
        kind="biography",
        type=None,
        text=text,
        date="",
        date_label="",
        place=None,
        organisation=None,
        person=None,
        cites=_cited_sources(bank, cites),
        url=f"{bank.uris.person(person_id)}#{page_fragment(id_)}",
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
