"""Ids derived from names: lower-case ASCII words joined by hyphens."""

import re

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
