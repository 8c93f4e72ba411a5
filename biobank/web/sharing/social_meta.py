"""Metadata of pages for social networks: Open Graph (ogp.me) and X cards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import request

from biobank.accounts.policy import Action
from biobank.common.i18n import LANGUAGES
from biobank.http.auth import action_for_endpoint
from biobank.web.browse.feeds import FEED_NAMES, feed_title
from biobank.web.sharing.cards import SocialImage, bank_social_image

#: Open Graph locales, from the list of Facebook.
OG_LOCALES: Final[Mapping[str, str]] = {"az": "az_AZ", "en": "en_GB", "ru": "ru_RU"}
#: Genders that Open Graph defines; others are omitted.
OG_GENDERS: Final = frozenset(("female", "male"))
OG_PROFILE: Final = "profile"


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
