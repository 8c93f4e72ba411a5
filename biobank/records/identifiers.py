"""Other catalogues, where the address of an entry is known for good, and how their ids look."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote


@dataclass(frozen=True)
class OtherCatalogue:
    """`page` shows an entry to people; `uri` stands for who or what is meant, where it is another.

    `{}` in them is the id of the entry; a whole id matches `shape`, as `example` does.
    """

    name: str
    page: str
    shape: str
    example: str
    uri: str = ""

    def has_id(self, value: str) -> bool:
        """Whether its ids look so; whether there is such an entry, only the catalogue knows."""
        return re.fullmatch(self.shape, value, re.ASCII) is not None

    def page_of(self, value: str) -> str:
        return self.page.format(quote(value))

    def uri_of(self, value: str) -> str:
        # ISNI is often written in groups of four.
        return (self.uri or self.page).format(quote("".join(value.split())))


#: By the scheme of the record. The shapes follow the formats that Wikidata keeps with its
#: properties for them (P214, P213, P227, P244, P268, P496, P345, P1440, P1566).
CATALOGUES: Final[Mapping[str, OtherCatalogue]] = {
    "wikidata": OtherCatalogue(
        "Wikidata",
        "https://www.wikidata.org/wiki/{}",
        r"Q[1-9]\d{0,11}",
        "Q317397",
        "http://www.wikidata.org/entity/{}",
    ),
    "viaf": OtherCatalogue(
        "VIAF",
        "https://viaf.org/viaf/{}",
        r"[1-9]\d{0,21}",
        "2474895",
        "http://viaf.org/viaf/{}",
    ),
    "isni": OtherCatalogue(
        "ISNI",
        "https://isni.org/isni/{}",
        r"\d{4} ?\d{4} ?\d{4} ?\d{3}[\dX]",
        "0000 0001 2145 0850",
    ),
    "gnd": OtherCatalogue(
        "GND",
        "https://d-nb.info/gnd/{}",
        r"1[012]?\d{7}[\dX]|[47]\d{6}-\d|[1-9]\d{0,7}-[\dX]|3\d{7}[\dX]",
        "118540238",
    ),
    "lcnaf": OtherCatalogue(
        "Library of Congress",
        "https://id.loc.gov/authorities/names/{}",
        r"n[a-z]?(\d{8}|\d{10})",
        "n80115655",
        "http://id.loc.gov/authorities/names/{}",
    ),
    "bnf": OtherCatalogue(
        "BnF",
        "https://catalogue.bnf.fr/ark:/12148/cb{}",
        r"\d{8}[\dbcdfghjkmnpqrstvwxz]",
        "11907966z",
        "http://data.bnf.fr/ark:/12148/cb{}#about",
    ),
    "orcid": OtherCatalogue(
        "ORCID",
        "https://orcid.org/{}",
        r"\d{4}-\d{4}-\d{4}-\d{3}[\dX]",
        "0000-0002-1825-0097",
    ),
    "imdb": OtherCatalogue("IMDb", "https://www.imdb.com/name/{}/", r"nm\d{7,10}", "nm0000001"),
    "fide": OtherCatalogue(
        "FIDE", "https://ratings.fide.com/profile/{}", r"[1-9]\d{2,9}", "13400924"
    ),
    "geonames": OtherCatalogue(
        "GeoNames",
        "https://www.geonames.org/{}",
        r"[1-9]\d{0,9}",
        "587116",
        "https://sws.geonames.org/{}/",
    ),
}
