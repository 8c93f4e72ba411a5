"""Detection of names in a query and their presentation in hits."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from biobank.names.explain import explain_match
from biobank.names.folding import HYPHENS
from biobank.names.matcher import NameMatcher
from biobank.names.mention_detection import NameMention, detect_mentions, detect_similar_mentions
from biobank.names.transliteration import detect_script
from biobank.records.people.mapping import PersonRecord
from biobank.search import labels
from biobank.search.engine import DetectedName
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
    matcher: NameMatcher,
    words: Sequence[QueryWord],
    excluded: set[int],
    mentions: Sequence[NameMention],
) -> Iterator[NameMention]:
    """Yield names in an oblique case within a longer query: ученики Узеира Гаджибекова.

    A query that consists of a name alone is not inflected: Кулиева is not Кулиев.
    """
    named = {position for mention in mentions for position in range(mention.start, mention.end)}
    searched = {position for position, word in enumerate(words) if not word.stop}
    for ending in NOMINATIVE_ENDINGS:
        base_words = [
            word.text if position in named else _nominative(word, ending)
            for position, word in enumerate(words)
        ]
        for mention in detect_mentions(matcher, base_words, excluded):
            covered = set(range(mention.start, mention.end))
            if not covered & named and searched - covered:
                named |= covered
                yield mention


def _nominative(word: QueryWord, ending: str) -> str:
    """Return a word in the nominative case of its script; a Russian one with `ending`."""
    is_cyrillic = detect_script(word.text) == "Cyrl"
    stems = dict(word.stems).get("ru" if is_cyrillic else "az", ())
    if not stems or len(stems[0]) >= len(word.name):
        return word.text
    return stems[0] + (ending if is_cyrillic else "")


def detect_similar_names(
    matcher: NameMatcher, text: str, unknown: Collection[int]
) -> list[NameMention]:
    """Detect similar names in `text` that contain at least one of the `unknown` words."""
    words, excluded = _split_words(text)
    return detect_similar_mentions(matcher, words, unknown, excluded)


def to_detected_names(mentions: Iterable[NameMention], part: str = "") -> list[DetectedName]:
    """Convert name mentions in a part of a query to the engine format."""
    return [
        DetectedName(tuple(range(mention.start, mention.end)), mention.scores, part)
        for mention in mentions
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
    lang: str,
) -> Iterator[MatchedName]:
    """Yield the names of a person that the query matched, explained in language `lang`."""
    words = query_words(text)
    explained: set[int] = set()
    for mention in mentions:
        positions = set(range(mention.start, mention.end))
        applies = record["id"] in mention.scores and not positions & explained
        match = matcher.match(mention.text, record["id"]) if applies else None
        if match:
            explained |= positions
            typed_text = text[words[mention.start].start : words[mention.end - 1].end]
            quality = match.quality if mention.is_exact else SIMILAR_QUALITY
            reason = (
                _name_form_reason(match.name, displayed_name, lang)
                if quality == EQUAL_QUALITY
                else explain_match(match, lang)
            )
            yield MatchedName(typed_text, match.name, match.reading, reason, quality)
    yield from _exact_matches(
        record,
        displayed_name,
        [word for position, word in enumerate(words) if position not in explained],
        lang,
    )


def _exact_matches(
    record: PersonRecord, displayed_name: str, words: Iterable[QueryWord], lang: str
) -> Iterator[MatchedName]:
    """Yield exact matches of words that are not names on their own: a title, a number."""
    names = [displayed_name, *(name["text"] for name in record["names"])]
    for word in words:
        if not word.stop and (name := find_name_with(names, word)):
            yield MatchedName(
                word.text, name, "", _name_form_reason(name, displayed_name, lang), EQUAL_QUALITY
            )


def _name_form_reason(name: str, displayed_name: str, lang: str) -> str:
    """Return the explanation for a match on a name other than the displayed one."""
    return "" if name == displayed_name else labels.NAME_FORM_LABEL[lang]
