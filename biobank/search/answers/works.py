"""Works by the title that a question names."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from biobank.records.people.record import PersonRecord, WorkRecord
from biobank.search.analysis import analyse
from biobank.search.answers.windows import SoughtWord

#: A title with an alternative in brackets: Arshin Mal Alan (The Cloth Peddler).
_BRACKETS = re.compile(r"\(([^()]*)\)")
#: A title of more words is recognised if one of them is missing.
MIN_SHORTENED_WORDS = 3


@dataclass(frozen=True)
class TitledWork:
    """A work, its position in the record, and whether the question has the whole title."""

    number: int
    work: WorkRecord


def works_titled(
    record: PersonRecord, sought: Sequence[SoughtWord], types: frozenset[str]
) -> Iterator[TitledWork]:
    """Yield the works of a record whose title in any language consists of the words sought."""
    for number, work in enumerate(record.get("works", ())):
        if (not types or work.get("type", "") in types) and any(
            _is_title(title, lang, sought)
            for lang, text in work["title"].items()
            for title in _variants(text)
        ):
            yield TitledWork(number, work)


def _variants(title: str) -> Iterator[str]:
    yield title
    if inner := _BRACKETS.search(title):
        yield inner[1]
        yield _BRACKETS.sub("", title)


def _is_title(title: str, lang: str, sought: Sequence[SoughtWord]) -> bool:
    """Return whether every word sought is in the title, and every word of the title is sought.

    Of a long title one word may be missing.
    """
    words = list(analyse(title, lang))
    content = [token for token in words if not token.stop] or words
    terms = [frozenset(token.terms) for token in content]
    missing = sum(all(word.stems.isdisjoint(term) for word in sought) for term in terms)
    return missing <= (len(terms) > MIN_SHORTENED_WORDS) and all(
        any(not word.stems.isdisjoint(frozenset(token.terms)) for token in words) for word in sought
    )
