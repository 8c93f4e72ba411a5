"""Suggestions of people while a name is typed."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from biobank.common.i18n import best_text
from biobank.names.folding import fold_word, tokens
from biobank.names.matcher import NameMatcher
from biobank.records.date_formatting import format_life_years
from biobank.records.media.urls import portrait_sha
from biobank.records.people.mapping import preferred_name
from biobank.records.people.record import PersonRecord, vital_event
from biobank.search.engine import DetectedName, QueryContext, SearchEngine
from biobank.search.language.tree import Words, plain_words, render, replace_node
from biobank.search.query import SearchQuery
from biobank.search.query_words import query_words
from biobank.search.response import Suggestion

#: Minimum length of the input in characters for similar names, and their minimum score.
MIN_SIMILAR_CHARS = 4
MIN_SUGGESTION_SCORE = 0.72


def suggest_names(matcher: NameMatcher, text: str, size: int, *, similar: bool = True) -> dict[str, str]:
    """Return a name starting with `text` by person id; if there are none, names that are `similar`."""
    names = {match.person_id: match.name for match in matcher.complete(text, size)}
    if similar and not names and len(text) >= MIN_SIMILAR_CHARS:
        matches = matcher.find(text, size)
        names = {match.person_id: match.name for match in matches if match.score >= MIN_SUGGESTION_SCORE}
    return names


def build_suggestion(record: PersonRecord, matched: str, text: str, lang: str) -> Suggestion:
    """Build a suggestion; `matched` is shown only if it differs from the displayed name."""
    name = preferred_name(record, lang)
    birth, death = (vital_event(record, role).get("date") for role in ("birth", "death"))
    return Suggestion(
        id=record["id"],
        name=name,
        headline=best_text(record.get("headline"), lang),
        years=format_life_years(birth, death, lang, living="death" not in record),
        matched=alternative_spelling(name, matched, text),
        portrait=portrait_sha(record),
    )


def alternative_spelling(displayed_name: str, matched: str, text: str) -> str:
    """Return the matched name if the displayed name does not start with `text` itself."""
    return "" if displayed_name == matched or _starts_with_words(displayed_name, text) else matched


def _starts_with_words(name: str, text: str) -> bool:
    """Return whether each word of `text` starts a word of `name`, as written."""
    words = [fold_word(token.text) for token in tokens(name)]
    typed_words = [fold_word(token.text) for token in tokens(text)]
    return all(any(word.startswith(part) for word in words) for part in typed_words)


#: Maximum number of people with a matching name prefix that the filters then narrow; the best
#: documented first.
MAX_PREFIX_MATCHES = 1000
#: Relevance of a name whose prefix matches only under a transliteration; an exact match has 1.
TRANSLITERATED_PREFIX_SCORE = 0.9


@dataclass(frozen=True)
class TypeaheadResult:
    """People by id, best first, each with the matching name; empty if no name matched."""

    query: SearchQuery
    people: Mapping[str, str]


def complete_names(
    engine: SearchEngine, matcher: NameMatcher, query: SearchQuery, context: QueryContext
) -> dict[str, str]:
    """Return the names that start with the plain words of `query`, by id of its matches."""
    plain = plain_words(query.tree)
    if plain is None:
        return {}
    completions = matcher.complete(plain.text, MAX_PREFIX_MATCHES)
    names = {completion.person_id: completion.name for completion in completions}
    if not names:
        return {}
    name_part = Words(plain.text, "name")
    tree = replace_node(query.tree, plain, name_part)
    positions = tuple(range(len(query_words(plain.text))))
    scores = {
        completion.person_id: TRANSLITERATED_PREFIX_SCORE if completion.by_transliteration else 1.0
        for completion in completions
    }
    name_context = replace(
        context, names=[*context.names, DetectedName(positions, scores, render(name_part))]
    )
    name_query = replace(query, text=render(tree), parsed=(render(tree), tree))
    hits = engine.search(name_query, name_context).hits
    return {hit.id: names[hit.id] for hit in hits if hit.id in names}
