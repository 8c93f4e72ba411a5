"""MLA Handbook, ninth edition (2021); numbers in brackets are its sections.

The template of core elements (5.2): author, title, then the container with its elements separated
by commas.
"""

from biobank.exchange.formats.citations.item import CitedItem, CreatorName
from biobank.exchange.formats.citations.typography import (
    RichText,
    capitalize_headline,
    container_title,
    day_first_date,
    is_range,
    join,
    join_sentences,
    link,
    mla_page_range,
    ordinal_edition,
    quote_title,
    strip_trailing_punctuation,
    text,
    title_of,
)


def format_entry(item: CitedItem) -> RichText:
    """Format an entry of the works cited list."""
    is_independent = not (item.is_periodical or item.is_part or item.is_web)
    title = capitalize_headline(item, title_of(item))
    return join_sentences(
        text(_contributors(item)),
        container_title(title) if is_independent else quote_title(title),
        *(_stand_alone_work(item) if is_independent else (_container(item),)),
        text(_accessed(item)),
    )


def _contributors(item: CitedItem) -> str:
    """Format one author, two, or the first with "et al." (5.3).

    Without an author, the title comes first.
    """
    if item.authors or item.is_part:
        return _people(item.authors)
    role = "editors" if len(item.editors) > 1 else "editor"
    return f"{_people(item.editors)}, {role}" if item.editors else ""


def _people(names: tuple[CreatorName, ...]) -> str:
    if len(names) > 2:
        return f"{names[0].inverted}, et al."
    shown = [name.direct if position else name.inverted for position, name in enumerate(names)]
    return ", and ".join(shown)


def _container(item: CitedItem) -> RichText:
    """Format `Container, edited by …, vol. 4, no. 2, Publisher, 1996, pp. 14–18` (5.31–5.84)."""
    parts = (
        container_title(item.container),
        text(_by("edited by", item.editors)),
        text(_by("translated by", item.translators)),
        text(_edition(item)),
        text(f"vol. {item.volume}" if item.volume else ""),
        text(f"no. {item.issue}" if item.issue else ""),
        text(_publisher(item)),
        text(day_first_date(item.issued) if item.issued else ""),
        text(_pages(item)),
        link(item.link),
    )
    return join(", ", parts)


def _stand_alone_work(item: CitedItem) -> tuple[RichText, ...]:
    """Format a stand-alone work, and the platform it is read on as a container (5.31)."""
    thesis = item.type == "thesis"
    published = (
        text(_by("translated by", item.translators).capitalize()),
        text(_edition(item)),
        text(f"vol. {item.volume}" if item.volume else ""),
        text("" if thesis else strip_trailing_punctuation(item.publisher)),
        text(day_first_date(item.issued) if item.issued else ""),
    )
    school = join(", ", (text(item.publisher), text(item.genre))) if thesis else RichText()
    archive = text(", ".join(part for part in (item.archive, item.shelf) if part))
    container = join(", ", (container_title(item.container), archive, text(_pages(item)), link(item.link)))
    if not item.container and not thesis and not archive:
        return (join(", ", (*published, text(_pages(item)), link(item.link))),)
    return join(", ", published), school, container


def _edition(item: CitedItem) -> str:
    """Format `2nd ed.` or `revision 3` (5.48)."""
    return f"revision {item.version}" if item.version else ordinal_edition(item.edition)


def _publisher(item: CitedItem) -> str:
    """Return the publisher, except of periodicals and of sites named after it (5.54)."""
    publisher = strip_trailing_punctuation(item.publisher)
    already_named = {strip_trailing_punctuation(item.container), *(name.sort_name for name in item.authors)}
    return "" if item.is_periodical or publisher in already_named else publisher


def _pages(item: CitedItem) -> str:
    prefix = "pp." if is_range(item.pages) else "p."
    return f"{prefix} {mla_page_range(item.pages)}" if item.pages else ""


def _by(label: str, names: tuple[CreatorName, ...]) -> str:
    shown = [name.direct for name in names]
    if len(shown) > 2:
        return f"{label} {shown[0]} et al."
    return f"{label} {' and '.join(shown)}" if shown else ""


def _accessed(item: CitedItem) -> str:
    """Return the date of access of an undated web page (5.111)."""
    is_needed = item.issued is None and item.accessed and item.link and not item.doi
    return f"Accessed {day_first_date(item.accessed)}" if is_needed and item.accessed else ""
