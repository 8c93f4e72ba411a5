"""Rendering of pages within the common layout, with metadata and search field, and of feeds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from babel import Locale
from flask import Response, g, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from biobank.exchange.formats.atom import ATOM_MEDIA_TYPE, Feed, serialize
from biobank.http.auth import is_signed_in
from biobank.search.query import FACETS, MAX_QUERY_CHARS
from biobank.web.core.gettext import _, ngettext
from biobank.web.core.labels import number_formatter
from biobank.web.core.social_meta import OpenGraphPage, SocialImage, SocialMeta, is_shared, make_social_meta
from biobank.web.core.urls import LanguageLink, Link, absolute_url, language_links, medallion_url, static_url

PRELOADED_FONTS = {
    "az": ("fonts/sans-latin.woff2", "fonts/serif-latin.woff2"),
    "en": ("fonts/sans-latin.woff2", "fonts/serif-latin.woff2"),
    "ru": ("fonts/sans-cyrillic.woff2", "fonts/serif-cyrillic.woff2"),
}
#: One number of each plural category of the three languages.
PLURAL_SAMPLES = (1, 2, 5)
#: Endpoints of search results: their search field keeps the query and the filters.
RESULT_ENDPOINTS = frozenset({"web.search", "web.search_values"})
#: Endpoints of pages that the other languages do not have, such as the letters of an alphabet.
OWN_ALPHABET_ENDPOINTS = frozenset({"web.browse_letter"})
#: Arguments that filter results, and arguments that a new query keeps.
FILTER_ARGS = frozenset({*FACETS, "born", "died", "bbox"})
RETAINED_SEARCH_ARGS = FILTER_ARGS | {"tie", "certainty", "sort", "size"}


@dataclass(frozen=True)
class PageMetadata:
    """The metadata of a page; `indexed` tells whether search engines may list it.

    `canonical` is the path of the canonical page, if that is another one. `kind`, `gender` and
    `picture` are for social networks; without a picture, that of the bank is used.
    """

    title: str
    description: str = ""
    indexed: bool = True
    canonical: str = ""
    shared: bool = True
    kind: str = "website"
    gender: str = ""
    picture: SocialImage | None = None


@dataclass(frozen=True)
class Layout:
    """The common layout around every page."""

    lang: str
    name: str
    query_text: str
    max_query_chars: int
    #: Filters that a new query keeps, as hidden fields, and their number.
    filter_fields: tuple[tuple[str, str], ...]
    filter_count: int
    languages: tuple[LanguageLink, ...]
    #: The languages in which the same page exists.
    alternates: tuple[LanguageLink, ...]
    canonical: str
    x_default: str
    navigation: tuple[Link, ...]
    #: Fonts to preload for this language.
    fonts: tuple[str, ...]
    #: Texts of the number of suggestions by plural category, with `{n}` for the number.
    suggestion_counts: tuple[tuple[str, str], ...]
    #: The same of the number of people.
    people_counts: tuple[tuple[str, str], ...]
    #: Link to the sign-in page or to the account.
    account: Link
    #: Whether links to the desk are shown.
    signed_in: bool


def render_page(template: str, head: PageMetadata, **context: Any) -> str:
    """Render the page as HTML, in the language of the request."""
    layout = _make_layout(g.lang, head.canonical)
    return render_template(
        f"web/{template}",
        head=head,
        layout=layout,
        social=_social(head, layout) if head.shared and is_shared() else None,
        absolute=absolute_url,
        static_url=static_url,
        medallion_url=medallion_url,
        number=number_formatter(),
        **context,
    )


def _make_layout(lang: str, canonical: str) -> Layout:
    links = language_links(lang)
    current = next(link for link in links if link.current)
    alternates = (current,) if request.endpoint in OWN_ALPHABET_ENDPOINTS else links
    is_result_page = request.endpoint in RESULT_ENDPOINTS
    filter_fields = tuple(
        part for part in request.args.items(multi=True) if is_result_page and part[0] in RETAINED_SEARCH_ARGS
    )
    return Layout(
        lang=lang,
        name=_("Azerbaijani Biography Bank"),
        query_text=request.args.get("q", "")[:MAX_QUERY_CHARS] if is_result_page else "",
        max_query_chars=MAX_QUERY_CHARS,
        filter_fields=filter_fields,
        filter_count=sum(1 for name, _value in filter_fields if name in FILTER_ARGS),
        languages=links,
        alternates=alternates,
        canonical=absolute_url(canonical or current.url),
        x_default=absolute_url(_x_default_url(alternates)),
        navigation=(
            _nav_link(_("Browse"), url_for("web.browse", lang=lang)),
            _nav_link(_("About"), url_for("web.about", lang=lang)),
            *_desk_links(lang),
        ),
        fonts=PRELOADED_FONTS[lang],
        suggestion_counts=texts_by_plural(lang, _suggestion_count_text),
        people_counts=texts_by_plural(lang, _people_count_text),
        account=_account_link(lang),
        signed_in=is_signed_in(),
    )


def _social(head: PageMetadata, layout: Layout) -> SocialMeta:
    return make_social_meta(
        OpenGraphPage(
            title=head.title,
            description=head.description or about_bank(),
            url=layout.canonical,
            site=layout.name,
            lang=layout.lang,
            kind=head.kind,
            gender=head.gender,
            picture=head.picture,
        )
    )


def about_bank() -> str:
    """Return the description of the bank in one sentence."""
    return _("Searchable biographies of notable Azerbaijanis, with sources.")


def _desk_links(lang: str) -> tuple[Link, ...]:
    return (_nav_link(_("Editors’ desk"), url_for("desk.home", lang=lang)),) if is_signed_in() else ()


def _account_link(lang: str) -> Link:
    if is_signed_in():
        return _nav_link(_("Account"), url_for("account.overview", lang=lang))
    return _nav_link(_("Sign in"), url_for("account.sign_in", lang=lang))


def _nav_link(label: str, url: str) -> Link:
    return Link(label, url, current=request.path.startswith(url))


def _x_default_url(links: Sequence[LanguageLink]) -> str:
    """Return the URL that negotiates the language, if there is one, else that of the English page."""
    if request.endpoint == "web.home":
        return url_for("web.front")
    if request.endpoint == "web.person":
        return url_for("web.permanent", person_id=(request.view_args or {})["person_id"])
    return next((link.url for link in links if link.lang == "en"), links[0].url)


def texts_by_plural(lang: str, format_count: Callable[[int], str]) -> tuple[tuple[str, str], ...]:
    """Return the text of a number for each plural category."""
    rule = Locale(lang).plural_form
    return tuple({rule(sample): format_count(sample) for sample in PLURAL_SAMPLES}.items())


def _suggestion_count_text(number: int) -> str:
    return ngettext("%(count)s suggestion", "%(count)s suggestions", number, count="{n}")


def _people_count_text(number: int) -> str:
    return ngettext("%(count)s person", "%(count)s people", number, count="{n}")


#: Seconds for which a feed may be cached; feed readers poll hourly.
FEED_CACHE_SECONDS = 300


def feed_response(feed: Feed) -> AnyResponse:
    """Return the feed as a conditional response."""
    response = Response(serialize(feed), mimetype=ATOM_MEDIA_TYPE)
    response.cache_control.public = True
    response.cache_control.max_age = FEED_CACHE_SECONDS
    # The feed is for programs; search engines index the pages.
    response.headers["X-Robots-Tag"] = "noindex"
    response.add_etag()
    return response.make_conditional(request)
