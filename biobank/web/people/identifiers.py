"""Links to the person in other catalogues."""

from collections.abc import Mapping

from biobank.records.identifiers import EXTERNAL_CATALOGUES
from biobank.web.core.urls import Link


def identifier_links(identifiers: Mapping[str, str]) -> tuple[Link, ...]:
    return tuple(
        Link(
            f"{EXTERNAL_CATALOGUES[scheme].name} {value}",
            EXTERNAL_CATALOGUES[scheme].page_url(value),
        )
        for scheme, value in identifiers.items()
        if scheme in EXTERNAL_CATALOGUES
    )
