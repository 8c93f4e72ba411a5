"""APA, seventh edition (2020); numbers in brackets are its sections and examples.

Titles keep the case of the source: sentence case (6.17) keeps the capitals of names, and a program
cannot know which words are names.
"""

from biobank.exchange.formats.citations.item import CitedItem, CreatorName, PartialDate
from biobank.exchange.formats.citations.typography import (
    ENGLISH_MONTHS,
    RichText,
    container_title,
    full_page_range,
    is_range,
    italic,
    join,
    join_sentences,
    join_spaced,
    link,
    ordinal_edition,
    strip_trailing_punctuation,
    text,
    title_of,
)

#: Maximum number of authors listed in full (9.8); of more, the first nineteen and the last.
MAX_APA_AUTHORS = 20


def format_entry(item: CitedItem) -> RichText:
    contributors, date = _contributors(item), text(f"({_date(item)})")
    # Without an author, the title takes its place (9.12).
    leading = (contributors, date, _title(item)) if contributors else (_title(item), date)
    return join_spaced(join_sentences(*leading, *_source(item)), _location(item))


def _contributors(item: CitedItem) -> RichText:
    if item.authors or item.is_part or not item.editors:
        return text(_people(item.authors))
    return text(f"{_people(item.editors)} {_role(item.editors)}")


def _people(names: tuple[CreatorName, ...]) -> str:
    shown = [name.inverted_initials for name in names]
    if len(shown) > MAX_APA_AUTHORS:
        return f"{', '.join(shown[: MAX_APA_AUTHORS - 1])}, . . . {shown[-1]}"
    return f"{', '.join(shown[:-1])}, & {shown[-1]}" if len(shown) > 1 else "".join(shown)


def _role(editors: tuple[CreatorName, ...]) -> str:
    return "(Eds.)" if len(editors) > 1 else "(Ed.)"


def _date(item: CitedItem) -> str:
    """Format the year, and the day for daily publications (9.14)."""
    day = item.issued
    if day is None:
        return "n.d."
    by_year = item.type in ("article-journal", "book", "chapter", "thesis", "report")
    if by_year or not day.month:
        return day.years
    return f"{day.year}, {ENGLISH_MONTHS[day.month - 1]} {day.day or ''}".rstrip()


def _title(item: CitedItem) -> RichText:
    """Format the title, in italics if the work stands alone (9.19)."""
    title = title_of(item)
    title_text = text(title) if item.is_periodical or item.is_part else italic(title)
    if not item.is_part:
        title_text = join(" ", (title_text, _parenthesized(_edition(item))))
    description = ", ".join(part for part in (item.genre, _school(item)) if part)
    return join(" ", (title_text, text(f"[{description}]" if description else "")))


def _school(item: CitedItem) -> str:
    """Return the university, which is given with the kind of thesis (10.6)."""
    return item.publisher if item.type == "thesis" and item.genre else ""


def _edition(item: CitedItem) -> str:
    """Format `2nd ed., Vol. 6`, the details in parentheses after the title of a book."""
    revision = f"Revision {item.version}" if item.version else ""
    volume = f"Vol. {item.volume}" if item.volume and not item.is_periodical else ""
    return ", ".join(part for part in (ordinal_edition(item.edition), revision, volume) if part)


def _parenthesized(details: str) -> RichText:
    return text(f"({details})" if details else "")


def _source(item: CitedItem) -> tuple[RichText, ...]:
    if item.is_periodical:
        return (_periodical(item),)
    if item.is_part:
        return _book(item), text(strip_trailing_punctuation(item.publisher))
    authors = {name.sort_name for name in item.authors}
    publisher = item.container if item.is_web else ""
    publisher = publisher or item.publisher or item.container or item.archive
    # A site that is its own author is named once (9.24).
    is_redundant = publisher in authors or (item.type == "thesis" and publisher == _school(item))
    return (text("" if is_redundant else strip_trailing_punctuation(publisher)), text(item.shelf))


def _periodical(item: CitedItem) -> RichText:
    """Format `Title, 4(2), 14–18`, title and volume in italics (9.25)."""
    issue = text(f"({item.issue})" if item.issue else "")
    number = (italic(item.volume) + issue) if item.volume else issue
    return join(", ", (container_title(item.container), number, text(full_page_range(item.pages))))


def _book(item: CitedItem) -> RichText:
    """Format `In E. Editor (Ed.), Book (Vol. 6, pp. 723–724)` (9.28)."""
    editors = f"{_direct_names(item.editors)} {_role(item.editors)}, " if item.editors else ""
    pages = f"{'pp.' if is_range(item.pages) else 'p.'} {full_page_range(item.pages)}"
    details = ", ".join(part for part in (_edition(item), pages if item.pages else "") if part)
    book = join(" ", (container_title(item.container), _parenthesized(details)))
    return text(f"In {editors}") + book if item.container else RichText()


def _direct_names(names: tuple[CreatorName, ...]) -> str:
    """Format `A. One & B. Two` or `A. One, B. Two, & C. Three`."""
    shown = [name.initials_first for name in names]
    if len(shown) < 3:
        return " & ".join(shown)
    return f"{', '.join(shown[:-1])}, & {shown[-1]}"


def _location(item: CitedItem) -> RichText:
    """Format the URL, with the date of access for undated content that may change (9.16)."""
    may_change = item.issued is None and (item.is_web or item.is_entry) and not item.doi
    if may_change and item.accessed and item.link:
        return text(f"Retrieved {_american_date(item.accessed)}, from ") + link(item.link)
    return link(item.link)


def _american_date(day: PartialDate) -> str:
    month = f"{ENGLISH_MONTHS[day.month - 1]} {day.day or ''}".rstrip() if day.month else ""
    return f"{month}, {day.year}" if month else day.years
