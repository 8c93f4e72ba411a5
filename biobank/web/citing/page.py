"""The citation page: a biography in every style and format, and its sources in one style."""

from collections.abc import Sequence
from dataclasses import dataclass

from biobank.bootstrap import Services
from biobank.downloads import edition_in
from biobank.editorial import history
from biobank.errors import BadQuery
from biobank.exchange.citing.finding import CitedBiography, find_biography, find_sources
from biobank.exchange.citing.styles import BY_ENDING, FILES, STYLES, File, styles_for
from biobank.exchange.citing.work import CitedWork
from biobank.records.people.mapping import preferred_name
from biobank.web.citing.section import Cite, CiteFile, Listed, cite_files, listed, make_cite
from biobank.web.links import Link, cite_url, permanent_revision_url, person_url, revision_url
from biobank.web.names import NameForm, shown_name
from biobank.web.text import _
from biobank.web.words import day_words

#: Subjects of a citation file.
OF = ("biography", "sources")


@dataclass(frozen=True)
class Told:
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
    cite: Cite
    told: tuple[Told, ...]
    #: Links to the sources in each style.
    styles: tuple[Link, ...]
    style_title: str
    sources: tuple[Listed, ...]
    source_files: tuple[CiteFile, ...]


def make_cite_page(
    services: Services, person_id: str, number: int | None, style: str, lang: str
) -> CitePage:
    """Build the page of a published revision of a public person, by default the current one.

    Raises:
        NotFound: if there is no such person or revision.
        BadQuery: if the style is unknown.
    """
    chosen = STYLES.get(style) if style else styles_for(lang)[0]
    if chosen is None:
        raise BadQuery(_("style takes one of %(names)s.", names=", ".join(STYLES)))
    found, sources, current = _found(services, person_id, number, lang)
    stamp, record = found.stamp, found.record
    past = stamp.number != current
    kept = stamp.number if past else None
    lines = chosen.bibliography(entry.item for entry in sources)
    return CitePage(
        name=shown_name(record["names"], preferred_name(record, lang), lang),
        person_url=person_url(person_id, lang),
        number=stamp.number,
        day=day_words(stamp.day, lang),
        day_on=f"{stamp.day:%Y-%m-%d}",
        revision_url=revision_url(person_id, stamp.number, lang),
        current_url=cite_url(person_id, lang) if past else "",
        cite=make_cite(found.entry, stamp, lang, past=past),
        told=tuple(_told(file, found.entry, lang, kept) for file in FILES.values()),
        styles=tuple(
            Link(one.title, f"{cite_url(person_id, lang, kept, one.name)}#sources", one is chosen)
            for one in styles_for(lang)
        ),
        style_title=chosen.title,
        sources=tuple(listed(item, line) for item, line in lines),
        source_files=cite_files(person_id, lang, kept, "sources") if lines else (),
    )


def make_cite_file(
    services: Services, person_id: str, number: int | None, of: str, lang: str, ending: str
) -> tuple[str, File]:
    """Return the text of a citation file of the biography or its sources, and its format.

    Raises:
        NotFound: if there is no such person or revision.
        BadQuery: if `subject` is unknown.
    """
    if of not in OF:
        raise BadQuery(_("of takes one of %(names)s.", names=", ".join(OF)))
    file = BY_ENDING[ending]
    found, sources, _current = _found(services, person_id, number, lang)
    return file.text(sources if of == "sources" else [found.entry]), file


def _found(
    services: Services, person_id: str, number: int | None, lang: str
) -> tuple[CitedBiography, Sequence[CitedWork], int]:
    edition = edition_in(services.catalogue(), lang)
    with services.database.read() as session:
        found = find_biography(session, edition, person_id, number, permanent_revision_url)
        sources = find_sources(session, found.record)
        return found, sources, history.current(session, person_id).number


def _told(file: File, entry: CitedWork, lang: str, number: int | None) -> Told:
    url = next(it.url for it in cite_files(entry.id, lang, number) if it.name == file.name)
    return Told(file.name, file.title, file.text([entry]).strip(), url)
