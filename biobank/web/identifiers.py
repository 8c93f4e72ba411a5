"""The person in other catalogues, where the address of an entry is known for good."""

from collections.abc import Mapping
from urllib.parse import quote

from biobank.web.links import Link

#: Scheme of the record to the catalogue's name and the address of an entry.
CATALOGUES = {
    "wikidata": ("Wikidata", "https://www.wikidata.org/wiki/{}"),
    "viaf": ("VIAF", "https://viaf.org/viaf/{}"),
    "isni": ("ISNI", "https://isni.org/isni/{}"),
    "gnd": ("GND", "https://d-nb.info/gnd/{}"),
    "lcnaf": ("Library of Congress", "https://id.loc.gov/authorities/names/{}"),
    "bnf": ("BnF", "https://catalogue.bnf.fr/ark:/12148/cb{}"),
    "orcid": ("ORCID", "https://orcid.org/{}"),
    "imdb": ("IMDb", "https://www.imdb.com/name/{}/"),
    "fide": ("FIDE", "https://ratings.fide.com/profile/{}"),
}


def identifier_links(identifiers: Mapping[str, str]) -> tuple[Link, ...]:
    return tuple(
        Link(f"{CATALOGUES[scheme][0]} {value}", CATALOGUES[scheme][1].format(quote(value)))
        for scheme, value in identifiers.items()
        if scheme in CATALOGUES
    )
