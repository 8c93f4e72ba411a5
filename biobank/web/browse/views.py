"""The home page, browse pages, anniversaries of a day, feeds and sitemaps of the bank."""

from collections.abc import Iterator

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from biobank.common.i18n import LANGUAGES
from biobank.http.extensions import services
from biobank.http.streaming import streaming_response
from biobank.names.alphabet import ALPHABETS, OTHER_INITIAL, index_letter
from biobank.records.reference.redirects import resolve_facet_value
from biobank.web.browse import pages
from biobank.web.browse.day_page import day_from_args, make_day_page, page_cards, today_in_baku
from biobank.web.browse.entries import make_browse_overview
from biobank.web.browse.feeds import make_bank_feed
from biobank.web.browse.pages import BrowseListPage, make_home_page
from biobank.web.browse.sitemaps import (
    make_sitemap_index,
    organisations_sitemap,
    pages_sitemap,
    people_sitemap,
)
from biobank.web.core.blueprint import LANG_RULE, blueprint
from biobank.web.core.gettext import _, ngettext
from biobank.web.core.labels import format_number
from biobank.web.core.meta_description import build_description, join_names
from biobank.web.core.negotiation import language_of_request
from biobank.web.core.pagination import page_number
from biobank.web.core.rendering import PageMetadata, about_bank, feed_response, render_page
from biobank.web.core.social_meta import FEED_NAMES
from biobank.web.core.urls import absolute_url, browse_url

#: Seconds that a sitemap may be cached.
SITEMAP_CACHE_SECONDS = 3_600


@blueprint.get(f"/{LANG_RULE}/browse/")
def browse(lang: str) -> str:
    overview = make_browse_overview(services, lang)
    head = PageMetadata(_("Browse"), _("All biographies by name, profession, place and century."))
    return render_page("browse/overview.html", head, page=overview)


@blueprint.get(f"/{LANG_RULE}/browse/letter/<letter>")
def browse_letter(lang: str, letter: str) -> ResponseReturnValue:
    # The language switch leads from Ə to E; a letter of another script leads to all letters.
    if len(letter) == 1 and letter not in ALPHABETS[lang]:
        listed_under = index_letter(letter, lang)
        if listed_under != OTHER_INITIAL:
            return redirect(browse_url("letter", listed_under, lang), 301)
        if letter.isalpha():
            return redirect(url_for("web.browse", lang=lang), 302)
    return _render_list(pages.letter_page(services, letter, page_number(request.args), lang))


@blueprint.get(f"/{LANG_RULE}/browse/profession/")
def browse_professions(lang: str) -> str:
    head = PageMetadata(_("Professions"), _("Professions and the number of people in each."))
    return render_page("browse/overview.html", head, page=make_browse_overview(services, lang, "profession"))


@blueprint.get(f"/{LANG_RULE}/browse/profession/<profession_id>")
def browse_profession(lang: str, profession_id: str) -> ResponseReturnValue:
    current_id = resolve_facet_value(services.catalogue().redirects, "profession", profession_id)
    if current_id != profession_id:
        return redirect(url_for("web.browse_profession", lang=lang, profession_id=current_id), 301)
    return _render_list(pages.profession_page(services, profession_id, page_number(request.args), lang))


@blueprint.get(f"/{LANG_RULE}/browse/place/")
def browse_places(lang: str) -> str:
    head = PageMetadata(_("Places"), _("Places associated with people, by country."))
    return render_page("browse/overview.html", head, page=make_browse_overview(services, lang, "place"))


@blueprint.get(f"/{LANG_RULE}/browse/place/<place_id>")
def browse_place(lang: str, place_id: str) -> ResponseReturnValue:
    current_id = resolve_facet_value(services.catalogue().redirects, "place", place_id)
    if current_id != place_id:
        return redirect(url_for("web.browse_place", lang=lang, place_id=current_id), 301)
    return _render_list(pages.place_page(services, place_id, page_number(request.args), lang))


@blueprint.get(f"/{LANG_RULE}/browse/century/")
def browse_centuries(lang: str) -> str:
    head = PageMetadata(_("Centuries"), _("All biographies by century of birth."))
    return render_page("browse/overview.html", head, page=make_browse_overview(services, lang, "century"))


@blueprint.get(f"/{LANG_RULE}/browse/century/<int(signed=True):century>")
def browse_century(lang: str, century: int) -> str:
    return _render_list(pages.century_page(services, century, page_number(request.args), lang))


def _render_list(page: BrowseListPage) -> str:
    head = PageMetadata(list_title(page), build_description(list_title(page), join_names(page.people)))
    return render_page("browse/list.html", head, page=page)


@blueprint.get("/")
def front() -> AnyResponse:
    """Redirect to the home page in the negotiated language."""
    response = redirect(url_for("web.home", lang=language_of_request()), 302)
    response.vary.add("Accept-Language")
    return response


@blueprint.get(f"/{LANG_RULE}/")
def home(lang: str) -> str:
    page = make_home_page(services, lang)
    head = PageMetadata(_("Azerbaijani Biography Bank"), about_bank())
    return render_page("browse/home.html", head, page=page)


@blueprint.get(f"/{LANG_RULE}/about")
def about(lang: str) -> str:
    head = PageMetadata(
        _("About the Biography Bank"),
        _("What the bank contains, how to search it and how to reuse its data."),
    )
    return render_page("browse/about.html", head, total=services.people_count())


@blueprint.get(f"/{LANG_RULE}/service-levels")
def service_levels(lang: str) -> str:
    head = PageMetadata(
        _("Service levels"),
        _("Objectives for availability, response time, freshness, durability and removal on request."),
    )
    return render_page("browse/service_levels.html", head)


@blueprint.get(f"/{LANG_RULE}/on-this-day")
def on_this_day(lang: str) -> str:
    day = day_from_args(request.args, today_in_baku())
    page = make_day_page(services, day, page_number(request.args), lang)
    about = _("Notable Azerbaijanis born or deceased on %(day)s", day=page.day_label)
    head = PageMetadata(page.title, build_description(about, join_names(page_cards(page))))
    return render_page("browse/on_this_day.html", head, page=page)


FEED_NAME_RULE = ", ".join(f'"{name}"' for name in FEED_NAMES)


@blueprint.get(f"/{LANG_RULE}/feeds/<any({FEED_NAME_RULE}):name>.atom")
def feed(lang: str, name: str) -> AnyResponse:
    return feed_response(make_bank_feed(services, name, page_number(request.args), lang))


def list_title(page: BrowseListPage) -> str:
    """Return the page title of a list of people, with more context than its heading."""
    heading = page.title
    if page.kind == "letter":
        heading = _("Names beginning with %(letter)s", letter=page.title)
    title = ngettext(
        "%(heading)s: %(count)s biography",
        "%(heading)s: %(count)s biographies",
        page.total,
        heading=heading,
        count=format_number(page.total),
    )
    if page.paging.page == 1:
        return title
    return _("%(title)s, page %(number)s", title=title, number=format_number(page.paging.page))


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
