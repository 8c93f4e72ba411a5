"""The citation section of a person page: a citation in each style, and files."""

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
    """A work in one style; the style decides whether the text is English or Russian."""

    name: str
    title: str
    html: Markup
    lang: str


@dataclass(frozen=True)
class Listed:
    """A work in a bibliography; `lang` is the language of the work."""

    html: Markup
    lang: str


@dataclass(frozen=True)
class CiteFile:
    """A downloadable file of citations."""

    name: str
    title: str
    media_type: str
    url: str


@dataclass(frozen=True)
class HeadTags:
    """Meta tags for reference managers: pairs of name and content."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Cite:
    """The section; `url` is the citation page. It and the files are pinned to past revisions."""

    styles: tuple[Styled, ...]
    files: tuple[CiteFile, ...]
    head: HeadTags
    url: str


def make_cite(entry: CitedWork, stamp: Stamp, lang: str, *, past: bool) -> Cite:
    """Build the section of a biography; links name the revision if it is a `past` one."""
    number = stamp.number if past else None
    return Cite(
        styles=styled(entry.item, lang),
        files=cite_files(entry.id, lang, number),
        head=_head(entry.item),
        url=cite_url(entry.id, lang, number),
    )


def styled(item: Item, lang: str) -> tuple[Styled, ...]:
    """Return a work in every style, ordered by their use in `lang`."""
    return tuple(
        Styled(style.name, style.title, *_shown(item, style.write(item)))
        for style in styles_for(lang)
    )


def listed(item: Item, line: Line) -> Listed:
    return Listed(*_shown(item, line))


def _shown(item: Item, line: Line) -> tuple[Markup, str]:
    """Return the line as HTML and its language tag, of at most 12 characters."""
    # Safe: `Line.html` escapes the text and adds only its own tags.
    return Markup(line.html), item.tongue[:12]  # noqa: S704


def cite_files(
    person_id: str, lang: str, number: int | None = None, of: str = ""
) -> tuple[CiteFile, ...]:
    """Return links to the files of a biography, or of its sources (`subject="sources"`)."""
    return tuple(_file(file, person_id, lang, number, of) for file in FILES.values())


def _file(file: File, person_id: str, lang: str, number: int | None, of: str) -> CiteFile:
    path = url_for("web.cite_file", person_id=person_id, ending=file.ending)
    given = {"lang": lang, "revision": str(number or ""), "of": of}
    url = with_parameters(path, ((name, value) for name, value in given.items() if value))
    media_type = file.media_type.partition(";")[0]
    return CiteFile(file.name, file.title, media_type, url)


def _head(item: Item) -> HeadTags:
    """Return the tags that Zotero reads: Highwire, PRISM, and its own for the item type.

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
