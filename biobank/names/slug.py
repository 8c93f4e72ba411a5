"""Ids derived from names: lower-case ASCII words joined by hyphens."""

import re
from collections.abc import Container

from anyascii import anyascii

from biobank.names.folding import fold

#: Maximum length in characters; leaves room for a suffix such as `-2` in an id of 120.
MAX_SLUG_CHARS = 100


def slugify(text: str) -> str:
    """Return the id `uzeyir-hacibeyov` for `Üzeyir Hacıbəyov`; `person` as a last resort.

    Azerbaijani letters are folded as elsewhere in the bank; other scripts are romanised by
    anyascii.
    """
    latin = anyascii(fold(text)).lower().replace("'", "")
    words = re.sub(r"[^a-z0-9]+", "-", latin).strip("-")
    return words[:MAX_SLUG_CHARS].rstrip("-") or "person"


def unused_id(base: str, used: Container[str]) -> str:
    """Return `base`, or the first of `base-2`, `base-3`… that is not in `used`."""
    candidate, number = base, 1
    while candidate in used:
        number += 1
        candidate = f"{base}-{number}"
    return candidate
