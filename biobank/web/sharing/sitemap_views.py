"""Views for crawlers: sitemaps and robots.txt."""

from collections.abc import Iterator

from flask import Response, url_for
from werkzeug.wrappers import Response as AnyResponse

from biobank.common.i18n import LANGUAGES
from biobank.http.extensions import services
from biobank.http.streaming import streaming_response
from biobank.web.core.blueprint import blueprint
from biobank.web.core.urls import absolute_url
from biobank.web.sharing.sitemaps import (
    make_sitemap_index,
    organisations_sitemap,
    pages_sitemap,
    people_sitemap,
)

#: Seconds that a sitemap may be cached.
SITEMAP_CACHE_SECONDS = 3_600


@blueprint.get("/sitemap.xml")
def sitemap() -> AnyResponse:
    return _sitemap_response(iter((make_sitemap_index(services),)))


@blueprint.get("/sitemaps/people-<int(min=1, max=100000):number>.xml")
def sitemap_people(number: int) -> AnyResponse:
    return _sitemap_response(people_sitemap(services, number))


@blueprint.get("/sitemaps/organisations.xml")
def sitemap_organisations() -> AnyResponse:
    return _sitemap_response(organisations_sitemap(services))


@blueprint.get("/sitemaps/pages.xml")
def sitemap_pages() -> AnyResponse:
    return _sitemap_response(pages_sitemap(services))


@blueprint.get("/robots.txt")
def robots() -> Response:
    """Serve robots.txt: crawlers read people and lists, but not search results or the desk.

    Rules match prefixes: `/az/search` covers `/az/search.csv` too. The search help, the
    advanced form and static resources are allowed.
    """
    lines = ["User-agent: *"]
    for lang in LANGUAGES:
        search = url_for("web.search", lang=lang)
        lines += [
            f"Disallow: {search}",
            f"Allow: {url_for('web.search_help', lang=lang)}$",
            f"Allow: {url_for('web.search_advanced', lang=lang)}$",
            f"Disallow: {url_for('web.suggestions', lang=lang)}",
            f"Disallow: {url_for('web.desk', lang=lang)}",
            f"Disallow: {url_for('web.account', lang=lang)}",
            # Frames for other sites; `/embed` without the slash stays allowed.
            f"Disallow: {url_for('web.home', lang=lang)}embed/",
        ]
    lines += ["Disallow: /api/", "Allow: /static/", "Allow: /media/", "Allow: /medallion/"]
    lines += [f"Allow: {url_for('web.bank_card', lang=lang)}" for lang in LANGUAGES]
    lines += ["", f"Sitemap: {absolute_url(url_for('web.sitemap'))}"]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


def _sitemap_response(chunks: Iterator[str]) -> AnyResponse:
    response = streaming_response(chunks, "application/xml; charset=utf-8")
    response.cache_control.public = True
    response.cache_control.max_age = SITEMAP_CACHE_SECONDS
    response.headers["X-Robots-Tag"] = "noindex"
    return response
