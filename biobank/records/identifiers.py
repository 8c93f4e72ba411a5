"""Other catalogues, where the address of an entry is known for good."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote


@dataclass(frozen=True)
class OtherCatalogue:
    """`page` shows an entry to people; `uri` stands for who or what is meant, where it is another.

    `{}` in them is the id of the entry.
    """

    name: str
    page: str
    uri: str = ""

    def page_of(self, value: str) -> str:
        return self.page.format(quote(value))

    def uri_of(self, value: str) -> str:
        # ISNI is often written in groups of four.
        return (self.uri or self.page).format(quote("".join(value.split())))


#: By the scheme of the record.
CATALOGUES: Final[Mapping[str, OtherCatalogue]] = {
    "wikidata": OtherCatalogue(
        "Wikidata", "https://www.wikidata.org/wiki/{}", "http://www.wikidata.org/entity/{}"
    ),
    "viaf": OtherCatalogue("VIAF", "https://viaf.org/viaf/{}", "http://viaf.org/viaf/{}"),
    "isni": OtherCatalogue("ISNI", "https://isni.org/isni/{}"),
    "gnd": OtherCatalogue("GND", "https://d-nb.info/gnd/{}"),
    "lcnaf": OtherCatalogue(
        "Library of Congress",
        "https://id.loc.gov/authorities/names/{}",
        "http://id.loc.gov/authorities/names/{}",
    ),
    "bnf": OtherCatalogue(
        "BnF",
        "https://catalogue.bnf.fr/ark:/12148/cb{}",
        "http://data.bnf.fr/ark:/12148/cb{}#about",
    ),
    "orcid": OtherCatalogue("ORCID", "https://orcid.org/{}"),
    "imdb": OtherCatalogue("IMDb", "https://www.imdb.com/name/{}/"),
    "fide": OtherCatalogue("FIDE", "https://ratings.fide.com/profile/{}"),
    "geonames": OtherCatalogue(
        "GeoNames", "https://www.geonames.org/{}", "https://sws.geonames.org/{}/"
    ),
}
