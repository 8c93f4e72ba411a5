"""URLs of pictures that are stored in the bank."""

import re
from collections.abc import Mapping
from typing import Any, Final

PREFIX: Final = "/media/"
SHA: Final = re.compile(r"[0-9a-f]{64}")
#: Name of the smallest file: a square crop for cards.
SQUARE: Final = "square"


def picture_address(sha: str) -> str:
    """Return the permanent URL path of a picture."""
    return f"{PREFIX}{sha}"


def file_address(sha: str, size: int | str) -> str:
    """Return the URL path of one file of a picture: by long side in pixels, or SQUARE."""
    return f"{PREFIX}{sha}-{size}.webp"


def sha_of(address: str) -> str:
    """Return the hash of a picture from its URL path; empty if `url` is not a stored picture."""
    sha = address.removeprefix(PREFIX)
    return sha if address.startswith(PREFIX) and SHA.fullmatch(sha) else ""


def portrait_of(record: Mapping[str, Any]) -> str:
    """Return the hash of a person's portrait: the first stored image of the record."""
    for part in record.get("media", ()):
        if part["type"] == "image" and (sha := sha_of(part["url"])):
            return sha
    return ""
