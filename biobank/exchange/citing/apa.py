"""APA, seventh edition (2020); numbers in brackets are its sections and examples.

Titles keep the case of the source: sentence case (6.17) keeps the capitals of names, and a program
cannot know which words are names.
"""

from biobank.exchange.citing.item import Day, Item
from biobank.exchange.citing.line import Line, after, italic, joined, link, sentences, text
from biobank.exchange.citing.names import Name
from biobank.exchange.citing.wording import (
    MONTHS,
    full_range,
    is_range,
    named,
    ordinal,
    title_of,
    trimmed,
)

#: Maximum number of authors listed in full (9.8); of more, the first nineteen and the last.
AUTHORS_MOST = 20


def write(item: Item) -> Line:
    """Format an entry of a reference list."""
    who, when = _who(item), text(f"({_when(item)})")
    # Without an author, the title takes its place (9.12).
    head = (who, when, _title(item)) if who else (_title(item), when)
    return after(sentences(*head, *_source(item)), _where(item))


def _who(item: Item) -> Line:
    if item.authors or item.is_part or not item.editors:
        return text(_people(item.authors))
    return text(f"{_people(item.editors)} {_role(item.editors)}")


def _people(names: tuple[Name, ...]) -> str:
    shown = [name.inverted_initials for name in names]
    if len(shown) > AUTHORS_MOST:
        return f"{', '.join(shown[: AUTHORS_MOST - 1])}, . . . {shown[-1]}"
    return f"{', '.join(shown[:-1])}, & {shown[-1]}" if len(shown) > 1 else "".join(shown)


def _role(editors: tuple[Name, ...]) -> str:
    return "(Eds.)" if len(editors) > 1 else "(Ed.)"


def _when(item: Item) -> str:
    """Format the year, and the day for daily publications (9.14)."""
    day = item.issued
    if day is None:
        return "n.d."
    by_year = item.type in ("article-journal", "book", "chapter", "thesis", "report")
    if by_year or not day.month:
        return day.years
    return f"{day.year}, {MONTHS[day.month - 1]} {day.day or ''}".rstrip()


def _title(item: Item) -> Line:
    """Format the title, in italics if the work stands alone (9.19)."""
    title = title_of(item)
    made = text(title) if item.is_periodical or item.is_part else italic(title)
    if not item.is_part:
        made = joined(" ", (made, _in_brackets(_edition(item))))
    form = ", ".join(part for part in (item.genre, _school(item)) if part)
    return joined(" ", (made, text(f"[{form}]" if form else "")))


def _school(item: Item) -> str:
    """Return the university, which is given with the kind of thesis (10.6)."""
    return item.publisher if item.type == "thesis" and item.genre else ""


def _edition(item: Item) -> str:
    """Format `2nd ed., Vol. 6`, the details in parentheses after the title of a book."""
    revision = f"Revision {item.version}" if item.version else ""
    volume = f"Vol. {item.volume}" if item.volume and not item.is_periodical else ""
    return ", ".join(part for part in (ordinal(item.edition), revision, volume) if part)


def _in_brackets(inner: str) -> Line:
    return text(f"({inner})" if inner else "")


def _source(item: Item) -> tuple[Line, ...]:
    if item.is_periodical:
        return (_periodical(item),)
    if item.is_part:
        return _book(item), text(trimmed(item.publisher))
    authors = {name.last for name in item.authors}
    holder = item.container if item.is_web else ""
    holder = holder or item.publisher or item.container or item.archive
    # A site that is its own author is named once (9.24).
    known = holder in authors or (item.type == "thesis" and holder == _school(item))
    return (text("" if known else trimmed(holder)), text(item.shelf))


def _periodical(item: Item) -> Line:
    """Format `Title, 4(2), 14–18`, title and volume in italics (9.25)."""
    issue = text(f"({item.issue})" if item.issue else "")
    number = (italic(item.volume) + issue) if item.volume else issue
    return joined(", ", (named(item.container), number, text(full_range(item.pages))))


def _book(item: Item) -> Line:
    """Format `In E. Editor (Ed.), Book (Vol. 6, pp. 723–724)` (9.28)."""
    by = f"{_spoken(item.editors)} {_role(item.editors)}, " if item.editors else ""
    pages = f"{'pp.' if is_range(item.pages) else 'p.'} {full_range(item.pages)}"
    inner = ", ".join(part for part in (_edition(item), pages if item.pages else "") if part)
    book = joined(" ", (named(item.container), _in_brackets(inner)))
    return text(f"In {by}") + book if item.container else Line()


def _spoken(names: tuple[Name, ...]) -> str:
    """Format `A. One & B. Two` or `A. One, B. Two, & C. Three`."""
    shown = [name.initials_first for name in names]
    if len(shown) < 3:
        return " & ".join(shown)
    return f"{', '.join(shown[:-1])}, & {shown[-1]}"


def _where(item: Item) -> Line:
    """Format the URL, with the date of access for undated content that may change (9.16)."""
    changes = item.issued is None and (item.is_web or item.is_entry) and not item.doi
    if changes and item.accessed and item.link:
        return text(f"Retrieved {_day(item.accessed)}, from ") + link(item.link)
    return link(item.link)


def _day(day: Day) -> str:
    month = f"{MONTHS[day.month - 1]} {day.day or ''}".rstrip() if day.month else ""
    return f"{month}, {day.year}" if month else day.years
