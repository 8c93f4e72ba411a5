"""Sitemaps (sitemaps.org, 0.9) of all pages that search engines may list, in all languages.

A file may hold 50,000 URLs and 50 MB. A person has three, each with its alternates:
5,000 people are 15,000 URLs and, with the longest possible ids, some 20 MB.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from xml.sax.saxutils import escape

from flask import url_for

from biobank.bootstrap import Services
from biobank.common.i18n import LANGUAGES, Lang
from biobank.errors import NotFound
from biobank.records.media.licences import find_licence
from biobank.records.media.urls import picture_path
from biobank.records.people.sitemap_queries import SitemapEntry, SitemapPicture, entries_from, first_id_at
from biobank.web.browse.entries import (
    century_entries,
    entries_by_url,
    letter_entries,
    place_entries,
    profession_entries,
)
from biobank.web.core.gettext import _
from biobank.web.core.urls import absolute_url, organisation_url, person_url

#: Maximum people per sitemap, and people per database read while it is generated.
MAX_PEOPLE_PER_SITEMAP: Final = 5_000
SITEMAP_CHUNK_ROWS: Final = 500
XML_DECLARATION: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
URLSET_OPEN: Final = (
    f'{XML_DECLARATION}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">\n'
)
URLSET_CLOSE: Final = "</urlset>\n"
#: Pages without an id in their URL, except forms and searches.
STATIC_PAGE_ENDPOINTS: Final = (
    "web.home",
    "web.about",
    "web.service_levels",
    "web.on_this_day",
    "web.embed",
    "web.browse",
    "web.browse_professions",
    "web.browse_places",
    "web.browse_centuries",
    "web.organisations",
    "web.search_help",
    "web.search_advanced",
)


@dataclass(frozen=True)
class SitemapPage:
    """A page in its languages; `default_url` is the one that negotiates the language."""

    urls: Mapping[Lang, str]
    default_url: str
    last_modified: datetime | None = None
    pictures: tuple[SitemapPicture, ...] = ()


def make_sitemap_index(services: Services) -> str:
    """Return the sitemap index."""
    with services.database.read() as session:
        changes = services.count_cache.last_changes(session, MAX_PEOPLE_PER_SITEMAP)
    rows = [
        (url_for("web.sitemap_people", number=number), changed) for number, changed in enumerate(changes, 1)
    ]
    rows += [(url_for(f"web.sitemap_{name}"), None) for name in ("organisations", "pages")]
    elements = "".join(
        f"<sitemap><loc>{escape(absolute_url(url))}</loc>{_lastmod(changed)}</sitemap>\n"
        for url, changed in rows
    )
    return (
        f'{XML_DECLARATION}<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{elements}</sitemapindex>\n"
    )


def people_sitemap(services: Services, number: int) -> Iterator[str]:
    """Stream sitemap `number` of people, counted from 1.

    Raises:
        NotFound: if there are not that many.
    """
    with services.database.read() as session:
        first = first_id_at(session, (number - 1) * MAX_PEOPLE_PER_SITEMAP)
    if first is None:
        raise NotFound(_("This page of the list does not exist."))
    return _people_urlset(services, first)


def organisations_sitemap(services: Services) -> Iterator[str]:
    catalogue = services.catalogue().public
    yield URLSET_OPEN
    for id_ in sorted(catalogue.organisations):
        urls = {lang: absolute_url(organisation_url(id_, lang)) for lang in LANGUAGES}
        yield _url_elements(SitemapPage(urls, urls["en"]))
    yield URLSET_CLOSE


def pages_sitemap(services: Services) -> Iterator[str]:
    """Stream the sitemap of the static pages and of all browse lists."""
    paths = [url_for(endpoint, lang="en") for endpoint in STATIC_PAGE_ENDPOINTS]
    catalogue, tallies = services.catalogue().public, services.count_cache
    with services.database.read() as session:
        professions = tallies.professions(session, catalogue)
        places = tallies.places(session, catalogue)
        letters = {lang: letter_entries(tallies.letters(session, lang), lang) for lang in LANGUAGES}
        entries = (
            *entries_by_url(profession_entries(professions, catalogue, "en")).values(),
            *entries_by_url(place_entries(places, catalogue, "en")).values(),
            *century_entries(tallies.centuries(session), "en"),
        )
    paths += [entry.url for entry in entries if entry.count]
    front_url = url_for("web.front")
    yield URLSET_OPEN
    for path in dict.fromkeys(paths):
        suffix = path.removeprefix(url_for("web.home", lang="en"))
        urls = {lang: absolute_url(url_for("web.home", lang=lang) + suffix) for lang in LANGUAGES}
        yield _url_elements(SitemapPage(urls, urls["en"] if suffix else absolute_url(front_url)))
    # Each language lists people under the letters of its own alphabet.
    for lang, letter_links in letters.items():
        for url in (absolute_url(entry.url) for entry in letter_links if entry.count):
            yield _url_elements(SitemapPage({lang: url}, url))
    yield URLSET_CLOSE


def _people_urlset(services: Services, first: str) -> Iterator[str]:
    """Stream people; no database session is open between chunks, even for slow clients."""
    yield URLSET_OPEN
    # Ids need no quoting, so one URL template per language serves all people.
    quoted_templates = {lang: absolute_url(person_url("{id}", lang)) for lang in LANGUAGES}
    url_templates = {lang: url.replace("%7Bid%7D", "{id}") for lang, url in quoted_templates.items()}
    default_prefix = absolute_url(url_for("web.permanent", person_id="0")).removesuffix("0")
    remaining = MAX_PEOPLE_PER_SITEMAP
    while remaining > 0:
        with services.database.read() as session:
            # One row more than the chunk: the next chunk begins there.
            rows = entries_from(session, first, min(SITEMAP_CHUNK_ROWS, remaining) + 1)
        chunk = rows[: min(SITEMAP_CHUNK_ROWS, remaining)]
        yield "".join(
            _url_elements(_person_page(services, person, url_templates, default_prefix)) for person in chunk
        )
        remaining = remaining - len(chunk) if len(rows) > len(chunk) else 0
        first = rows[-1].id if rows else first
    yield URLSET_CLOSE


def _person_page(
    services: Services, person: SitemapEntry, url_templates: Mapping[Lang, str], default_prefix: str
) -> SitemapPage:
    return SitemapPage(
        {lang: url.replace("{id}", person.id) for lang, url in url_templates.items()},
        default_prefix + person.id,
        person.updated,
        tuple(picture for picture in person.pictures if services.media.has(picture.sha)),
    )


def _url_elements(page: SitemapPage) -> str:
    """Return one entry per language; each lists all languages, including its own, as required."""
    alternates = "".join(
        f'<xhtml:link rel="alternate" hreflang="{lang}" href="{_quote_attribute(url)}"/>'
        for lang, url in (*page.urls.items(), ("x-default", page.default_url))
    )
    pictures = "".join(map(_image_element, page.pictures))
    shared = f"{_lastmod(page.last_modified)}{alternates}{pictures}"
    return "".join(f"<url><loc>{escape(url)}</loc>{shared}</url>\n" for url in page.urls.values())


def _image_element(picture: SitemapPicture) -> str:
    licence = find_licence(picture.licence)
    licence_element = f"<image:license>{escape(licence.url)}</image:license>" if licence else ""
    url = absolute_url(picture_path(picture.sha))
    return f"<image:image><image:loc>{escape(url)}</image:loc>{licence_element}</image:image>"


def _lastmod(changed: datetime | None) -> str:
    return f"<lastmod>{changed:%Y-%m-%dT%H:%M:%SZ}</lastmod>" if changed else ""


def _quote_attribute(url: str) -> str:
    return escape(url, {'"': "&quot;"})
