"""The citation page: a biography in every style and format, and its sources in one style."""

from collections.abc import Sequence
from dataclasses import dataclass

from biobank.bootstrap import Services
from biobank.editorial.revisions import history
from biobank.errors import BadQuery
from biobank.exchange.formats.citations.biography import CitedBiography, load_biography, load_sources
from biobank.exchange.formats.citations.item import CitationEntry
from biobank.exchange.formats.citations.styles import (
    CITATION_FILE_FORMATS,
    CITATION_FORMATS_BY_EXTENSION,
    CITATION_STYLES,
    CitationFileFormat,
    styles_for_language,
)
from biobank.http.streaming import export_context
from biobank.records.people.mapping import preferred_name
from biobank.web.core.citations import (
    BibliographyEntry,
    CitationFile,
    CitationSection,
    bibliography_entry,
    citation_files,
    make_citation_section,
)
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_day
from biobank.web.core.name_forms import NameForm, find_name_form
from biobank.web.core.urls import Link, cite_url, permanent_revision_url, person_url, revision_url

#: Subjects of a citation file.
FILE_SUBJECTS = ("biography", "sources")


@dataclass(frozen=True)
class FormatPreview:
    """The content of a citation file, to preview and copy."""

    name: str
    title: str
    text: str
    url: str


@dataclass(frozen=True)
class CitePage:
    """Citations of a revision; `current_url` is empty if it is the current revision."""

    name: NameForm
    person_url: str
    number: int
    day: str
    day_on: str
    revision_url: str
    current_url: str
    cite: CitationSection
    formats: tuple[FormatPreview, ...]
    #: Links to the sources in each style.
    styles: tuple[Link, ...]
    style_title: str
    sources: tuple[BibliographyEntry, ...]
    source_files: tuple[CitationFile, ...]


def make_cite_page(services: Services, person_id: str, number: int | None, style: str, lang: str) -> CitePage:
    """Build the page of a published revision of a public person, by default the current one.

    Raises:
        NotFound: if there is no such person or revision.
        BadQuery: if the style is unknown.
    """
    selected_style = CITATION_STYLES.get(style) if style else styles_for_language(lang)[0]
    if selected_style is None:
        raise BadQuery(_("style must be one of: %(names)s.", names=", ".join(CITATION_STYLES)))
    biography, sources, current = _load(services, person_id, number, lang)
    stamp, record = biography.revision, biography.record
    past = stamp.number != current
    pinned_number = stamp.number if past else None
    lines = selected_style.bibliography(entry.item for entry in sources)
    return CitePage(
        name=find_name_form(record["names"], preferred_name(record, lang), lang),
        person_url=person_url(person_id, lang),
        number=stamp.number,
        day=format_day(stamp.published_on, lang),
        day_on=f"{stamp.published_on:%Y-%m-%d}",
        revision_url=revision_url(person_id, stamp.number, lang),
        current_url=cite_url(person_id, lang) if past else "",
        cite=make_citation_section(biography.entry, stamp, lang, past=past),
        formats=tuple(
            _format_preview(file, biography.entry, lang, pinned_number)
            for file in CITATION_FILE_FORMATS.values()
        ),
        styles=tuple(
            Link(
                option.title,
                f"{cite_url(person_id, lang, pinned_number, option.name)}#sources",
                option is selected_style,
            )
            for option in styles_for_language(lang)
        ),
        style_title=selected_style.title,
        sources=tuple(bibliography_entry(item, line) for item, line in lines),
        source_files=citation_files(person_id, lang, pinned_number, "sources") if lines else (),
    )


def make_cite_file(
    services: Services, person_id: str, number: int | None, subject: str, lang: str, extension: str
) -> tuple[str, CitationFileFormat]:
    """Return the text of a citation file of the biography or its sources, and its format.

    Raises:
        NotFound: if there is no such person or revision.
        BadQuery: if `subject` is unknown.
    """
    if subject not in FILE_SUBJECTS:
        raise BadQuery(_("of must be one of: %(names)s.", names=", ".join(FILE_SUBJECTS)))
    file = CITATION_FORMATS_BY_EXTENSION[extension]
    biography, sources, _current = _load(services, person_id, number, lang)
    return file.text(sources if subject == "sources" else [biography.entry]), file


def _load(
    services: Services, person_id: str, number: int | None, lang: str
) -> tuple[CitedBiography, Sequence[CitationEntry], int]:
    edition = export_context(services.catalogue(), lang)
    with services.database.read() as session:
        biography = load_biography(session, edition, person_id, number, permanent_revision_url)
        sources = load_sources(session, biography.record)
        return biography, sources, history.get_current_revision(session, person_id).number


def _format_preview(
    file: CitationFileFormat, entry: CitationEntry, lang: str, number: int | None
) -> FormatPreview:
    url = next(
        cite_file.url for cite_file in citation_files(entry.id, lang, number) if cite_file.name == file.name
    )
    return FormatPreview(file.name, file.title, file.text([entry]).strip(), url)
