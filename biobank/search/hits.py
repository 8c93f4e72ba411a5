"""Hits of a result page with snippets and the matched names."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain

from biobank.i18n import FALLBACKS, best
from biobank.names.matcher import Matcher
from biobank.records.media.addresses import portrait_of
from biobank.records.people.mapping import Record, preferred_name
from biobank.search.answer import Hit, Matched, Snippet
from biobank.search.finding import Found
from biobank.search.naming import matched
from biobank.search.port import EngineHit
from biobank.search.question import Marker, markers_of
from biobank.search.snippets import marked_line, snippet


def make_hits(matcher: Matcher, found: Found, records: Mapping[str, Record]) -> Iterator[Hit]:
    """Yield the hits of `result` in the order of `records`."""
    query = found.query
    markers = markers_of(query.tree)
    hits = {hit.id: hit for hit in found.answer.hits}
    for id_, record in records.items():
        name = preferred_name(record, query.lang)
        reasons = chain.from_iterable(
            matched(matcher, part.runs, record, name, part.words.text, query.lang)
            for part in found.names
        )
        yield _hit(record, name, hits[id_], markers, tuple(reasons), query.lang)


def _hit(
    record: Record,
    name: str,
    hit: EngineHit,
    markers: Sequence[Marker],
    matches: tuple[Matched, ...],
    lang: str,
) -> Hit:
    return Hit(
        id=record["id"],
        name=name,
        names=tuple(record["names"]),
        headline=best(record.get("headline"), lang),
        birth=record.get("birth"),
        death=record.get("death"),
        professions=tuple(record.get("professions", ())),
        countries=tuple(record.get("countries", ())),
        score=round(hit.score, 4),
        snippets=tuple(_snippets(record, markers, lang)),
        matched=matches,
        reasons=hit.reasons,
        portrait=portrait_of(record),
    )


def _snippets(record: Record, words: Sequence[Marker], lang: str) -> Iterable[Snippet]:
    """Yield snippets in the reader's preferred language whose text contains a word of the query."""
    if not words:
        return
    for candidate in FALLBACKS[lang]:
        headline = record.get("headline", {}).get(candidate, "")
        if html := marked_line(headline, candidate, words):
            yield Snippet("headline", candidate, html)
            break
    for candidate in FALLBACKS[lang]:
        text = record.get("biography", {}).get(candidate, "")
        if html := snippet(text, candidate, words):
            yield Snippet("biography", candidate, html)
            break
