"""What a search engine is told of a page in one line of at most DESCRIPTION_MOST characters."""

import re
from collections.abc import Iterable
from itertools import islice
from typing import Final

from biobank.records.people.citations import without_citations
from biobank.web.browse import ListPage
from biobank.web.cards import PersonCard
from biobank.web.text import _, ngettext
from biobank.web.words import number

#: What search engines show of a description; they cut off what is longer.
DESCRIPTION_MOST: Final = 160
ELLIPSIS: Final = "…"
#: Names that a description may begin to tell.
NAMED_MOST: Final = 8
#: Marks of CommonMark; links leave their words.
_LINK: Final = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_MARKS: Final = re.compile(r"(^|\s)(#+|[-*+>]|\d+\.)\s+|[*_`\\]+", re.MULTILINE)


def described(*parts: str) -> str:
    """Sentences put together, each ended; cut between words where they are too long."""
    sentences = (" ".join(part.split()) for part in parts)
    return shortened(" ".join(_ended(text) for text in sentences if text))


def shortened(text: str, most: int = DESCRIPTION_MOST) -> str:
    """`text` where it is short enough, else as many whole words as fit, and an ellipsis."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    words = kept.rpartition(" ")[0] if text[most - 1] != " " else kept
    return (words or kept).rstrip(" ,;:.–-") + ELLIPSIS


def named(people: Iterable[PersonCard]) -> str:
    """The first names of a list, to be cut where there is no more room."""
    return ", ".join(person.name for person in islice(people, NAMED_MOST))


def title_of_list(page: ListPage) -> str:
    """What a list of people is called where its heading alone would say too little: M, Bakı."""
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
    """The words of a biography's first paragraph, without marks and citations."""
    paragraphs = (part for part in re.split(r"\n\s*\n", text.strip()))
    first = next((part for part in paragraphs if not part.startswith("#")), "")
    words = _MARKS.sub(r"\1", _LINK.sub(r"\1", without_citations(first)))
    return re.sub(r"\s+([,.;:!?])", r"\1", " ".join(words.split()))


def _ended(sentence: str) -> str:
    return sentence if sentence[-1] in ".!?…:" else f"{sentence}."
