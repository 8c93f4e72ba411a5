"""MLA Handbook, ninth edition (2021); numbers in brackets are its sections.

The template of core elements (5.2): author, title, then the container with its elements separated
by commas.
"""

from biobank.exchange.citing.item import Item
from biobank.exchange.citing.line import Line, joined, link, sentences, text
from biobank.exchange.citing.names import Name
from biobank.exchange.citing.wording import (
    day_first,
    headline,
    is_range,
    mla_range,
    named,
    ordinal,
    quoted,
    title_of,
    trimmed,
)


def write(item: Item) -> Line:
    """Format an entry of the works cited list."""
    alone = not (item.is_periodical or item.is_part or item.is_web)
    title = headline(item, title_of(item))
    return sentences(
        text(_who(item)),
        named(title) if alone else quoted(title),
        *(_alone(item) if alone else (_container(item),)),
        text(_read(item)),
    )


def _who(item: Item) -> str:
    """Format one author, two, or the first with "et al." (5.3).

    Without an author, the title comes first.
    """
    if item.authors or item.is_part:
        return _people(item.authors)
    role = "editors" if len(item.editors) > 1 else "editor"
    return f"{_people(item.editors)}, {role}" if item.editors else ""


def _people(names: tuple[Name, ...]) -> str:
    if len(names) > 2:
        return f"{names[0].inverted}, et al."
    shown = [name.direct if at else name.inverted for at, name in enumerate(names)]
    return ", and ".join(shown)


def _container(item: Item) -> Line:
    """Format `Container, edited by …, vol. 4, no. 2, Publisher, 1996, pp. 14–18` (5.31–5.84)."""
    parts = (
        named(item.container),
        text(_by("edited by", item.editors)),
        text(_by("translated by", item.translators)),
        text(_edition(item)),
        text(f"vol. {item.volume}" if item.volume else ""),
        text(f"no. {item.issue}" if item.issue else ""),
        text(_publisher(item)),
        text(day_first(item.issued) if item.issued else ""),
        text(_pages(item)),
        link(item.link),
    )
    return joined(", ", parts)


def _alone(item: Item) -> tuple[Line, ...]:
    """Format a stand-alone work, and the platform it is read on as a container (5.31)."""
    thesis = item.type == "thesis"
    published = (
        text(_by("translated by", item.translators).capitalize()),
        text(_edition(item)),
        text(f"vol. {item.volume}" if item.volume else ""),
        text("" if thesis else trimmed(item.publisher)),
        text(day_first(item.issued) if item.issued else ""),
    )
    school = joined(", ", (text(item.publisher), text(item.genre))) if thesis else Line()
    place = text(", ".join(part for part in (item.archive, item.shelf) if part))
    holder = joined(", ", (named(item.container), place, text(_pages(item)), link(item.link)))
    if not item.container and not thesis and not place:
        return (joined(", ", (*published, text(_pages(item)), link(item.link))),)
    return joined(", ", published), school, holder


def _edition(item: Item) -> str:
    """Format `2nd ed.` or `revision 3` (5.48)."""
    return f"revision {item.version}" if item.version else ordinal(item.edition)


def _publisher(item: Item) -> str:
    """Return the publisher, except of periodicals and of sites named after it (5.54)."""
    publisher = trimmed(item.publisher)
    known = {trimmed(item.container), *(name.last for name in item.authors)}
    return "" if item.is_periodical or publisher in known else publisher


def _pages(item: Item) -> str:
    sign = "pp." if is_range(item.pages) else "p."
    return f"{sign} {mla_range(item.pages)}" if item.pages else ""


def _by(words: str, names: tuple[Name, ...]) -> str:
    shown = [name.direct for name in names]
    if len(shown) > 2:
        return f"{words} {shown[0]} et al."
    return f"{words} {' and '.join(shown)}" if shown else ""


def _read(item: Item) -> str:
    """Return the date of access of an undated web page (5.111)."""
    wanted = item.issued is None and item.accessed and item.link and not item.doi
    return f"Accessed {day_first(item.accessed)}" if wanted and item.accessed else ""
