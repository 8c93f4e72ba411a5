"""The tools `explore` and `search`."""

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from biobank.mcp.bank import PublicBank
from biobank.mcp.outputs import (
    AnswerOutput,
    AnswerStatement,
    CitedSource,
    ExploreOutput,
    FacetCount,
    FacetCounts,
    FoundPerson,
    SearchOutput,
)
from biobank.records.date_formatting import format_life_years
from biobank.records.people import queries
from biobank.records.people.record import PersonRecord
from biobank.records.people.statement_ids import page_fragment
from biobank.search.answers.answer import Answer, QuotedStatement
from biobank.search.query import DEFAULT_PAGE_SIZE, FacetChoice, SearchQuery
from biobank.search.query_explanation import with_choice
from biobank.search.response import FacetValue, Hit, MatchedName, SearchResponse

MARK_TAG = re.compile(r"</?mark>")


def explore_people(bank: PublicBank, query: SearchQuery, facets: Sequence[str], limit: int) -> ExploreOutput:
    """Return the number of people found and of the values of `facets`, at most `limit` of each."""
    response = bank.services.search.search(replace(query, page=1, size=1))
    shown = replace(response.query, page=1, size=DEFAULT_PAGE_SIZE)
    return ExploreOutput(
        total=response.total,
        url=bank.search_url(shown),
        facets=[_facet_counts(bank, shown, facet, response.facets.get(facet, ()), limit) for facet in facets],
        problems=_problems(response),
    )


def _facet_counts(
    bank: PublicBank, query: SearchQuery, facet: str, values: Sequence[FacetValue], limit: int
) -> FacetCounts:
    counts = [
        FacetCount(
            id=value.id,
            label=value.label,
            people=value.count,
            url=bank.search_url(with_choice(query, facet, FacetChoice(include=(value.id,)))),
        )
        for value in values[:limit]
    ]
    return FacetCounts(facet=facet, values=counts, omitted=max(0, len(values) - limit))


def search_people(bank: PublicBank, query: SearchQuery) -> SearchOutput:
    """Return one page of results with the sources of each record, and the answer to a question."""
    answer = bank.services.answers.find(query)
    response = bank.services.search.search(query)
    with bank.services.database.read() as session:
        records = queries.load_records(session, [hit.id for hit in response.hits])
    return SearchOutput(
        total=response.total,
        page=response.page,
        size=response.size,
        match=response.match,
        understood=[part.label for part in response.understood],
        problems=_problems(response),
        did_you_mean=list(response.did_you_mean),
        people=[_found_person(bank, hit, records, query.lang) for hit in response.hits if hit.id in records],
        answer=_answer(bank, answer) if answer else None,
        url=bank.search_url(response.query),
    )


def _answer(bank: PublicBank, answer: Answer) -> AnswerOutput:
    return AnswerOutput(
        kind=answer.kind,
        text=answer.text,
        statements=[_answer_statement(bank, statement) for statement in answer.statements],
    )


def _answer_statement(bank: PublicBank, statement: QuotedStatement) -> AnswerStatement:
    address = bank.uris.person(statement.person.id)
    return AnswerStatement(
        person=statement.person.id,
        name=statement.person.name,
        statement=statement.id,
        label=statement.label,
        text=statement.text,
        lang=statement.lang,
        date=statement.date,
        sources=[
            CitedSource(source=source.id, locator=source.locator, url=bank.uris.source(source.id))
            for source in statement.sources
        ],
        sources_of="statement" if statement.is_cited else "record",
        url=f"{address}#{page_fragment(statement.id)}" if statement.id else address,
        revision=bank.revision_url(statement.person.id, statement.revision),
    )


def _found_person(bank: PublicBank, hit: Hit, records: Mapping[str, PersonRecord], lang: str) -> FoundPerson:
    born, died = (part.get("date") if part else None for part in (hit.birth, hit.death))
    return FoundPerson(
        id=hit.id,
        name=hit.name,
        years=format_life_years(born, died, lang, living="death" not in records[hit.id]),
        headline=hit.headline,
        url=bank.uris.person(hit.id),
        professions=list(bank.catalogue.main_professions(hit.professions, lang, hit.gender)),
        matched=[_matched_name(matched, lang) for matched in hit.matched],
        snippets=[html.unescape(MARK_TAG.sub("", snippet.html)) for snippet in hit.snippets],
        sources=[bank.uris.source(id_) for id_ in records[hit.id].get("sources", ())],
    )


def _matched_name(matched: MatchedName, lang: str) -> str:
    why = matched.why(lang)
    return f"{matched.name} ({why})" if why else matched.name


def _problems(response: SearchResponse) -> list[str]:
    return [problem.message_with_suggestions(response.query.lang) for problem in response.problems]
