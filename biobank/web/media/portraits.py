"""Pictures that the bank keeps, as pages show them: in several sizes, with whose they are."""

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
    """Whose a picture is; what is not known is empty."""

    author: str
    licence: str
    licence_url: str
    source_url: str
    source: str


@dataclass(frozen=True)
class PictureView:
    """A picture of the bank: `width` and `height` keep its place while it loads."""

    url: str
    src: str
    srcset: str
    width: int
    height: int
    alt: str
    alt_lang: str
    credit: Credit


def square_url(sha: str) -> str:
    """The picture cut to a square, for cards; empty where there is none or its files are not here.

    Records may come from a bank whose pictures did not come along.
    """
    return file_address(sha, SQUARE) if sha and services.media.has(sha) else ""


def picture_view(picture: Picture, part: Mapping[str, Any], lang: str) -> PictureView:
    """A picture with what a record, or the bank, says of it in `part`."""
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
    """The pictures of a record that the bank keeps, the portrait first."""
    return tuple(
        picture_view(found[sha], part, lang)
        for part in media
        if part["type"] == "image" and (sha := sha_of(part["url"])) in found
    )


def credit_of(part: Mapping[str, Any], lang: str) -> Credit:
    """Author, licence and source as a record tells them; any text may stand there."""
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
    """The host of an address on the web, as it is told to readers; empty where it is none."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
    except ValueError:
        return ""
    return host.removeprefix("www.") if parts.scheme in ("http", "https") else ""


def _middle(sizes: Sequence[int]) -> int:
    """What browsers without srcset are given."""
    return next((size for size in sizes if size >= SIZES[1]), sizes[-1])


def _width(picture: Picture, size: int) -> int:
    """How wide the file is whose long side is `size`."""
    return max(1, round(picture.width * size / max(picture.width, picture.height)))
