"""Metadata of pages for social networks, Open Graph (ogp.me) and X cards, and the content of cards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from flask import request, url_for
from sqlalchemy.orm import Session

from biobank.accounts.policy import Action
from biobank.common.i18n import LANGUAGES, best_text
from biobank.http.auth import action_for_endpoint
from biobank.http.extensions import services
from biobank.records.media.queries import pictures_by_sha
from biobank.records.media.urls import portrait_sha, sha_from_url
from biobank.records.people.mapping import preferred_name
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_years
from biobank.web.core.pictures import make_credit
from biobank.web.core.urls import absolute_url

#: Open Graph locales, from the list of Facebook.
OG_LOCALES: Final[Mapping[str, str]] = {"az": "az_AZ", "en": "en_GB", "ru": "ru_RU"}
#: Genders that Open Graph defines; others are omitted.
OG_GENDERS: Final = frozenset(("female", "male"))
OG_PROFILE: Final = "profile"
#: Feeds of the whole bank, which every page names.
FEED_NEW, FEED_CHANGED, FEED_ON_THIS_DAY = "new", "changed", "on-this-day"
FEED_NAMES: Final = (FEED_NEW, FEED_CHANGED, FEED_ON_THIS_DAY)
#: Pixels of a social card.
CARD_WIDTH, CARD_HEIGHT = 1200, 630
#: Pixels of the portrait on a person's card.
PORTRAIT_SIZE = (356, 432)
#: Incremented with every change of the design: it is part of the version in card URLs.
DESIGN_VERSION = 1


@dataclass(frozen=True)
class BankCardText:
    """The text of the card, in the language of the page."""

    name: str
    tagline: str


@dataclass(frozen=True)
class CardText:
    """The text of a card; all but the name may be empty. `credit` is that of the portrait.

    `other_names` are drawn if the font cannot draw `name`.
    """

    id: str
    name: str
    years: str
    headline: str
    bank: str
    credit: str = ""
    other_names: tuple[str, ...] = ()


@dataclass(frozen=True)
class SocialImage:
    """An image for page metadata; `url` is absolute and includes the version."""

    url: str
    width: int
    height: int
    alt: str


@dataclass(frozen=True)
class CardPortrait:
    """A stored picture and the size of it that a card uses."""

    sha: str
    size: int


@dataclass(frozen=True)
class ShareCard:
    """The content of a card; equal content renders to equal bytes."""

    text: CardText | BankCardText
    portrait: CardPortrait | None = None

    @property
    def version(self) -> str:
        return sha256(repr((DESIGN_VERSION, self)).encode()).hexdigest()[:10]


def make_bank_card() -> ShareCard:
    """Build the card of the bank, in the language of the request."""
    return ShareCard(BankCardText(_("Azerbaijani Biography Bank"), _("Biographies of notable Azerbaijanis")))


def bank_social_image(lang: str) -> SocialImage:
    card = make_bank_card()
    assert isinstance(card.text, BankCardText)
    url = url_for("web.bank_card", lang=lang, v=card.version)
    return SocialImage(absolute_url(url), CARD_WIDTH, CARD_HEIGHT, f"{card.text.name}. {card.text.tagline}")


def make_person_card(session: Session, record: Mapping[str, Any], lang: str) -> ShareCard:
    """Build the card of a public record."""
    portrait = _portrait(session, record)
    birth, death = ((record.get(role) or {}).get("date") for role in ("birth", "death"))
    text = CardText(
        id=record["id"],
        name=preferred_name(record, lang),
        years=format_years(birth, death, lang, living="death" not in record),
        headline=best_text(record.get("headline"), lang),
        bank=_("Azerbaijani Biography Bank"),
        credit=_portrait_credit(record, lang) if portrait else "",
        other_names=tuple(name["text"] for name in record["names"]),
    )
    return ShareCard(text, portrait)


def _portrait(session: Session, record: Mapping[str, Any]) -> CardPortrait | None:
    """Return the portrait of the record if its files are stored here."""
    sha = portrait_sha(record)
    picture = pictures_by_sha(session, [sha]).get(sha) if sha else None
    if picture is None or not services.media.has(sha):
        return None
    # At least as many pixels as on the card; it is scaled down when drawn.
    large_enough = (size for size in picture.sizes if size >= max(PORTRAIT_SIZE))
    return CardPortrait(sha, next(large_enough, picture.sizes[-1]))


def _portrait_credit(record: Mapping[str, Any], lang: str) -> str:
    """Return author and licence of the portrait."""
    entry = next(entry for entry in record["media"] if sha_from_url(entry["url"]) == portrait_sha(record))
    credit = make_credit(entry, lang)
    return " · ".join(text for text in (credit.author, credit.licence) if text)


def person_social_image(card: ShareCard, lang: str) -> SocialImage:
    assert isinstance(card.text, CardText)
    text = card.text
    name = f"{text.name} ({text.years})" if text.years else text.name
    url = url_for("web.person_card", lang=lang, person_id=text.id, v=card.version)
    return SocialImage(
        absolute_url(url), CARD_WIDTH, CARD_HEIGHT, ". ".join(filter(None, (name, text.headline)))
    )


@dataclass(frozen=True)
class SocialMeta:
    """Ordered pairs of property and value, and feeds with their titles."""

    properties: tuple[tuple[str, str], ...]
    feeds: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class OpenGraphPage:
    """Metadata of a page; empty values are omitted. `kind` is its `og:type`."""

    title: str
    description: str
    url: str
    site: str
    lang: str
    kind: str = "website"
    gender: str = ""
    picture: SocialImage | None = None


def make_social_meta(page: OpenGraphPage) -> SocialMeta:
    picture = page.picture or bank_social_image(page.lang)
    properties: Sequence[tuple[str, str]] = (
        ("og:type", page.kind),
        ("og:site_name", page.site),
        ("og:title", page.title),
        ("og:description", page.description),
        ("og:url", page.url),
        ("og:locale", OG_LOCALES[page.lang]),
        *(("og:locale:alternate", OG_LOCALES[lang]) for lang in LANGUAGES if lang != page.lang),
        ("og:image", picture.url),
        ("og:image:type", "image/png"),
        ("og:image:width", str(picture.width)),
        ("og:image:height", str(picture.height)),
        ("og:image:alt", picture.alt),
        ("profile:gender", page.gender if page.gender in OG_GENDERS else ""),
    )
    return SocialMeta(
        tuple((name, value) for name, value in properties if value),
        tuple((name, feed_title(name)) for name in FEED_NAMES),
    )


def is_shared() -> bool:
    """Return whether the page of this request is public, not one of the desk or accounts."""
    return action_for_endpoint(request.endpoint) is Action.READ_PUBLIC


def feed_title(name: str) -> str:
    titles = {
        FEED_NEW: _("Recently added"),
        FEED_CHANGED: _("Recently updated"),
        FEED_ON_THIS_DAY: _("On this day"),
    }
    return titles[name]
