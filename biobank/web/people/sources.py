"""Cited works from CSL-JSON as view models, and links to other catalogues."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from biobank.records.identifiers import EXTERNAL_CATALOGUES
from biobank.web.core.footnotes import FootnoteMark, Footnotes
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_edtf_date
from biobank.web.core.urls import Link

#: Maximum number of authors before "and others".
MAX_SOURCE_AUTHORS = 3


@dataclass(frozen=True)
class SourceView:
    """An entry of the list of sources; `marks` link back to the citations."""

    number: int
    authors: str
    title: str
    lang: str
    container: str
    details: str
    url: str
    host: str
    accessed: str
    marks: tuple[FootnoteMark, ...]


def source_views(
    footnotes: Footnotes, items: Mapping[str, Mapping[str, Any]], lang: str
) -> tuple[SourceView, ...]:
    """Return the numbered sources of a page, in the order of their numbers."""
    return tuple(
        _source_view(number, items[source], tuple(marks), lang)
        for number, (source, marks) in enumerate(footnotes.marks_by_source.items(), start=1)
    )


def _source_view(
    number: int, csl: Mapping[str, Any], marks: tuple[FootnoteMark, ...], lang: str
) -> SourceView:
    url = _text(csl.get("URL"))
    doi = _text(csl.get("DOI"))
    url = url or (f"https://doi.org/{doi}" if doi else "")
    container = _text(csl.get("container-title"))
    host = _host(url)
    return SourceView(
        number=number,
        authors=_format_people(csl.get("author")),
        title=_text(csl.get("title")),
        lang=_text(csl.get("language"))[:12],
        container=container,
        details=", ".join(_details(csl, lang)),
        url=url if url.startswith(("http://", "https://")) else "",
        # Omit the host where the container has the same name.
        host="" if host.casefold() == container.casefold() else host,
        accessed=format_edtf_date(_edtf_date(csl.get("accessed")), lang) if url else "",
        marks=marks,
    )


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _details(csl: Mapping[str, Any], lang: str) -> list[str]:
    volume, issue = _text(csl.get("volume")), _text(csl.get("issue"))
    page, editors = _text(csl.get("page")), _format_people(csl.get("editor"))
    parts = [
        _("ed. %(names)s", names=editors) if editors else "",
        f"{volume} ({issue})" if volume and issue else volume,
        _("no. %(number)s", number=issue) if issue and not volume else "",
        _text(csl.get("publisher-place")),
        _text(csl.get("publisher")),
        format_edtf_date(_edtf_date(csl.get("issued")), lang),
        _("p. %(pages)s", pages=page.replace("-", "–")) if page else "",
    ]
    return [part for part in parts if part]


def _format_people(people: Any) -> str:
    if not isinstance(people, list):
        return ""
    names = [name for person in people if isinstance(person, Mapping) and (name := _format_name(person))]
    listed = ", ".join(names[:MAX_SOURCE_AUTHORS])
    return _("%(names)s and others", names=listed) if len(names) > MAX_SOURCE_AUTHORS else listed


def _format_name(person: Mapping[str, Any]) -> str:
    parts = (person.get("given"), person.get("non-dropping-particle"), person.get("family"))
    return _text(person.get("literal")) or " ".join(_text(part) for part in parts if part)


def _edtf_date(value: Any) -> str:
    """Return a CSL date as EDTF; empty without date parts."""
    parts = value.get("date-parts") if isinstance(value, Mapping) else None
    if not (isinstance(parts, Sequence) and parts and isinstance(parts[0], Sequence) and parts[0]):
        return _text(value.get("literal")) if isinstance(value, Mapping) else ""
    numbers = [_text(part) for part in parts[0][:3]]
    if not all(number.isdecimal() for number in numbers):
        return " ".join(numbers)
    return "-".join(f"{int(number):0{4 if at == 0 else 2}}" for at, number in enumerate(numbers))


def _text(value: Any) -> str:
    return str(value).strip() if isinstance(value, str | int) else ""


def identifier_links(identifiers: Mapping[str, str]) -> tuple[Link, ...]:
    return tuple(
        Link(f"{EXTERNAL_CATALOGUES[scheme].name} {value}", EXTERNAL_CATALOGUES[scheme].page_url(value))
        for scheme, value in identifiers.items()
        if scheme in EXTERNAL_CATALOGUES
    )
