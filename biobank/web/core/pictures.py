"""View models of stored pictures: several sizes, alternative text and credit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from biobank.common.i18n import best_with_language
from biobank.http.extensions import services
from biobank.records.media.image_processing import LONG_SIDES_PIXELS
from biobank.records.media.licences import find_licence
from biobank.records.media.models import Picture
from biobank.records.media.urls import SQUARE, picture_file_path, picture_path, sha_from_url


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
    return picture_file_path(sha, SQUARE) if sha and services.media.has(sha) else ""


def picture_view(picture: Picture, entry: Mapping[str, Any], lang: str) -> PictureView:
    """Build the view of a picture with the alternative text and credit of `entry`."""
    alt, alt_lang = best_with_language(entry.get("alt"), lang)
    return PictureView(
        url=picture_path(picture.sha),
        src=picture_file_path(picture.sha, _fallback_size(picture.sizes)),
        srcset=", ".join(
            f"{picture_file_path(picture.sha, size)} {_width_at(picture, size)}w" for size in picture.sizes
        ),
        width=picture.width,
        height=picture.height,
        alt=alt,
        alt_lang=alt_lang,
        credit=make_credit(entry, lang),
    )


def picture_views(
    media: Sequence[Mapping[str, Any]], stored: Mapping[str, Picture], lang: str
) -> tuple[PictureView, ...]:
    """Return the stored pictures of a record, the portrait first."""
    return tuple(
        picture_view(stored[sha], entry, lang)
        for entry in media
        if entry["type"] == "image" and (sha := sha_from_url(entry["url"])) in stored
    )


def make_credit(entry: Mapping[str, Any], lang: str) -> Credit:
    """Build the credit from author, licence and source, which may be free text."""
    licence_name, source = entry.get("licence") or "", entry.get("source") or ""
    licence = find_licence(licence_name)
    host = display_host(source)
    return Credit(
        author=entry.get("author") or "",
        licence=licence.label(lang) if licence else licence_name,
        licence_url=licence.url if licence else "",
        source_url=source if host else "",
        source=host or source,
    )


def display_host(address: str) -> str:
    """Return the host of a web URL without `www.`; empty if it is not one."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.") if parts.scheme in ("http", "https") else ""


def _fallback_size(sizes: Sequence[int]) -> int:
    """Return the size for browsers without srcset."""
    return next((size for size in sizes if size >= LONG_SIDES_PIXELS[1]), sizes[-1])


def _width_at(picture: Picture, size: int) -> int:
    """Return the width in pixels of the file whose longer side is `size`."""
    return max(1, round(picture.width * size / max(picture.width, picture.height)))
