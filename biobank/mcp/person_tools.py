"""The tools `person`, `statement`, `connections` and `cite`."""

from collections.abc import Iterable, Mapping
from itertools import chain, pairwise
from typing import Any, cast

from sqlalchemy.orm import Session

from biobank.common.i18n import best_text, best_with_language
from biobank.errors import BadQuery, NotFound
from biobank.exchange.formats.citations.biography import load_biography
from biobank.exchange.formats.citations.item import CitationEntry, parse_csl
from biobank.exchange.formats.citations.styles import CITATION_FILE_FORMATS, CITATION_STYLES
from biobank.exchange.formats.linked_data.graph import LICENCE_URI
from biobank.mcp.bank import PublicBank
from biobank.mcp.outputs import (
    CitationOutput,
    ConnectionsOutput,
    ExternalId,
    LabelledRef,
    PathStep,
    PersonOutput,
    PersonRef,
    RelatedPersonRef,
    RevisionRef,
    StatementOutput,
    WrittenName,
)
from biobank.mcp.statements import (
    biography_statements,
    cited_ids,
    fact_cites,
    fact_statements,
    related_ids,
    sentence_statements,
)
from biobank.records.identifiers import EXTERNAL_CATALOGUES
from biobank.records.people import queries
from biobank.records.people.browse_queries import load_cards, load_csl_items
from biobank.records.people.citations import all_source_ids
from biobank.records.people.connections import RelationLink, relation_links, shortest_paths
from biobank.records.people.name_parts import preferred_name_parts
from biobank.records.reference.kinds import SOURCE_KIND
from biobank.records.sources import queries as sources


def describe_person(bank: PublicBank, person_id: str, lang: str) -> PersonOutput:
    """Return a published record in one language, with all its sources."""
    with bank.services.database.read() as session:
        record = bank.load_person(session, person_id)
        people = _person_refs(bank, session, related_ids(record), lang)
        source_refs = bank.source_refs(session, all_source_ids(record))
        revision = bank.current_revision(session, record["id"])
    biography_lang = best_with_language(record.get("biography"), lang)[1] if record.get("biography") else ""
    gender = record.get("gender", "")
    professions = [bank.term_ref("profession", id_, lang, gender) for id_ in record.get("professions", ())]
    return PersonOutput(
        **bank.person_ref(record, lang).model_dump(),
        requested_id=person_id,
        sort_name=preferred_name_parts(record, lang).inverted,
        gender=gender,
        names=[
            WrittenName(text=name["text"], lang=name["lang"], kind=name["kind"]) for name in record["names"]
        ],
        connection=best_text(record.get("connection"), lang),
        professions=[profession for profession in professions if profession],
        countries=[bank.country_ref(code, lang) for code in record.get("countries", ())],
        biography_lang=biography_lang,
        biography=list(biography_statements(bank, record, biography_lang)),
        statements=list(fact_statements(bank, record, people, lang)),
        sources=source_refs,
        identifiers=_external_ids(record.get("identifiers")),
        revision=revision,
        licence=LICENCE_URI,
    )


def describe_statement(bank: PublicBank, person_id: str, statement_id: str, lang: str) -> StatementOutput:
    """Return one statement of a published record with the works that it cites.

    Raises:
        NotFound: If the record has no such statement.
    """
    with bank.services.database.read() as session:
        record = bank.load_person(session, person_id)
        people = _person_refs(bank, session, related_ids(record), lang)
        # The language of a text is a part of the ids of its paragraphs and sentences.
        quotations = (
            statements(bank, record, text_lang)
            for text_lang in record.get("biography", {})
            for statements in (biography_statements, sentence_statements)
        )
        candidates = chain(fact_statements(bank, record, people, lang), *quotations)
        statement = next((item for item in candidates if item.id == statement_id), None)
        if statement is None:
            raise NotFound(
                f"{record['id']} has no statement {statement_id!r}; the tool person lists their ids."
            )
        return StatementOutput(
            person=bank.person_ref(record, lang),
            statement=statement,
            sources_of="statement" if statement.cites else "record",
            sources=bank.source_refs(session, cited_ids([statement]) or all_source_ids(record)),
            revision=bank.current_revision(session, record["id"]),
        )


