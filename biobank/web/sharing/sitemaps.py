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
from biobank.errors import NotFound
from biobank.i18n import LANGUAGES, Lang
from biobank.records.media.addresses import picture_address
from biobank.records.media.licences import licence_called
from biobank.records.people.listed import Listed, Shown, first_of, from_id
from biobank.web.links import absolute, organisation_url, person_url
from biobank.web.text import _
from biobank.web.ways import by_address, century_ways, letter_ways, place_ways, profession_ways

#: Maximum people per sitemap, and people per database read while it is generated.
PEOPLE_MOST: Final = 5_000
CHUNK: Final = 500
HEAD: Final = '<?xml version="1.0" encoding="UTF-8"?>\n'
OPEN: Final = (
    f'{HEAD}<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    ' xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    ' xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">\n'
)
CLOSE: Final = "</urlset>\n"
#: Pages without an id in their URL, except forms and searches.
PAGES: Final = (
    "web.home",
    "web.about",
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
class Page:
    """A page in its languages; `default_url` is the one that negotiates the language."""

    addresses: Mapping[Lang, str]
    anywhere: str
    changed: datetime | None = None
    pictures: tuple[Shown, ...] = ()


def make_index(services: Services) -> str:
    """Return the sitemap index."""
    with services.database.read() as session:
        changes = services.tallies.last_changes(session, PEOPLE_MOST)
    rows = [
        (url_for("web.sitemap_people", number=number), changed)
        for number, changed in enumerate(changes, 1)
    ]
    rows += [(url_for(f"web.sitemap_{name}"), None) for name in ("organisations", "pages")]
    inner = "".join(
        f"<sitemap><loc>{escape(absolute(url))}</loc>{_lastmod(changed)}</sitemap>\n"
        for url, changed in rows
    )
    return (
        f'{HEAD}<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
        f"{inner}</sitemapindex>\n"
    )


def people_sitemap(services: Services, number: int) -> Iterator[str]:
    """Stream sitemap `number` of people, counted from 1.

    Raises:
        NotFound: if there are not that many.
    """
    with services.database.read() as session:
        first = first_of(session, (number - 1) * PEOPLE_MOST)
    if first is None:
        raise NotFound(_("There is no such page in the list."))
    return _people(services, first)


def organisations_sitemap(services: Services) -> Iterator[str]:
    catalogue = services.catalogue().public
    yield OPEN
    for id_ in sorted(catalogue.organisations):
        addresses = {lang: absolute(organisation_url(id_, lang)) for lang in LANGUAGES}
        yield _page(Page(addresses, addresses["en"]))
    yield CLOSE


def pages_sitemap(services: Services) -> Iterator[str]:
    """Stream the sitemap of the static pages and of all browse lists."""
    paths = [url_for(endpoint, lang="en") for endpoint in PAGES]
    catalogue, tallies = services.catalogue().public, services.tallies
    with services.database.read() as session:
        professions = tallies.professions(session, catalogue)
        places = tallies.places(session, catalogue)
        ways = (
            *letter_ways(tallies.letters(session), "en"),
            *by_address(profession_ways(professions, catalogue, "en")).values(),
            *by_address(place_ways(places, catalogue, "en")).values(),
            *century_ways(tallies.centuries(session), "en"),
        )
    paths += [way.url for way in ways if way.count]
    front = url_for("web.front")
    yield OPEN
    for path in dict.fromkeys(paths):
        rest = path.removeprefix(url_for("web.home", lang="en"))
        addresses = {lang: absolute(url_for("web.home", lang=lang) + rest) for lang in LANGUAGES}
        yield _page(Page(addresses, addresses["en"] if rest else absolute(front)))
    yield CLOSE


def _people(services: Services, first: str) -> Iterator[str]:
    """Stream people; no database session is open between chunks, even for slow clients."""
    yield OPEN
    # Ids need no quoting, so one URL template per language serves all people.
    pattern = {lang: absolute(person_url("{id}", lang)) for lang in LANGUAGES}
    shape = {lang: url.replace("%7Bid%7D", "{id}") for lang, url in pattern.items()}
    anywhere = absolute(url_for("web.permanent", person_id="0")).removesuffix("0")
    left = PEOPLE_MOST
    while left > 0:
        with services.database.read() as session:
            # One row more than the chunk: the next chunk begins there.
            found = from_id(session, first, min(CHUNK, left) + 1)
        told = found[: min(CHUNK, left)]
        yield "".join(_page(_person(services, one, shape, anywhere)) for one in told)
        left = left - len(told) if len(found) > len(told) else 0
        first = found[-1].id if found else first
    yield CLOSE


def _person(services: Services, one: Listed, shape: Mapping[Lang, str], anywhere: str) -> Page:
    return Page(
        {lang: url.replace("{id}", one.id) for lang, url in shape.items()},
        anywhere + one.id,
        one.updated,
        tuple(its for its in one.pictures if services.media.has(its.sha)),
    )


def _page(page: Page) -> str:
    """Return one entry per language; each lists all languages, including its own, as required."""
    alternates = "".join(
        f'<xhtml:link rel="alternate" hreflang="{lang}" href="{_quoted(url)}"/>'
        for lang, url in (*page.addresses.items(), ("x-default", page.anywhere))
    )
    pictures = "".join(map(_picture, page.pictures))
    rest = f"{_lastmod(page.changed)}{alternates}{pictures}"
    return "".join(
        f"<url><loc>{escape(url)}</loc>{rest}</url>\n" for url in page.addresses.values()
    )


def _picture(its: Shown) -> str:
    licence = licence_called(its.licence)
    told = f"<image:license>{escape(licence.url)}</image:license>" if licence else ""
    where = absolute(picture_address(its.sha))
    return f"<image:image><image:loc>{escape(where)}</image:loc>{told}</image:image>"


def _lastmod(changed: datetime | None) -> str:
    return f"<lastmod>{changed:%Y-%m-%dT%H:%M:%SZ}</lastmod>" if changed else ""


def _quoted(url: str) -> str:
    return escape(url, {'"': "&quot;"})
