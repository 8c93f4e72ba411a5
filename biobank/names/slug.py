"""Ids made from names: lower-case ASCII words joined by hyphens."""

import re

from anyascii import anyascii

from biobank.names.folding import fold

#: Room for a `-2` behind it within the 120 characters of an id.
LONGEST = 100


def slug(text: str) -> str:
    """`Üzeyir Hacıbəyov` as `uzeyir-hacibeyov`; `person` where no letter can be written in ASCII.

    Azerbaijani letters fold as the bank folds them; other scripts are romanised by anyascii.
    """
    latin = anyascii(fold(text)).lower().replace("'", "")
    words = re.sub(r"[^a-z0-9]+", "-", latin).strip("-")
    return words[:LONGEST].rstrip("-") or "person"
