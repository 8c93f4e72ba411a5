"""URLs of pages, searches and static files, and of the page in other languages."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from urllib.parse import urlencode

from flask import current_app, request, url_for

from biobank.common.i18n import LANGUAGE_NAMES, LANGUAGES
from biobank.http.urls import absolute_url as absolute_url
from biobank.http.urls import permanent_revision_url as permanent_revision_url
from biobank.http.urls import permanent_url as permanent_url
from biobank.search.query import SearchQuery


@dataclass(frozen=True)
class Link:
    """A label and its URL; `current` if it is the current page."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True)
class LanguageLink:
    """A link to the same page in another language."""

    lang: str
    name: str
    url: str
    current: bool


def person_url(person_id: str, lang: str) -> str:
    return url_for("web.person", lang=lang, person_id=person_id)


def suggest_url(person_id: str, lang: str) -> str:
    return url_for("web.suggest", lang=lang, person_id=person_id)


def history_url(person_id: str, lang: str) -> str:
    return url_for("web.history", lang=lang, person_id=person_id)


def cite_url(person_id: str, lang: str, number: int | None = None, style: str = "") -> str:
    """Return the URL of the citation page, of the current revision unless `number` is given."""
    path = url_for("web.cite", lang=lang, person_id=person_id)
    parameters = {"revision": str(number or ""), "style": style}
    return with_query(path, ((name, value) for name, value in parameters.items() if value))


def revision_url(person_id: str, number: int, lang: str) -> str:
    return url_for("web.revision", lang=lang, person_id=person_id, number=number)


def changes_url(person_id: str, number: int, lang: str) -> str:
    return url_for("web.changes", lang=lang, person_id=person_id, number=number)


def organisation_url(organisation_id: str, lang: str) -> str:
    return url_for("web.organisation", lang=lang, organisation_id=organisation_id)


def search_url(query: SearchQuery) -> str:
    """Return the canonical URL of a search."""
    return with_query(url_for("web.search", lang=query.lang), query.url_params())


def filter_url(lang: str, **values: str) -> str:
    """Return the URL of a search with single facet values."""
    return with_query(url_for("web.search", lang=lang), values.items())


def medallion_url(person_id: str) -> str:
    return url_for("web.medallion_file", person_id=person_id)


def with_query(path: str, parameters: Iterable[tuple[str, str]]) -> str:
    # Keep characters that are allowed in a query, so that URLs stay readable.
    text = urlencode(list(parameters), safe=",:.[]~/")
    return f"{path}?{text}" if text else path


def language_links(lang: str) -> tuple[LanguageLink, ...]:
    """Return links to the current page in each language, with its query."""
    return tuple(
        LanguageLink(code, LANGUAGE_NAMES[code], _url_in_language(code), code == lang)
        for code in LANGUAGES
    )


def _url_in_language(lang: str) -> str:
    if request.endpoint is None or "lang" not in (request.view_args or {}):
        return url_for("web.home", lang=lang)
    path = url_for(request.endpoint, **{**(request.view_args or {}), "lang": lang})
    return with_query(path, request.args.items(multi=True))


def static_url(name: str) -> str:
    """Return the URL of a static file with a hash of its content, for indefinite caching."""
    folder = Path(current_app.static_folder or "")
    mtime_ns = (folder / name).stat().st_mtime_ns
    return url_for("static", filename=name, v=_content_version(folder / name, mtime_ns))


@lru_cache(maxsize=64)
def _content_version(file: Path, _mtime_ns: int) -> str:
    return sha256(file.read_bytes()).hexdigest()[:10]
