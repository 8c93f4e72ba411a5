"""Links to the person in other catalogues."""

from collections.abc import Mapping

from biobank.records.identifiers import CATALOGUES
from biobank.web.links import Link


def identifier_links(identifiers: Mapping[str, str]) -> tuple[Link, ...]:
    return tuple(
        Link(f"{CATALOGUES[scheme].name} {value}", CATALOGUES[scheme].page_of(value))
        for scheme, value in identifiers.items()
        if scheme in CATALOGUES
    )
