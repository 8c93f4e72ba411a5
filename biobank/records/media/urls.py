"""URLs of pictures that are stored in the bank."""

import re
from collections.abc import Mapping
from typing import Any, Final

MEDIA_URL_PREFIX: Final = "/media/"
SHA256_PATTERN: Final = re.compile(r"[0-9a-f]{64}")
#: Name of the smallest file: a square crop for cards.
SQUARE: Final = "square"


def picture_path(sha: str) -> str:
    """Return the permanent URL path of a picture."""
    return f"{MEDIA_URL_PREFIX}{sha}"


def picture_file_path(sha: str, size: int | str) -> str:
    """Return the URL path of one file of a picture: by long side in pixels, or SQUARE."""
    return f"{MEDIA_URL_PREFIX}{sha}-{size}.webp"


def sha_from_url(url: str) -> str:
    """Return the hash of a picture from its URL path; empty if `url` is not a stored picture."""
    sha = url.removeprefix(MEDIA_URL_PREFIX)
    return sha if url.startswith(MEDIA_URL_PREFIX) and SHA256_PATTERN.fullmatch(sha) else ""


def portrait_sha(record: Mapping[str, Any]) -> str:
    """Return the hash of a person's portrait: the first stored image of the record."""
    for item in record.get("media", ()):
        if item["type"] == "image" and (sha := sha_from_url(item["url"])):
            return sha
    return ""
