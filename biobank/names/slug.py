"""Ids derived from names: lower-case ASCII words joined by hyphens."""

import re

from anyascii import anyascii

from biobank.names.folding import fold

#: Maximum length in characters; leaves room for a suffix such as `-2` in an id of 120.
LONGEST = 100


def slug(text: str) -> str:
    """Return the id `uzeyir-hacibeyov` for `Üzeyir Hacıbəyov`; `person` as a last resort.

    Azerbaijani letters are folded as elsewhere in the bank; other scripts are romanised by
    anyascii.
    """
    latin = anyascii(fold(text)).lower().replace("'", "")
    words = re.sub(r"[^a-z0-9]+", "-", latin).strip("-")
    return words[:LONGEST].rstrip("-") or "person"
