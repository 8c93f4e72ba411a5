"""Query context from outside the index: detected names, people referred to, and places."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from biobank.names.explain import MatchReason, explain_match
from biobank.names.folding import HYPHENS
from biobank.names.matcher import NameMatcher
from biobank.names.matches import Match
from biobank.names.mention_detection import NameMention, detect_mentions, detect_similar_mentions
from biobank.names.suffixes import other_gender_surname
from biobank.names.transliteration import detect_script
from biobank.records.catalogue import Catalogue
from biobank.records.people.record import PersonRecord
from biobank.records.vocabulary.models import term_key
from biobank.search import labels
from biobank.search.engine import DetectedName, QueryContext
from biobank.search.geo import places_within, places_within_km
from biobank.search.language.fields import RELATION_FIELDS, UNKNOWN
from biobank.search.language.tree import Value, Words, leaves, plain_words, render
from biobank.search.normalize import parse_distance
from biobank.search.query import SearchQuery
from biobank.search.query_words import QueryWord, query_words
from biobank.search.response import MatchedName
from biobank.search.snippets import find_name_with

#: Characters after an initial (a dot) or an article (a hyphen: al-Tusi).
NAME_MARK_CHARS = (".", *HYPHENS)
#: Nominative endings of Russian names after the stem: masculine, feminine.
NOMINATIVE_ENDINGS = ("", "а")
EQUAL_QUALITY, SIMILAR_QUALITY = "equal", "similar"


def detect_exact_names(matcher: NameMatcher, text: str) -> list[NameMention]:
    """Detect names of people in `text`, exact, transliterated or inflected."""
    words, excluded = _split_words(text)
    mentions = detect_mentions(matcher, words, excluded)
    return [*mentions, *_detect_inflected(matcher, query_words(text), excluded, mentions)]


def _detect_inflected(
    matcher: NameMatcher, words: Sequence[QueryWord], excluded: set[int], mentions: Sequence[NameMention]
) -> Iterator[NameMention]:
    """Yield names in an oblique case within a longer query: ученики Узеира Гаджибекова.

    A query that consists of a name alone is not inflected: Кулиева is not Кулиев.
    """
    named = {position for mention in mentions for position in range(mention.start, mention.end)}
    searched = {position for position, word in enumerate(words) if not word.stop}
    for base_words in _nominative_readings(words, named):
        for mention in detect_mentions(matcher, base_words, excluded, whole=False):
            covered = set(range(mention.start, mention.end))
            if not covered & named and searched - covered:
                named |= covered
                yield mention


def _nominative_readings(words: Sequence[QueryWord], named: set[int]) -> Iterator[list[str]]:
    """Yield the words with those that are not `named` in the nominative, once for each ending that differs."""
    typed = [word.text for word in words]
    tried = [typed]
    for ending in NOMINATIVE_ENDINGS:
        base_words = [
            text if position in named else _nominative(word, ending)
            for position, (word, text) in enumerate(zip(words, typed, strict=True))
        ]
        if base_words not in tried:
            tried.append(base_words)
            yield base_words


def _nominative(word: QueryWord, ending: str) -> str:
    """Return a word in the nominative case of its script; a Russian one with `ending`."""
    is_cyrillic = detect_script(word.text) == "Cyrl"
    stems = dict(word.stems).get("ru" if is_cyrillic else "az", ())
    if not stems or len(stems[0]) >= len(word.name):
        return word.text
    return stems[0] + (ending if is_cyrillic else "")


def detect_similar_names(matcher: NameMatcher, text: str, unknown: Collection[int]) -> list[NameMention]:
    """Detect similar names in `text` that contain at least one of the `unknown` words."""
    words, excluded = _split_words(text)
    return detect_similar_mentions(matcher, words, unknown, excluded)


def to_detected_names(mentions: Iterable[NameMention], part: str = "") -> list[DetectedName]:
    """Convert name mentions in a part of a query to the engine format."""
    return [
        DetectedName(tuple(range(mention.start, mention.end)), mention.scores, part) for mention in mentions
    ]


def _split_words(text: str) -> tuple[list[str], set[int]]:
    """Split text into words and the positions that belong to no name.

    Stopwords belong to no name, unless an initial or article mark follows: `и` but not `И.`, `at`
    but not `at-`.
    """
    words = query_words(text)
    excluded = {
        position
        for position, word in enumerate(words)
        if word.stop and text[word.end : word.end + 1] not in NAME_MARK_CHARS
    }
    return [word.text for word in words], excluded


def explain_name_matches(
    matcher: NameMatcher,
    mentions: Sequence[NameMention],
    record: PersonRecord,
    displayed_name: str,
    text: str,
) -> Iterator[MatchedName]:
    """Yield the names of a person that the query matched, with the reasons."""
    words = query_words(text)
    explained: set[int] = set()
    matches: list[tuple[NameMention, Match]] = []
    for mention in mentions:
        positions = set(range(mention.start, mention.end))
        applies = record["id"] in mention.scores and not positions & explained
        if applies and (match := matcher.match(mention.text, record["id"])):
            explained |= positions
            matches.append((mention, match))
    names = [displayed_name, *(name["text"] for name in record["names"])]
    remaining = [word for position, word in enumerate(words) if position not in explained and not word.stop]
    exact = list(_exact_matches(names, remaining))
    other_gender = list(_other_gender_matches(names, remaining))
    if len(exact) + len(other_gender) < len(remaining):
        # In a longer text the form may be an oblique case: сёстры Кара Караева.
        other_gender = []
    for mention, match in matches:
        typed_text = text[words[mention.start].start : words[mention.end - 1].end]
        quality, reason = _explain_mention(mention, match, displayed_name)
        # Somebody of the other gender is not who was named, even if the given name is equal.
        quality = SIMILAR_QUALITY if other_gender else quality
        yield MatchedName(typed_text, match.name, match.reading, quality, reason)
    yield from other_gender
    yield from exact


def _explain_mention(
    mention: NameMention, match: Match, displayed_name: str
) -> tuple[str, MatchReason | None]:
    """Return the quality of a matched name, and the reason: a title that it lacks is not confirmed."""
    missing = " ".join(pair.query for pair in match.pairs if not pair.name)
    if mention.is_exact and missing:
        return SIMILAR_QUALITY, MatchReason(labels.NOT_IN_NAME_LABEL, missing)
    if mention.is_exact and match.quality == EQUAL_QUALITY:
        return EQUAL_QUALITY, _name_form_reason(match.name, displayed_name)
    return match.quality if mention.is_exact else SIMILAR_QUALITY, explain_match(match)


def _other_gender_matches(names: Sequence[str], words: Iterable[QueryWord]) -> Iterator[MatchedName]:
    """Yield names with a surname in the other gender: Novruzova for Novruzov."""
    for word in words:
        other_form = "" if find_name_with(names, word) else other_gender_surname(word.text)
        if other_form and (name := find_name_with(names, replace(word, name=other_form))):
            reason = MatchReason(labels.OTHER_GENDER_LABEL, word.text)
            yield MatchedName(word.text, name, "", SIMILAR_QUALITY, reason)


def _exact_matches(names: Sequence[str], words: Iterable[QueryWord]) -> Iterator[MatchedName]:
    """Yield exact matches of words that are not names on their own: a title, a number."""
    for word in words:
        if name := find_name_with(names, word):
            yield MatchedName(word.text, name, "", EQUAL_QUALITY, _name_form_reason(name, names[0]))


def _name_form_reason(name: str, displayed_name: str) -> MatchReason | None:
    """Return the explanation for a match on a name other than the displayed one."""
    return None if name == displayed_name else MatchReason(labels.NAME_FORM_LABEL)


#: How much lower than the best score a namesake may score to be included.
NAMESAKE_SCORE_MARGIN = 0.02


@dataclass(frozen=True)
class NameMatch:
    """The names detected in one part of a query."""

    words: Words
    mentions: Sequence[NameMention]
    #: The rendered part as engines identify it; empty for the plain words.
    part: str

    def add_similar_names(self, matcher: NameMatcher, unknown: Collection[int]) -> "NameMatch | None":
        """Return a copy with similar names added; None if there are none."""
        similar_mentions = detect_similar_names(matcher, self.words.text, unknown)
        return (
            NameMatch(self.words, (*similar_mentions, *self.mentions), self.part)
            if similar_mentions
            else None
        )

    @property
    def unnamed_positions(self) -> set[int]:
        """Return the positions of words that belong to no name."""
        named = {position for mention in self.mentions for position in range(mention.start, mention.end)}
        searched = (position for position, word in enumerate(query_words(self.words.text)) if not word.stop)
        return set(searched) - named


def detect_names(matcher: NameMatcher, query: SearchQuery) -> list[NameMatch]:
    """Detect the names in each part of a query that may contain any, its plain words first."""
    plain = plain_words(query.tree)
    name_matches = [
        NameMatch(leaf, detect_exact_names(matcher, leaf.text), "" if leaf is plain else render(leaf))
        for leaf in leaves(query.tree)
        if isinstance(leaf, Words) and leaf.field in ("", "name")
    ]
    return sorted(name_matches, key=lambda name_match: name_match.part)


def build_query_context(
    query: SearchQuery, name_matches: Sequence[NameMatch], matcher: NameMatcher, catalogue: Catalogue
) -> QueryContext:
    """Build the context that an engine needs to execute `query`."""
    values = [leaf for leaf in leaves(query.tree) if isinstance(leaf, Value)]
    places = {
        value.value: places_within_km(catalogue, *parse_distance(value.value))
        for value in values
        if value.field == "near"
    }
    if query.area:
        places[query.area.text] = places_within(catalogue, query.area)
    return QueryContext(
        names=[
            detected
            for name_match in name_matches
            for detected in to_detected_names(name_match.mentions, name_match.part)
        ],
        people={
            value.value: resolve_person(matcher, value.value) for value in people_values(query, catalogue)
        },
        places=places,
    )


def people_values(query: SearchQuery, catalogue: Catalogue) -> Iterator[Value]:
    """Yield the values that refer to people, not to relation types."""
    for leaf in leaves(query.tree):
        if not isinstance(leaf, Value) or leaf.value == UNKNOWN:
            continue
        is_relation = leaf.field == "relation" and term_key("relation", leaf.value) not in catalogue.terms
        if is_relation or leaf.field in RELATION_FIELDS:
            yield leaf


def resolve_person(matcher: NameMatcher, text: str) -> frozenset[str]:
    """Resolve an id or a name to the ids of the people it refers to, the best matches only."""
    if text in matcher:
        return frozenset({text})
    scores = matcher.people_with_name(text, resegment=True)
    best = max(scores.values(), default=0.0)
    return frozenset(id_ for id_, score in scores.items() if score >= best - NAMESAKE_SCORE_MARGIN)
