"""Social cards, medallions and sitemaps."""

from collections.abc import Iterator

from flask import Response, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from biobank.common.i18n import LANGUAGES
from biobank.errors import NotFound
from biobank.http.extensions import limiter, services
from biobank.http.streaming import streaming_response
from biobank.web.core.blueprint import IMMUTABLE_CACHE_CONTROL, LANG_RULE, blueprint
from biobank.web.core.urls import absolute_url, static_url
from biobank.web.sharing.cards import ShareCard, load_person_card, make_bank_card, render_card
from biobank.web.sharing.medallion import is_drawable, medallion
from biobank.web.sharing.sitemaps import (
    make_sitemap_index,
    organisations_sitemap,
    pages_sitemap,
    people_sitemap,
)

#: Seconds that a card may be cached at its versioned URL, and at any other. At most a day, so
#: that a withdrawn person disappears from caches too.
VERSIONED_CARD_CACHE_SECONDS, CARD_CACHE_SECONDS = 86_400, 300


@blueprint.get(f"/{LANG_RULE}/people/<person_id>/card.png", endpoint="person_card")
def person_card_file(lang: str, person_id: str) -> AnyResponse:
    """Serve the card of a public person."""
    return _card_response(load_person_card(person_id, lang))


@blueprint.get(f"/{LANG_RULE}/card.png", endpoint="bank_card")
@limiter.exempt  # one image per language, rendered once
def bank_card_file(lang: str) -> AnyResponse:
    """Serve the card of the bank."""
    return _card_response(make_bank_card())


def _card_response(card: ShareCard) -> AnyResponse:
    """Return the image, rendered only if the client does not have it cached."""
    response = Response(mimetype="image/png")
    response.set_etag(card.version)
    response.cache_control.public = True
    is_versioned = request.args.get("v") == card.version
    response.cache_control.max_age = VERSIONED_CARD_CACHE_SECONDS if is_versioned else CARD_CACHE_SECONDS
    if request.if_none_match.contains_weak(card.version):
        return response.make_conditional(request)
    response.set_data(render_card(card))
    return response.make_conditional(request)


@blueprint.get("/medallion/<person_id>.svg")
@limiter.exempt  # a page may show fifty
def medallion_file(person_id: str) -> AnyResponse:
    """Serve the medallion generated from an id; immutable and cached as such."""
    if not is_drawable(person_id):
        raise NotFound("There is no such medallion.")
    response = Response(medallion(person_id), mimetype="image/svg+xml")
    response.headers["Cache-Control"] = IMMUTABLE_CACHE_CONTROL
    response.add_etag()
    return response.make_conditional(request)


@blueprint.get("/favicon.ico")
def favicon() -> AnyResponse:
    """Redirect the default favicon URL to the logo that pages link to."""
    return redirect(static_url("mark.svg"), 302)


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
            f"Disallow: {url_for('desk.home', lang=lang)}",
            f"Disallow: {url_for('account.overview', lang=lang)}",
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
