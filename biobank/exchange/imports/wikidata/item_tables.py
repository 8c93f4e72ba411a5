"""Wikidata items that correspond to terms and countries of the bank.

Each pair occurs in at least one public file that names the item; other items are reported and left
out, never guessed.
"""

import csv
from collections.abc import Mapping
from importlib.resources import files

HUMAN_ITEM = "Q5"
GENDER_BY_ITEM: Mapping[str, str] = {
    "Q6581097": "male",
    "Q6581072": "female",
    "Q2449503": "male",
    "Q1052281": "female",
    "Q1097630": "other",
}
#: Identifier schemes by Wikidata property.
SCHEME_BY_PROPERTY: Mapping[str, str] = {"P214": "viaf", "P213": "isni", "P227": "gnd", "P244": "lcnaf"}


def _load_pairs(name: str) -> dict[str, str]:
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    rows = list(csv.reader(text.splitlines(), delimiter="\t"))
    return {row[0]: row[1] for row in rows[1:]}


PROFESSION_BY_ITEM = _load_pairs("occupations.tsv")
COUNTRY_BY_ITEM = _load_pairs("countries.tsv")
