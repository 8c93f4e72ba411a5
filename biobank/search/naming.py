"""The names in a question: which words are whose, and how that is told of a hit."""

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

#: What stands behind the dot of an initial, or the hyphen of an article: al-Tusi.
INITIALS_AND_ARTICLES = (".", *HYPHENS)
#: What a Russian name has behind its stem in the first case: a man's, a woman's.
ENDINGS = ("", "а")
EQUAL, SIMILAR = "equal", "similar"


def sure_names(matcher: Matcher, text: str) -> list[Run]:
    """The names in `text` that are somebody's, equal or under a reading, declined ones too."""
    words, apart = _words(text)
    runs = name_runs(matcher, words, apart)
    return [*runs, *_declined(matcher, words_of(text), apart, runs)]


def _declined(
    matcher: Matcher, words: Sequence[Word], apart: set[int], runs: Sequence[Run]
) -> Iterator[Run]:
    """The names that are in a case within a longer question: ученики Узеира Гаджибекова.

    A question that is a name from end to end is taken as it stands: Кулиева is no Кулиев.
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
    """A word in its first case, as its script has them; a Russian one with `ending`."""
    cyrillic = script(word.text) == "Cyrl"
    stems = dict(word.stems).get("ru" if cyrillic else "az", ())
    if not stems or len(stems[0]) >= len(word.name):
        return word.text
    return stems[0] + (ending if cyrillic else "")


def similar_names(matcher: Matcher, text: str, unknown: Collection[int]) -> list[Run]:
    """The names in `text` that are nearly somebody's, each with one of the `unknown` words."""
    words, apart = _words(text)
    return similar_runs(matcher, words, unknown, apart)


def named(runs: Iterable[Run], part: str = "") -> list[Named]:
    """What an engine is told of `runs` in a part of a question."""
    return [Named(tuple(range(run.start, run.end)), run.people, part) for run in runs]


def _words(text: str) -> tuple[list[str], set[int]]:
    """The words, and the places of those in no name: `и`, but not `И.`; `at`, but not `at-`."""
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
    """The names of a person that the question has, with the reason in the reader's language."""
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
    """Words of a name that are no name by themselves: a title, a number."""
    names = [shown, *(name["text"] for name in record["names"])]
    for word in words:
        if not word.stop and (name := matched_name(names, word)):
            yield Matched(word.text, name, "", _form(name, shown, lang), EQUAL)


def _form(name: str, shown: str, lang: str) -> str:
    """Why somebody was found by a name that is not the one shown."""
    return "" if name == shown else labels.FORM[lang]
