"""Views for crawlers: sitemaps and robots.txt."""

from collections.abc import Iterator

from flask import Response, url_for
from werkzeug.wrappers import Response as AnyResponse

from biobank.downloads import streamed_file
from biobank.extensions import services
from biobank.i18n import LANGUAGES
from biobank.web.blueprint import blueprint
from biobank.web.links import absolute
from biobank.web.sharing.sitemaps import (
    make_index,
    organisations_sitemap,
    pages_sitemap,
    people_sitemap,
)

#: Seconds that a sitemap may be cached.
KEPT = 3_600


@blueprint.get("/sitemap.xml")
def sitemap() -> AnyResponse:
    return _answer(iter((make_index(services),)))


@blueprint.get("/sitemaps/people-<int(min=1, max=100000):number>.xml")
def sitemap_people(number: int) -> AnyResponse:
    return _answer(people_sitemap(services, number))


@blueprint.get("/sitemaps/organisations.xml")
def sitemap_organisations() -> AnyResponse:
    return _answer(organisations_sitemap(services))


@blueprint.get("/sitemaps/pages.xml")
def sitemap_pages() -> AnyResponse:
    return _answer(pages_sitemap(services))


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
    lines += ["", f"Sitemap: {absolute(url_for('web.sitemap'))}"]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


def _answer(texts: Iterator[str]) -> AnyResponse:
    response = streamed_file(texts, "application/xml; charset=utf-8")
    response.cache_control.public = True
    response.cache_control.max_age = KEPT
    response.headers["X-Robots-Tag"] = "noindex"
    return response
