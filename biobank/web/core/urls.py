"""URLs of pages, searches and static files, and of the page in other languages."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus, urlencode

from flask import current_app, request, url_for

from biobank.common.i18n import LANGUAGE_NAMES, LANGUAGES
from biobank.http.urls import absolute_url as absolute_url
from biobank.http.urls import permanent_revision_url as permanent_revision_url
from biobank.http.urls import permanent_url as permanent_url
from biobank.search.geo import TIE_KINDS
from biobank.search.query import DEFAULT_PAGE_SIZE, SearchQuery

#: Stands for an id or a value in a URL that is built once and filled in many times.
PLACEHOLDER = "~placeholder~"
#: The argument of each kind of browse page.
BROWSE_ARGUMENTS = {"letter": "letter", "profession": "profession_id", "place": "place_id"}
#: Characters that URLs contain literally, so that they stay readable: in a path as `url_for`
#: has them, and in a query.
PATH_SAFE_CHARS = "!$&'()*+,/:;=@"
QUERY_SAFE_CHARS = ",:.[]~/"


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
    return _fill_path(_cached_path("web.person", lang=lang, person_id=PLACEHOLDER), person_id)


def suggest_url(person_id: str, lang: str) -> str:
    return _fill_path(_cached_path("web.suggest", lang=lang, person_id=PLACEHOLDER), person_id)


def history_url(person_id: str, lang: str) -> str:
    return _fill_path(_cached_path("web.history", lang=lang, person_id=PLACEHOLDER), person_id)


def cite_url(person_id: str, lang: str, number: int | None = None, style: str = "") -> str:
    """Return the URL of the citation page, of the current revision unless `number` is given."""
    path = _fill_path(_cached_path("web.cite", lang=lang, person_id=PLACEHOLDER), person_id)
    parameters = {"revision": str(number or ""), "style": style}
    return with_query(path, ((name, value) for name, value in parameters.items() if value))


def revision_url(person_id: str, number: int, lang: str) -> str:
    return url_for("web.revision", lang=lang, person_id=person_id, number=number)


def changes_url(person_id: str, number: int, lang: str) -> str:
    return url_for("web.changes", lang=lang, person_id=person_id, number=number)


def organisation_url(organisation_id: str, lang: str) -> str:
    path = _cached_path("web.organisation", lang=lang, organisation_id=PLACEHOLDER)
    return _fill_path(path, organisation_id)


def browse_url(kind: str, id_: str, lang: str) -> str:
    """Return the URL of the people with a profession, a place or a letter."""
    arguments = {"lang": lang, BROWSE_ARGUMENTS[kind]: PLACEHOLDER}
    return _fill_path(_cached_path(f"web.browse_{kind}", **arguments), id_)


def search_url(query: SearchQuery) -> str:
    """Return the canonical URL of a search."""
    return with_query(_cached_path("web.search", lang=query.lang), query.url_params())


def filter_url(lang: str, **values: str) -> str:
    """Return the URL of a search with single facet values."""
    return with_query(_cached_path("web.search", lang=lang), values.items())


def medallion_url(person_id: str) -> str:
    return _fill_path(_cached_path("web.medallion_file", person_id=PLACEHOLDER), person_id)


def with_query(path: str, parameters: Iterable[tuple[str, str]]) -> str:
    text = urlencode(list(parameters), safe=QUERY_SAFE_CHARS)
    return f"{path}?{text}" if text else path


def _cached_path(endpoint: str, **values: Any) -> str:
    """Return the path of an endpoint, built once: `url_for` takes 15 µs.

    `values` are languages and placeholders, so there are few paths.
    """
    paths: dict[object, str] = current_app.extensions.setdefault("biobank-paths", {})
    key = (request.root_path, endpoint, *values.values())
    if key not in paths:
        paths[key] = url_for(endpoint, **values)
    return paths[key]


def _fill_path(path: str, id_: str) -> str:
    return path.replace(PLACEHOLDER, quote(id_, safe=PATH_SAFE_CHARS))


class ParameterUrls:
    """URLs of one search that differ only in the values of one parameter."""

    def __init__(self, query: SearchQuery, name: str) -> None:
        """Prepare the URLs of `query`, whose only value of parameter `name` is PLACEHOLDER."""
        before, _, after = search_url(query).partition(f"{name}={PLACEHOLDER}")
        self._before = before
        self._after = after
        self._name = name
        #: The URL without the parameter.
        self.without = f"{before}{after[1:]}" if after else before[:-1]

    def url(self, values: Sequence[str]) -> str:
        """Return the URL with these values of the parameter."""
        if not values:
            return self.without
        parts = [f"{self._name}={quote_plus(value, QUERY_SAFE_CHARS)}" for value in values]
        return f"{self._before}{'&'.join(parts)}{self._after}"


#: Maximum length of a query in the links to the other languages, which a text of 600 characters fits.
MAX_LINKED_QUERY_BYTES = 8192


def language_links(lang: str) -> tuple[LanguageLink, ...]:
    """Return links to the current page in each language, with its query."""
    return tuple(
        LanguageLink(code, LANGUAGE_NAMES[code], _url_in_language(code), code == lang) for code in LANGUAGES
    )


def _url_in_language(lang: str) -> str:
    if request.endpoint is None or "lang" not in (request.view_args or {}):
        return url_for("web.home", lang=lang)
    path = url_for(request.endpoint, **{**(request.view_args or {}), "lang": lang})
    # A page that refuses a long text would otherwise repeat it eight times.
    is_linked = len(request.query_string) <= MAX_LINKED_QUERY_BYTES
    return with_query(path, request.args.items(multi=True)) if is_linked else path


def static_url(name: str) -> str:
    """Return the URL of a static file with a hash of its content, for indefinite caching."""
    file = _static_file(current_app.static_folder or "", name)
    path = _fill_path(_cached_path("static", filename=PLACEHOLDER), name)
    return f"{path}?v={_content_version(file, file.stat().st_mtime_ns)}"


@lru_cache(maxsize=64)
def _static_file(folder: str, name: str) -> Path:
    return Path(folder, name)


@lru_cache(maxsize=64)
def _content_version(file: Path, _mtime_ns: int) -> str:
    return sha256(file.read_bytes()).hexdigest()[:10]


def map_url(query: SearchQuery) -> str:
    """Return the URL of the map of a search, which keeps the selected tie."""
    full_query = replace(query, page=1, size=DEFAULT_PAGE_SIZE)
    parts = full_query.url_params()
    if query.tie != TIE_KINDS[0] and not query.area:
        parts.append(("tie", query.tie))
    return with_query(url_for("web.search_map", lang=query.lang), parts)


def first_page(query: SearchQuery) -> SearchQuery:
    """Return the query without page number and page size."""
    return replace(query, page=1, size=DEFAULT_PAGE_SIZE)


def json_url(person_id: str, number: int | None = None) -> str:
    """Return the API URL of a record, or of one of its revisions."""
    person = f"{url_for('web.front')}api/v1/people/{person_id}"
    return f"{person}/revisions/{number}" if number else person
