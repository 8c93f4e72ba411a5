"""The Chicago Manual of Style, seventeenth edition (2017): bibliography entries.

Numbers in brackets are its sections. This is the notes and bibliography system, common among
historians.
"""

from biobank.exchange.citing.item import Item
from biobank.exchange.citing.line import Line, after, joined, link, sentences, text
from biobank.exchange.citing.names import Name
from biobank.exchange.citing.wording import (
    american,
    chicago_range,
    headline,
    named,
    ordinal,
    quoted,
    title_of,
    trimmed,
)

#: Maximum number of authors listed in full (14.76); of more, the first seven are listed.
AUTHORS_MOST = 10
AUTHORS_OF_MORE = 7


def write(item: Item) -> Line:
    """Format the entry: the first name inverted, elements ended by full stops."""
    parts = sentences(text(_who(item)), _title(item), *_source(item), text(_read(item)))
    address = link(item.link)
    return after(parts, address + "." if address else address)


def _who(item: Item) -> str:
    if item.authors:
        return _people(item.authors)
    if item.editors and not item.is_part:
        return f"{_people(item.editors)}, {'eds.' if len(item.editors) > 1 else 'ed.'}"
    # An unsigned page is listed under the owner of the site (14.207).
    return _owner(item) if item.is_web else ""


def _people(names: tuple[Name, ...]) -> str:
    shown = [name.direct if at else name.inverted for at, name in enumerate(names)]
    if len(shown) > AUTHORS_MOST:
        return f"{', '.join(shown[:AUTHORS_OF_MORE])}, et al."
    return f"{', '.join(shown[:-1])}, and {shown[-1]}" if len(shown) > 1 else "".join(shown)


def _owner(item: Item) -> str:
    return trimmed(item.publisher or item.container)


def _title(item: Item) -> Line:
    title = headline(item, title_of(item))
    alone = item.type in ("book", "report", "pamphlet", "manuscript", "map")
    return named(title) if alone else quoted(title)


def _source(item: Item) -> tuple[Line, ...]:
    if item.is_periodical:
        return (_periodical(item),)
    if item.is_part:
        return (_book(item), _revised(item) if item.version else _published(item))
    if item.is_web:
        return _site(item)
    volume = f"Vol. {item.volume}" if item.volume else ""
    edition = ordinal(item.edition)
    return (
        text(edition[:1].upper() + edition[1:]),
        text(volume),
        text(item.genre if item.type != "thesis" else ""),
        text(_by("Translated by", item.translators)),
        _published(item),
        text(trimmed(item.container)),
        text(joined(", ", (text(item.shelf), text(item.archive))).plain),
    )


def _site(item: Item) -> tuple[Line, ...]:
    """Return the site and its owner, each unless already named (14.207)."""
    first = _who(item)
    named_already = {first, *(name.last for name in item.authors)}
    site, owner = trimmed(item.container), trimmed(item.publisher)
    shown = [part for part in dict.fromkeys((site, owner)) if part and part not in named_already]
    return (*map(text, shown), text(american(item.issued) if item.issued else ""))


def _periodical(item: Item) -> Line:
    """Format `Journal 4, no. 2 (1996): 14–18` (14.171); dailies are cited by day (14.188)."""
    name = named(item.container)
    day = item.issued
    by_day = bool(day and day.day) or not (item.volume or item.issue)
    if by_day:
        return joined(", ", (name, text(american(day) if day else "")))
    volume = joined(" ", (name, text(item.volume)))
    made = joined(", ", (volume, text(f"no. {item.issue}" if item.issue else "")))
    made = joined(" ", (made, text(f"({day.years})" if day else "")))
    return made + (f": {chicago_range(item.pages)}" if item.pages else "")


def _book(item: Item) -> Line:
    """Format `In Book, 2nd ed., edited by E. Editor, vol. 6, 723–24` (14.106, 14.233)."""
    parts = (
        named(item.container),
        text(ordinal(item.edition)),
        text(_by("edited by", item.editors)),
        text(f"vol. {item.volume}" if item.volume else ""),
        text(chicago_range(item.pages)),
    )
    return text("In ") + joined(", ", parts) if item.container else Line()


def _by(words: str, names: tuple[Name, ...]) -> str:
    shown = [name.direct for name in names]
    if len(shown) > 2:
        return f"{words} {', '.join(shown[:-1])}, and {shown[-1]}"
    return f"{words} {' and '.join(shown)}" if shown else ""


def _published(item: Item) -> Line:
    """Format `Baku: Elm, 2006` (14.127)."""
    publisher = trimmed(item.publisher)
    house = joined(": ", (text(item.place), text(publisher)))
    if item.type == "thesis":
        # `PhD diss., University of Chicago, 2008` (14.215)
        house = joined(", ", (text(item.genre), text(publisher)))
    # An undated work says so (14.145), unless the date of access is given instead.
    undated = "" if _read(item) or item.is_part else "n.d."
    return joined(", ", (house, text(american(item.issued) if item.issued else undated)))


def _revised(item: Item) -> Line:
    """Format the revision and its date for works that change (14.13, 14.233)."""
    day = f", last modified {american(item.issued)}" if item.issued else ""
    return text(f"Revision {item.version}{day}")


def _read(item: Item) -> str:
    """Return the date of access if nothing else identifies the version that was read (14.12)."""
    wanted = item.issued is None and item.accessed and item.link and not item.doi
    return f"Accessed {american(item.accessed)}" if wanted and item.accessed else ""
