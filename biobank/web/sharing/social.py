"""What a page tells social networks of itself: Open Graph (ogp.me), and cards of X."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from flask import request

from biobank.access import action_of
from biobank.accounts.policy import Action
from biobank.i18n import LANGUAGES
from biobank.web.bank_feeds import NAMES, title_of
from biobank.web.sharing.pictures import Picture, bank_picture

#: As Facebook's list of languages has them.
LOCALES: Final[Mapping[str, str]] = {"az": "az_AZ", "en": "en_GB", "ru": "ru_RU"}
#: The genders that Open Graph knows; of others nothing is said.
GENDERS: Final = frozenset(("female", "male"))
PROFILE: Final = "profile"


@dataclass(frozen=True)
class Social:
    """Properties and values, in the order in which they are written; feeds and their titles."""

    properties: tuple[tuple[str, str], ...]
    feeds: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Told:
    """What a page says of itself; empty where it says nothing. `kind` is its `og:type`."""

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
    """Whether the page of this request is for others to link to: none of the desk or accounts."""
    return action_of(request.endpoint) is Action.READ_PUBLIC
