"""View models of stored pictures: several sizes, alternative text and credit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from biobank.extensions import services
from biobank.i18n import best_with_language
from biobank.records.media.addresses import (
    SQUARE,
    file_address,
    picture_address,
    sha_of,
)
from biobank.records.media.licences import licence_called
from biobank.records.media.models import Picture
from biobank.records.media.reading import SIZES


@dataclass(frozen=True)
class Credit:
    """Author, licence and source of a picture; unknown parts are empty."""

    author: str
    licence: str
    licence_url: str
    source_url: str
    source: str


@dataclass(frozen=True)
class PictureView:
    """A stored picture; `width` and `height` reserve its space while it loads."""

    url: str
    src: str
    srcset: str
    width: int
    height: int
    alt: str
    alt_lang: str
    credit: Credit


def square_url(sha: str) -> str:
    """Return the URL of the square crop for cards; empty if its files are not stored here.

    Records may be imported without their pictures.
    """
    return file_address(sha, SQUARE) if sha and services.media.has(sha) else ""


def picture_view(picture: Picture, part: Mapping[str, Any], lang: str) -> PictureView:
    """Build the view of a picture with the alternative text and credit of `entry`."""
    alt, alt_lang = best_with_language(part.get("alt"), lang)
    return PictureView(
        url=picture_address(picture.sha),
        src=file_address(picture.sha, _middle(picture.sizes)),
        srcset=", ".join(
            f"{file_address(picture.sha, size)} {_width(picture, size)}w" for size in picture.sizes
        ),
        width=picture.width,
        height=picture.height,
        alt=alt,
        alt_lang=alt_lang,
        credit=credit_of(part, lang),
    )


def pictures_of(
    media: Sequence[Mapping[str, Any]], found: Mapping[str, Picture], lang: str
) -> tuple[PictureView, ...]:
    """Return the stored pictures of a record, the portrait first."""
    return tuple(
        picture_view(found[sha], part, lang)
        for part in media
        if part["type"] == "image" and (sha := sha_of(part["url"])) in found
    )


def credit_of(part: Mapping[str, Any], lang: str) -> Credit:
    """Build the credit from author, licence and source, which may be free text."""
    name, source = part.get("licence") or "", part.get("source") or ""
    licence = licence_called(name)
    host = host_of(source)
    return Credit(
        author=part.get("author") or "",
        licence=licence.label(lang) if licence else name,
        licence_url=licence.url if licence else "",
        source_url=source if host else "",
        source=host or source,
    )


def host_of(address: str) -> str:
    """Return the host of a web URL without `www.`; empty if it is not one."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.") if parts.scheme in ("http", "https") else ""


def _middle(sizes: Sequence[int]) -> int:
    """Return the size for browsers without srcset."""
    return next((size for size in sizes if size >= SIZES[1]), sizes[-1])


def _width(picture: Picture, size: int) -> int:
    """Return the width in pixels of the file whose longer side is `size`."""
    return max(1, round(picture.width * size / max(picture.width, picture.height)))
