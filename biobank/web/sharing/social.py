"""Metadata of pages for social networks: Open Graph (ogp.me) and X cards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import request

from biobank.access import action_of
from biobank.accounts.policy import Action
from biobank.i18n import LANGUAGES
from biobank.web.bank_feeds import NAMES, title_of
from biobank.web.sharing.pictures import Picture, bank_picture

#: Open Graph locales, from the list of Facebook.
LOCALES: Final[Mapping[str, str]] = {"az": "az_AZ", "en": "en_GB", "ru": "ru_RU"}
#: Genders that Open Graph defines; others are omitted.
GENDERS: Final = frozenset(("female", "male"))
PROFILE: Final = "profile"


@dataclass(frozen=True)
class Social:
    """Ordered pairs of property and value, and feeds with their titles."""

    properties: tuple[tuple[str, str], ...]
    feeds: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Told:
    """Metadata of a page; empty values are omitted. `kind` is its `og:type`."""

    title: str
    description: str
    address: str
    site: str
    lang: str
    kind: str = "website"
    gender: str = ""
    picture: Picture | None = None


def make_social(told: Told) -> Social:
    picture = told.picture or bank_picture(told.lang)
    found: Sequence[tuple[str, str]] = (
        ("og:type", told.kind),
        ("og:site_name", told.site),
        ("og:title", told.title),
        ("og:description", told.description),
        ("og:url", told.address),
        ("og:locale", LOCALES[told.lang]),
        *(("og:locale:alternate", LOCALES[lang]) for lang in LANGUAGES if lang != told.lang),
        ("og:image", picture.url),
        ("og:image:type", "image/png"),
        ("og:image:width", str(picture.width)),
        ("og:image:height", str(picture.height)),
        ("og:image:alt", picture.alt),
        ("profile:gender", told.gender if told.gender in GENDERS else ""),
    )
    return Social(
        tuple((name, value) for name, value in found if value),
        tuple((name, title_of(name)) for name in NAMES),
    )


def is_shared() -> bool:
    """Return whether the page of this request is public, not one of the desk or accounts."""
    return action_of(request.endpoint) is Action.READ_PUBLIC
