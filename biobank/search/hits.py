"""Hits of a result page with snippets and the matched names."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from biobank.common.i18n import FALLBACKS, best_text
from biobank.names.matcher import NameMatcher
from biobank.records.media.urls import portrait_sha
from biobank.records.people.mapping import preferred_name
from biobank.records.people.name_parts import preferred_name_parts
from biobank.records.people.record import PersonRecord
from biobank.search.engine import EngineHit
from biobank.search.executor import SearchResult
from biobank.search.query_context import explain_name_matches
from biobank.search.query_words import Marker, query_markers
from biobank.search.response import Hit, MatchedName, Snippet
from biobank.search.snippets import mark_text, snippet


def build_hits(
    matcher: NameMatcher, result: SearchResult, records: Mapping[str, PersonRecord]
) -> Iterator[Hit]:
    """Yield the hits of `result` in the order of `records`."""
    query = result.query
    markers = query_markers(query.tree)
    hits = {hit.id: hit for hit in result.response.hits}
    for id_, record in records.items():
        name = preferred_name(record, query.lang)
        matched_names = chain.from_iterable(
            explain_name_matches(matcher, name_match.mentions, record, name, name_match.words.text)
            for name_match in result.name_matches
        )
        yield _build_hit(record, name, hits[id_], markers, tuple(matched_names), query.lang)


def _build_hit(
    record: PersonRecord,
    name: str,
    hit: EngineHit,
    markers: Sequence[Marker],
    matched_names: tuple[MatchedName, ...],
    lang: str,
) -> Hit:
    return Hit(
        id=record["id"],
        name=name,
        names=tuple(record["names"]),
        headline=best_text(record.get("headline"), lang),
        birth=record.get("birth"),
        death=record.get("death"),
        professions=tuple(record.get("professions", ())),
        gender=record.get("gender", ""),
        countries=tuple(record.get("countries", ())),
        score=round(hit.score, 4),
        snippets=tuple(_snippets(record, markers, lang)),
        matched=matched_names,
        reasons=hit.reasons,
        portrait=portrait_sha(record),
        sort_name=preferred_name_parts(record, lang).inverted,
    )


def _snippets(record: PersonRecord, markers: Sequence[Marker], lang: str) -> Iterable[Snippet]:
    """Yield snippets in the reader's preferred language whose text contains a word of the query."""
    if not markers:
        return
    for candidate in FALLBACKS[lang]:
        headline = record.get("headline", {}).get(candidate, "")
        if html := mark_text(headline, candidate, markers):
            yield Snippet("headline", candidate, html)
            break
    for candidate in FALLBACKS[lang]:
        text = record.get("biography", {}).get(candidate, "")
        if html := snippet(text, candidate, markers):
            yield Snippet("biography", candidate, html)
            break
