"""Meta descriptions of pages, of at most MAX_DESCRIPTION_CHARS characters."""

import re
from collections.abc import Iterable
from itertools import islice
from typing import Final

from biobank.records.people.citations import without_citations
from biobank.web.browse import ListPage
from biobank.web.cards import PersonCard
from biobank.web.text import _, ngettext
from biobank.web.words import number

#: Characters of a description that search engines show.
DESCRIPTION_MOST: Final = 160
ELLIPSIS: Final = "…"
#: Maximum names that a description starts to list.
NAMED_MOST: Final = 8
#: CommonMark syntax to remove; links keep their text.
_LINK: Final = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKS: Final = re.compile(r"(^|\s)(#+|[-*+>]|\d+\.)\s+|[*_`\\]+", re.MULTILINE)


def described(*parts: str) -> str:
    """Join sentences, each with final punctuation, and truncate them between words."""
    sentences = (" ".join(part.split()) for part in parts)
    return shortened(" ".join(_ended(text) for text in sentences if text))


def shortened(text: str, most: int = DESCRIPTION_MOST) -> str:
    """Return `text` if it fits, otherwise as many whole words as fit and an ellipsis."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    words = kept.rpartition(" ")[0] if text[most - 1] != " " else kept
    return (words or kept).rstrip(" ,;:.–-") + ELLIPSIS


def named(people: Iterable[PersonCard]) -> str:
    """Join the names of the first people of a list; the result may be truncated later."""
    return ", ".join(person.name for person in islice(people, NAMED_MOST))


def title_of_list(page: ListPage) -> str:
    """Return the page title of a list of people, with more context than its heading."""
    heading = page.title
    if page.kind == "letter":
        heading = _("Names beginning with %(letter)s", letter=page.title)
    title = ngettext(
        "%(heading)s: %(count)s biography",
        "%(heading)s: %(count)s biographies",
        page.total,
        heading=heading,
        count=number(page.total),
    )
    if page.paging.page == 1:
        return title
    return _("%(title)s, page %(number)s", title=title, number=number(page.paging.page))


def plain(text: str) -> str:
    """Return the first paragraph of a biography without markup and citations."""
    paragraphs = (part for part in re.split(r"\n\s*\n", text.strip()))
    first = next((part for part in paragraphs if not part.startswith("#")), "")
    words = _MARKS.sub(r"\1", _LINK.sub(r"\1", without_citations(first)))
    return re.sub(r"\s+([,.;:!?])", r"\1", " ".join(words.split()))


def _ended(sentence: str) -> str:
    return sentence if sentence[-1] in ".!?…:" else f"{sentence}."