def describe_connections(bank: PublicBank, person_id: str, other_id: str, lang: str) -> ConnectionsOutput:
    """Return the relations of a person, and with `other_id` the shortest paths to another."""
    catalogue = bank.catalogue
    with bank.services.database.read() as session:
        person = bank.load_person(session, person_id)
        other = bank.load_person(session, other_id) if other_id else None
        paths = shortest_paths(session, person["id"], other["id"], catalogue) if other else []
        on_paths = {id_ for path in paths for id_ in path}
        links = relation_links(session, {person["id"], *on_paths}, catalogue)
        refs = _person_refs(bank, session, [link.other for link in links], lang)
        owners = queries.load_stored_records(session, list({link.owner for link in links}))
        relations = [(link, _related(bank, link, refs, owners, lang)) for link in links if link.other in refs]
        own = [related for link, related in relations if link.person == person["id"]]
        steps = [_path_steps(bank.person_ref(person, lang), path, relations, refs) for path in paths]
        shown = [*own, *(related for path in steps for step in path for related in step.relations)]
        return ConnectionsOutput(
            person=bank.person_ref(person, lang),
            relations=own,
            other=bank.person_ref(other, lang) if other else None,
            paths=steps,
            sources=bank.source_refs(session, [cite.source for related in shown for cite in related.cites]),
        )


def _path_steps(
    start: PersonRef,
    path: tuple[str, ...],
    relations: Iterable[tuple[RelationLink, RelatedPersonRef]],
    refs: Mapping[str, PersonRef],
) -> list[PathStep]:
    """Return the people of a path with what each is to the one before."""
    known = list(relations)
    steps = [PathStep(person=start, relations=[])]
    for previous, current in pairwise(path):
        between = [related for link, related in known if (link.person, link.other) == (previous, current)]
        steps.append(PathStep(person=refs[current], relations=between))
    return steps


def _related(
    bank: PublicBank,
    link: RelationLink,
    refs: Mapping[str, PersonRef],
    owners: Mapping[str, Mapping[str, Any]],
    lang: str,
) -> RelatedPersonRef:
    statement = f"relation-{link.number}"
    record = owners[link.owner]
    part = record["relations"][link.number - 1]
    record_sources = [] if part.get("cites") else record.get("sources", ())
    return RelatedPersonRef(
        person=refs[link.other],
        type=cast(LabelledRef, bank.term_ref("relation", link.type, lang)),
        date=link.date or "",
        cites=fact_cites(bank, part),
        record_sources=[bank.uris.source(id_) for id_ in record_sources],
        stated_in=link.owner,
        statement=statement,
        url=f"{bank.uris.person(link.owner)}#{statement}",
    )


def cite_biography(
    bank: PublicBank, person_id: str, style: str, lang: str, revision_number: int | None
) -> CitationOutput:
    """Return the citation of a biography in one of its published revisions, by default the current one."""
    context = bank.export_context(lang)
    with bank.services.database.read() as session:
        current_id = bank.load_person(session, person_id)["id"]
        if revision_number is not None and current_id != person_id:
            raise BadQuery(f"{person_id} was merged into {current_id}, whose revisions have other numbers.")
        biography = load_biography(session, context, current_id, revision_number, bank.revision_url)
        cited = biography.revision
        return CitationOutput(
            id=current_id,
            style=style,
            lang=lang,
            text=_citation_text(biography.entry, style),
            revision=RevisionRef(
                number=cited.number, published=cited.published_on.isoformat(), url=cited.url
            ),
            sources=bank.source_refs(session, all_source_ids(biography.record)),
            url=cited.url,
        )


def cite_source(bank: PublicBank, source_id: str, style: str) -> CitationOutput:
    """Return the citation of a source of a public record.

    Raises:
        NotFound: If there is none with this id.
    """
    current_id = bank.catalogue.resolve_redirect(SOURCE_KIND.name, source_id)
    with bank.services.database.read() as session:
        if not sources.is_public(session, current_id):
            raise NotFound(f"There is no source {source_id!r}.")
        csl = load_csl_items(session, [current_id])[current_id]
    entry = CitationEntry(current_id, parse_csl(csl))
    source = bank.source_ref(current_id, csl)
    return CitationOutput(
        id=current_id,
        style=style,
        lang=entry.item.lang,
        text=_citation_text(entry, style),
        revision=None,
        sources=[source],
        url=source.url,
    )


def _citation_text(entry: CitationEntry, style: str) -> str:
    if style in CITATION_STYLES:
        return CITATION_STYLES[style].write(entry.item).plain
    return CITATION_FILE_FORMATS[style].text([entry])


def _person_refs(bank: PublicBank, session: Session, ids: Iterable[str], lang: str) -> dict[str, PersonRef]:
    """Return the public people among `ids`."""
    return {id_: bank.card_ref(card, lang) for id_, card in load_cards(session, ids).items()}


def _external_ids(identifiers: Mapping[str, str] | None) -> list[ExternalId]:
    return [
        ExternalId(
            scheme=scheme,
            value=value,
            url=EXTERNAL_CATALOGUES[scheme].page_url(value) if scheme in EXTERNAL_CATALOGUES else "",
        )
        for scheme, value in (identifiers or {}).items()
    ]
