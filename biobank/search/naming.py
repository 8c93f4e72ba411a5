"""Detection of names in a query and their presentation in hits."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from biobank.names.explain import why
from biobank.names.folding import HYPHENS
from biobank.names.matcher import Matcher
from biobank.names.readings import script
from biobank.names.runs import Run, name_runs, similar_runs
from biobank.records.people.mapping import Record
from biobank.search import labels
from biobank.search.answer import Matched
from biobank.search.port import Named
from biobank.search.question import Word, words_of
from biobank.search.snippets import matched_name

#: Characters after an initial (a dot) or an article (a hyphen: al-Tusi).
INITIALS_AND_ARTICLES = (".", *HYPHENS)
#: Nominative endings of Russian names after the stem: masculine, feminine.
ENDINGS = ("", "а")
EQUAL, SIMILAR = "equal", "similar"


def sure_names(matcher: Matcher, text: str) -> list[Run]:
    """Detect names of people in `text`, exact, transliterated or inflected."""
    words, apart = _words(text)
    runs = name_runs(matcher, words, apart)
    return [*runs, *_declined(matcher, words_of(text), apart, runs)]


def _declined(
    matcher: Matcher, words: Sequence[Word], apart: set[int], runs: Sequence[Run]
) -> Iterator[Run]:
    """Yield names in an oblique case within a longer query: ученики Узеира Гаджибекова.

    A query that consists of a name alone is not inflected: Кулиева is not Кулиев.
    """
    read = {at for run in runs for at in range(run.start, run.end)}
    sought = {at for at, word in enumerate(words) if not word.stop}
    for ending in ENDINGS:
        bare = [word.text if at in read else _bare(word, ending) for at, word in enumerate(words)]
        for run in name_runs(matcher, bare, apart):
            own = set(range(run.start, run.end))
            if not own & read and sought - own:
                read |= own
                yield run


def _bare(word: Word, ending: str) -> str:
    """Return a word in the nominative case of its script; a Russian one with `ending`."""
    cyrillic = script(word.text) == "Cyrl"
    stems = dict(word.stems).get("ru" if cyrillic else "az", ())
    if not stems or len(stems[0]) >= len(word.name):
        return word.text
    return stems[0] + (ending if cyrillic else "")


def similar_names(matcher: Matcher, text: str, unknown: Collection[int]) -> list[Run]:
    """Detect similar names in `text` that contain at least one of the `unknown` words."""
    words, apart = _words(text)
    return similar_runs(matcher, words, unknown, apart)


def named(runs: Iterable[Run], part: str = "") -> list[Named]:
    """Convert name mentions in a part of a query to the engine format."""
    return [Named(tuple(range(run.start, run.end)), run.people, part) for run in runs]


def _words(text: str) -> tuple[list[str], set[int]]:
    """Split text into words and the positions that belong to no name.

    Stopwords belong to no name, unless an initial or article mark follows: `и` but not `И.`, `at`
    but not `at-`.
    """
    words = words_of(text)
    apart = {
        at
        for at, word in enumerate(words)
        if word.stop and text[word.end : word.end + 1] not in INITIALS_AND_ARTICLES
    }
    return [word.text for word in words], apart


def matched(
    matcher: Matcher, runs: Sequence[Run], record: Record, shown: str, text: str, lang: str
) -> Iterator[Matched]:
    """Yield the names of a person that the query matched, explained in language `lang`."""
    words = words_of(text)
    told: set[int] = set()
    for run in runs:
        places = set(range(run.start, run.end))
        called = record["id"] in run.people and not places & told
        match = matcher.match(run.text, record["id"]) if called else None
        if match:
            told |= places
            typed = text[words[run.start].start : words[run.end - 1].end]
            quality = match.quality if run.sure else SIMILAR
            reason = _form(match.name, shown, lang) if quality == EQUAL else why(match, lang)
            yield Matched(typed, match.name, match.reading, reason, quality)
    yield from _as_written(record, shown, [w for at, w in enumerate(words) if at not in told], lang)


def _as_written(record: Record, shown: str, words: Iterable[Word], lang: str) -> Iterator[Matched]:
    """Yield exact matches of words that are not names on their own: a title, a number."""
    names = [shown, *(name["text"] for name in record["names"])]
    for word in words:
        if not word.stop and (name := matched_name(names, word)):
            yield Matched(word.text, name, "", _form(name, shown, lang), EQUAL)


def _form(name: str, shown: str, lang: str) -> str:
    """Return the explanation for a match on a name other than the displayed one."""
    return "" if name == shown else labels.FORM[lang]
