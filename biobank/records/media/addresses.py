"""Where a picture of the bank is found: its permanent address, and those of its files."""

import re
from collections.abc import Mapping
from typing import Any, Final

PREFIX: Final = "/media/"
SHA: Final = re.compile(r"[0-9a-f]{64}")
#: What the smallest file is called: cut to a square, for cards.
SQUARE: Final = "square"


def picture_address(sha: str) -> str:
    """The permanent address of a picture within the bank."""
    return f"{PREFIX}{sha}"


def file_address(sha: str, size: int | str) -> str:
    """The address of one file of a picture: of a size, or its square."""
    return f"{PREFIX}{sha}-{size}.webp"


def sha_of(address: str) -> str:
    """Of which picture of the bank `address` is; empty where it is of another place."""
    sha = address.removeprefix(PREFIX)
    return sha if address.startswith(PREFIX) and SHA.fullmatch(sha) else ""


def portrait_of(record: Mapping[str, Any]) -> str:
    """The picture that stands for a person: the first image of the record that the bank keeps."""
    for part in record.get("media", ()):
        if part["type"] == "image" and (sha := sha_of(part["url"])):
            return sha
    return ""
