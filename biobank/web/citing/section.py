"""How to cite, on the page of a person: a line in each style, and the files."""

from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from biobank.exchange.citing.biography import Stamp
from biobank.exchange.citing.item import Item
from biobank.exchange.citing.line import Line
from biobank.exchange.citing.styles import FILES, File, styles_for
from biobank.exchange.citing.work import CitedWork
from biobank.web.links import cite_url, with_parameters


@dataclass(frozen=True)
class Styled:
    """One work in one style; the text is English or Russian by the style, whatever the page."""

    name: str
    title: str
    html: Markup
    lang: str


@dataclass(frozen=True)
class Listed:
    """One work of a list; `lang` is that of the work."""

    html: Markup
    lang: str


@dataclass(frozen=True)
class CiteFile:
    """One work, or many, as a file."""

    name: str
    title: str
    media_type: str
    url: str


@dataclass(frozen=True)
class HeadTags:
    """What reference managers read in the head of the page: pairs of a name and its content."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Cite:
    """`url` is the page of all forms; it and the files stay at the revision that they are of."""

    styles: tuple[Styled, ...]
    files: tuple[CiteFile, ...]
    head: HeadTags
    url: str


def make_cite(entry: CitedWork, stamp: Stamp, lang: str, *, past: bool) -> Cite:
    """The section for a biography; links name the revision where it is `past`, not the current."""
    number = stamp.number if past else None
    return Cite(
        styles=styled(entry.item, lang),
        files=cite_files(entry.id, lang, number),
        head=_head(entry.item),
        url=cite_url(entry.id, lang, number),
    )


def styled(item: Item, lang: str) -> tuple[Styled, ...]:
    """A work in every style, best known to readers of `lang` first."""
    return tuple(
        Styled(style.name, style.title, *_shown(item, style.write(item)))
        for style in styles_for(lang)
    )


def listed(item: Item, line: Line) -> Listed:
    return Listed(*_shown(item, line))


def _shown(item: Item, line: Line) -> tuple[Markup, str]:
    """The line as HTML, and its language as a page says it."""
    # Escaped by `Line.html`, which leaves only its own tags.
    return Markup(line.html), item.tongue[:12]  # noqa: S704


def cite_files(
    person_id: str, lang: str, number: int | None = None, of: str = ""
) -> tuple[CiteFile, ...]:
    """The files of a biography, or `of="sources"` of its sources."""
    return tuple(_file(file, person_id, lang, number, of) for file in FILES.values())


def _file(file: File, person_id: str, lang: str, number: int | None, of: str) -> CiteFile:
    path = url_for("web.cite_file", person_id=person_id, ending=file.ending)
    given = {"lang": lang, "revision": str(number or ""), "of": of}
    url = with_parameters(path, ((name, value) for name, value in given.items() if value))
    media_type = file.media_type.partition(";")[0]
    return CiteFile(file.name, file.title, media_type, url)


def _head(item: Item) -> HeadTags:
    """As Zotero reads them: Highwire's tags, with PRISM and its own for the kind of work.

    Source: `Embedded Metadata.js` and `RDF.js` in zotero/translators.
    """
    day = item.issued
    pairs = (
        ("z:itemType", "encyclopediaArticle"),
        ("citation_title", item.title),
        ("prism.publicationName", item.container),
        ("citation_publication_date", f"{day.year}/{day.month:02}/{day.day:02}" if day else ""),
        ("prism.edition", item.version),
        ("citation_public_url", item.url),
        ("citation_language", item.lang),
        ("citation_abstract", item.abstract),
        ("citation_keywords", item.keywords),
    )
    return HeadTags(tuple(pair for pair in pairs if pair[1]))
