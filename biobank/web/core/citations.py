"""The citation section of a person page: a citation in each style, and files."""

from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from biobank.exchange.formats.citations.biography import CitedRevision
from biobank.exchange.formats.citations.item import CitationEntry, CitedItem
from biobank.exchange.formats.citations.styles import (
    CITATION_FILE_FORMATS,
    CitationFileFormat,
    styles_for_language,
)
from biobank.exchange.formats.citations.typography import RichText
from biobank.web.core.urls import cite_url, with_query


@dataclass(frozen=True)
class StyledCitation:
    """A work in one style; the style decides whether the text is English or Russian."""

    name: str
    title: str
    html: Markup
    lang: str


@dataclass(frozen=True)
class BibliographyEntry:
    """A work in a bibliography; `lang` is the language of the work."""

    html: Markup
    lang: str


@dataclass(frozen=True)
class CitationFile:
    """A downloadable file of citations."""

    name: str
    title: str
    media_type: str
    url: str


@dataclass(frozen=True)
class MetaTags:
    """Meta tags for reference managers: pairs of name and content."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class CitationSection:
    """The section; `url` is the citation page. It and the files are pinned to past revisions."""

    styles: tuple[StyledCitation, ...]
    files: tuple[CitationFile, ...]
    meta_tags: MetaTags
    url: str


def make_citation_section(
    entry: CitationEntry, stamp: CitedRevision, lang: str, *, past: bool
) -> CitationSection:
    """Build the section of a biography; links name the revision if it is a `past` one."""
    number = stamp.number if past else None
    return CitationSection(
        styles=styled_citations(entry.item, lang),
        files=citation_files(entry.id, lang, number),
        meta_tags=_meta_tags(entry.item),
        url=cite_url(entry.id, lang, number),
    )


def styled_citations(item: CitedItem, lang: str) -> tuple[StyledCitation, ...]:
    """Return a work in every style, ordered by their use in `lang`."""
    return tuple(
        StyledCitation(style.name, style.title, *_render_line(style.described_item(item), style.write(item)))
        for style in styles_for_language(lang)
    )


def bibliography_entry(item: CitedItem, line: RichText) -> BibliographyEntry:
    return BibliographyEntry(*_render_line(item, line))


def _render_line(item: CitedItem, line: RichText) -> tuple[Markup, str]:
    """Return the line as HTML and its language tag, of at most 12 characters."""
    # Safe: `Line.html` escapes the text and adds only its own tags.
    return Markup(line.html), item.primary_language[:12]  # noqa: S704


def citation_files(
    person_id: str, lang: str, number: int | None = None, subject: str = ""
) -> tuple[CitationFile, ...]:
    """Return links to the files of a biography, or of its sources (`subject="sources"`)."""
    return tuple(
        _citation_file(file, person_id, lang, number, subject) for file in CITATION_FILE_FORMATS.values()
    )


def _citation_file(
    file: CitationFileFormat, person_id: str, lang: str, number: int | None, subject: str
) -> CitationFile:
    path = url_for("web.cite_file", person_id=person_id, ending=file.extension)
    params = {"lang": lang, "revision": str(number or ""), "of": subject}
    url = with_query(path, ((name, value) for name, value in params.items() if value))
    media_type = file.media_type.partition(";")[0]
    return CitationFile(file.name, file.title, media_type, url)


def _meta_tags(item: CitedItem) -> MetaTags:
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
    return MetaTags(tuple(pair for pair in pairs if pair[1]))
