"""Rendering of pages within the common layout: metadata, search field, navigation."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from babel import Locale
from flask import g, render_template, request, url_for

from biobank.access import is_signed_in
from biobank.search.query import FACETS, TEXT_MOST
from biobank.web.links import (
    LanguageLink,
    Link,
    absolute,
    languages,
    medallion_url,
    static_url,
)
from biobank.web.sharing.pictures import Picture
from biobank.web.sharing.social import Social, Told, is_shared, make_social
from biobank.web.text import _, ngettext
from biobank.web.words import number

FONTS = {
    "az": ("fonts/sans-latin.woff2", "fonts/serif-latin.woff2"),
    "en": ("fonts/sans-latin.woff2", "fonts/serif-latin.woff2"),
    "ru": ("fonts/sans-cyrillic.woff2", "fonts/serif-cyrillic.woff2"),
}
#: One number of each plural category of the three languages.
PLURAL_SAMPLES = (1, 2, 5)
#: Endpoints of search results: their search field keeps the query and the filters.
ANSWERED = frozenset({"web.search", "web.search_values"})
#: Arguments that filter results, and arguments that a new query keeps.
NARROWING = frozenset({*FACETS, "born", "died", "bbox"})
KEPT = NARROWING | {"tie", "certainty", "sort", "size"}


@dataclass(frozen=True)
class Head:
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
    picture: Picture | None = None


@dataclass(frozen=True)
class House:
    """The common layout around every page."""

    lang: str
    name: str
    question: str
    question_most: int
    #: Filters that a new query keeps, as hidden fields, and their number.
    kept: tuple[tuple[str, str], ...]
    kept_count: int
    languages: tuple[LanguageLink, ...]
    canonical: str
    x_default: str
    navigation: tuple[Link, ...]
    #: Fonts to preload for this language.
    fonts: tuple[str, ...]
    #: Texts of the number of suggestions by plural category, with `{n}` for the number.
    suggestion_counts: tuple[tuple[str, str], ...]
    #: Link to the sign-in page or to the account.
    account: Link
    #: Whether links to the desk are shown.
    signed_in: bool


def render_page(template: str, head: Head, **context: Any) -> str:
    """Render the page as HTML, in the language of the request."""
    house = _house(g.lang, head.canonical)
    return render_template(
        f"web/{template}",
        head=head,
        house=house,
        social=_social(head, house) if head.shared and is_shared() else None,
        absolute=absolute,
        static_url=static_url,
        medallion_url=medallion_url,
        number=number,
        **context,
    )


def _house(lang: str, canonical: str) -> House:
    links = languages(lang)
    current = next(link for link in links if link.current)
    answered = request.endpoint in ANSWERED
    kept = tuple(part for part in request.args.items(multi=True) if answered and part[0] in KEPT)
    return House(
        lang=lang,
        name=_("Azerbaijani Biography Bank"),
        question=request.args.get("q", "")[:TEXT_MOST] if answered else "",
        question_most=TEXT_MOST,
        kept=kept,
        kept_count=sum(1 for name, _value in kept if name in NARROWING),
        languages=links,
        canonical=absolute(canonical or current.url),
        x_default=absolute(_without_language(current)),
        navigation=(
            _nav(_("Browse"), url_for("web.browse", lang=lang)),
            _nav(_("About"), url_for("web.about", lang=lang)),
            *_desk(lang),
        ),
        fonts=FONTS[lang],
        suggestion_counts=by_plural(lang, _people_suggested),
        account=_account(lang),
        signed_in=is_signed_in(),
    )


def _social(head: Head, house: House) -> Social:
    return make_social(
        Told(
            title=head.title,
            description=head.description or about_bank(),
            address=house.canonical,
            site=house.name,
            lang=house.lang,
            kind=head.kind,
            gender=head.gender,
            picture=head.picture,
        )
    )


def about_bank() -> str:
    """Return the description of the bank in one sentence."""
    return _("A searchable bank of biographies of notable Azerbaijanis, with sources.")


def _desk(lang: str) -> tuple[Link, ...]:
    return (_nav(_("Desk"), url_for("web.desk", lang=lang)),) if is_signed_in() else ()


def _account(lang: str) -> Link:
    if is_signed_in():
        return _nav(_("Account"), url_for("web.account", lang=lang))
    return _nav(_("Sign in"), url_for("web.sign_in", lang=lang))


def _nav(label: str, url: str) -> Link:
    return Link(label, url, current=request.path.startswith(url))


def _without_language(current: LanguageLink) -> str:
    """Return the URL that negotiates the language, if there is one, else that of the English page.
    """
    if request.endpoint == "web.home":
        return url_for("web.front")
    if request.endpoint == "web.person":
        return url_for("web.permanent", person_id=(request.view_args or {})["person_id"])
    return next((link.url for link in languages("en") if link.current), current.url)


def by_plural(lang: str, say: Callable[[int], str]) -> tuple[tuple[str, str], ...]:
    """Return the text of a number for each plural category."""
    rule = Locale(lang).plural_form
    return tuple({rule(sample): say(sample) for sample in PLURAL_SAMPLES}.items())


def _people_suggested(number: int) -> str:
    return ngettext("%(count)s person suggested", "%(count)s people suggested", number, count="{n}")
