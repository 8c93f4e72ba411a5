"""Meta descriptions of pages, of at most MAX_DESCRIPTION_CHARS characters."""

import re
from collections.abc import Iterable
from itertools import islice
from typing import Final

from biobank.records.people.citations import strip_citations
from biobank.web.core.person_cards import PersonCard

#: Characters of a description that search engines show.
MAX_DESCRIPTION_CHARS: Final = 160
_ELLIPSIS: Final = "…"
#: Maximum names that a description starts to list.
MAX_LISTED_NAMES: Final = 8
#: Characters of a biography that are read; markup may be long, as the addresses of links are.
MAX_READ_CHARS: Final = 20 * MAX_DESCRIPTION_CHARS
_PARAGRAPH_BREAK: Final = re.compile(r"\n(?:[^\S\n]*+\n)++\s*+")
#: CommonMark syntax to remove; links keep their text. A link holds no bracket of another.
_MARKDOWN_LINK: Final = re.compile(r"\[([^\[\]]*+)\]\([^()]*+\)")
_MARKDOWN_MARKS: Final = re.compile(r"(^|\s)(#++|[-*+>]|\d++\.)\s++|[*_`\\]++", re.MULTILINE)
_SPACED_PUNCTUATION: Final = re.compile(r" ([,.;:!?])")


def build_description(*parts: str) -> str:
    """Join sentences, each with final punctuation, and truncate them between words."""
    sentences = (" ".join(part.split()) for part in parts)
    return truncate_words(" ".join(_end_sentence(text) for text in sentences if text))


def truncate_words(text: str, max_chars: int = MAX_DESCRIPTION_CHARS) -> str:
    """Return `text` if it fits, otherwise as many whole words as fit and an ellipsis."""
    if len(text) <= max_chars:
        return text
    prefix = text[: max_chars - 1]
    whole_words = prefix.rpartition(" ")[0] if text[max_chars - 1] != " " else prefix
    return (whole_words or prefix).rstrip(" ,;:.–-") + _ELLIPSIS


def join_names(people: Iterable[PersonCard]) -> str:
    """Join the names of the first people of a list; the result may be truncated later."""
    return ", ".join(person.name for person in islice(people, MAX_LISTED_NAMES))


def first_paragraph_text(text: str) -> str:
    """Return the first paragraph of a biography without markup and citations."""
    paragraphs = _PARAGRAPH_BREAK.split(text[:MAX_READ_CHARS].strip())
    first = next((part for part in paragraphs if not part.startswith("#")), "")
    words = _MARKDOWN_MARKS.sub(r"\1", _MARKDOWN_LINK.sub(r"\1", strip_citations(first)))
    return _SPACED_PUNCTUATION.sub(r"\1", " ".join(words.split()))


def _end_sentence(sentence: str) -> str:
    return sentence if sentence[-1] in ".!?…:" else f"{sentence}."
