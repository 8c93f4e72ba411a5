"""The Chicago Manual of Style, seventeenth edition (2017): bibliography entries.

Numbers in brackets are its sections. This is the notes and bibliography system, common among
historians.
"""

from biobank.exchange.formats.citations.item import CitedItem, CreatorName
from biobank.exchange.formats.citations.typography import (
    RichText,
    american_date,
    capitalize_headline,
    chicago_page_range,
    container_title,
    join,
    join_sentences,
    join_spaced,
    link,
    ordinal_edition,
    quote_title,
    strip_trailing_punctuation,
    text,
    title_of,
)

#: Maximum number of authors listed in full (14.76); of more, the first seven are listed.
MAX_CHICAGO_AUTHORS = 10
AUTHORS_BEFORE_ET_AL = 7


def format_entry(item: CitedItem) -> RichText:
    """Format the entry: the first name inverted, elements ended by full stops."""
    parts = join_sentences(text(_contributors(item)), _title(item), *_source(item), text(_accessed(item)))
    address = link(item.link)
    return join_spaced(parts, address + "." if address else address)


def _contributors(item: CitedItem) -> str:
    if item.authors:
        return _people(item.authors)
    if item.editors and not item.is_part:
        return f"{_people(item.editors)}, {'eds.' if len(item.editors) > 1 else 'ed.'}"
    # An unsigned page is listed under the owner of the site (14.207).
    return _owner(item) if item.is_web else ""


def _people(names: tuple[CreatorName, ...]) -> str:
    shown = [name.direct if position else name.inverted for position, name in enumerate(names)]
    if len(shown) > MAX_CHICAGO_AUTHORS:
        return f"{', '.join(shown[:AUTHORS_BEFORE_ET_AL])}, et al."
    return f"{', '.join(shown[:-1])}, and {shown[-1]}" if len(shown) > 1 else "".join(shown)


def _owner(item: CitedItem) -> str:
    return strip_trailing_punctuation(item.publisher or item.container)


def _title(item: CitedItem) -> RichText:
    title = capitalize_headline(item, title_of(item))
    is_independent = item.type in ("book", "report", "pamphlet", "manuscript", "map")
    return container_title(title) if is_independent else quote_title(title)


def _source(item: CitedItem) -> tuple[RichText, ...]:
    if item.is_periodical:
        return (_periodical(item),)
    if item.is_part:
        return (_book(item), _revised(item) if item.version else _published(item))
    if item.is_web:
        return _site(item)
    volume = f"Vol. {item.volume}" if item.volume else ""
    edition = ordinal_edition(item.edition)
    return (
        text(edition[:1].upper() + edition[1:]),
        text(volume),
        text(item.genre if item.type != "thesis" else ""),
        text(_by("Translated by", item.translators)),
        _published(item),
        text(strip_trailing_punctuation(item.container)),
        text(join(", ", (text(item.shelf), text(item.archive))).plain),
    )


def _site(item: CitedItem) -> tuple[RichText, ...]:
    """Return the site and its owner, each unless already named (14.207)."""
    contributors = _contributors(item)
    named_already = {contributors, *(name.sort_name for name in item.authors)}
    site, owner = (strip_trailing_punctuation(item.container), strip_trailing_punctuation(item.publisher))
    shown = [part for part in dict.fromkeys((site, owner)) if part and part not in named_already]
    return (*map(text, shown), text(american_date(item.issued) if item.issued else ""))


def _periodical(item: CitedItem) -> RichText:
    """Format `Journal 4, no. 2 (1996): 14–18` (14.171); dailies are cited by day (14.188)."""
    name = container_title(item.container)
    day = item.issued
    by_day = bool(day and day.day) or not (item.volume or item.issue)
    if by_day:
        return join(", ", (name, text(american_date(day) if day else "")))
    volume = join(" ", (name, text(item.volume)))
    result = join(", ", (volume, text(f"no. {item.issue}" if item.issue else "")))
    result = join(" ", (result, text(f"({day.years})" if day else "")))
    return result + (f": {chicago_page_range(item.pages)}" if item.pages else "")


def _book(item: CitedItem) -> RichText:
    """Format `In Book, 2nd ed., edited by E. Editor, vol. 6, 723–24` (14.106, 14.233)."""
    parts = (
        container_title(item.container),
        text(ordinal_edition(item.edition)),
        text(_by("edited by", item.editors)),
        text(f"vol. {item.volume}" if item.volume else ""),
        text(chicago_page_range(item.pages)),
    )
    return text("In ") + join(", ", parts) if item.container else RichText()


def _by(label: str, names: tuple[CreatorName, ...]) -> str:
    shown = [name.direct for name in names]
    if len(shown) > 2:
        return f"{label} {', '.join(shown[:-1])}, and {shown[-1]}"
    return f"{label} {' and '.join(shown)}" if shown else ""


def _published(item: CitedItem) -> RichText:
    """Format `Baku: Elm, 2006` (14.127)."""
    publisher = strip_trailing_punctuation(item.publisher)
    imprint = join(": ", (text(item.place), text(publisher)))
    if item.type == "thesis":
        # `PhD diss., University of Chicago, 2008` (14.215)
        imprint = join(", ", (text(item.genre), text(publisher)))
    # An undated work says so (14.145), unless the date of access is given instead.
    undated = "" if _accessed(item) or item.is_part else "n.d."
    return join(", ", (imprint, text(american_date(item.issued) if item.issued else undated)))


def _revised(item: CitedItem) -> RichText:
    """Format the revision and its date for works that change (14.13, 14.233)."""
    day = f", last modified {american_date(item.issued)}" if item.issued else ""
    return text(f"Revision {item.version}{day}")


def _accessed(item: CitedItem) -> str:
    """Return the date of access if nothing else identifies the version that was read (14.12)."""
    is_needed = item.issued is None and item.accessed and item.link and not item.doi
    return f"Accessed {american_date(item.accessed)}" if is_needed and item.accessed else ""
