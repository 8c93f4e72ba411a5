"""Linked data in pages: an embedded JSON-LD block, and links to other formats."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, make_response
from markupsafe import Markup
from sqlalchemy.orm import Session

from biobank.exchange.formats.linked_data import description_queries
from biobank.exchange.formats.linked_data.description_queries import describe_site
from biobank.exchange.formats.linked_data.graph import Description
from biobank.exchange.formats.linked_data.people import RelatedContext
from biobank.exchange.formats.linked_data.serializations import SERIALIZATIONS, page_document
from biobank.http.linked_data import uris
from biobank.records.catalogue import Catalogue

#: Characters that could end the block, begin a comment in it or end a script line.
ESCAPED_IN_SCRIPTS = ("<", ">", "&", "\u2028", "\u2029")


@dataclass(frozen=True)
class FormLink:
    """A link to another format of the resource; `url` is a path that serves no HTML."""

    title: str
    type: str
    url: str


@dataclass(frozen=True)
class LinkedData:
    """Linked data of a page; `data` is JSON that is safe in HTML."""

    data: Markup
    forms: tuple[FormLink, ...] = ()


def form_links(path: str) -> tuple[FormLink, ...]:
    """Return the formats of the resource with the permanent path `path`."""
    return tuple(
        FormLink(form.title, form.media_type, f"{path}.{form.extension}") for form in SERIALIZATIONS.values()
    )


def linked_person(
    record: Mapping[str, Any], related: RelatedContext, catalogue: Catalogue, lang: str
) -> LinkedData:
    """Return the linked data of a published record."""
    description = description_queries.describe_record(record, related, catalogue, uris())
    return _make_linked_data(description, f"/people/{record['id']}", lang)


def linked_organisation(session: Session, id_: str, catalogue: Catalogue, lang: str) -> LinkedData:
    description = description_queries.describe_organisation_by_id(session, id_, catalogue, uris())
    return _make_linked_data(description, f"/organisations/{id_}", lang)


def linked_site(lang: str) -> LinkedData:
    bank_uris = uris()
    forms = (FormLink("VoID", SERIALIZATIONS["ttl"].media_type, "/.well-known/void"),)
    return LinkedData(data_block(page_document(describe_site(bank_uris, lang), bank_uris, lang)), forms)


def with_link_headers(page: str, linked: LinkedData | None) -> Response:
    """Return the page with `Link` headers to its other formats."""
    response = make_response(page)
    for form in linked.forms if linked else ():
        response.headers.add("Link", f'<{form.url}>; rel="alternate"; type="{form.type}"')
    return response


def data_block(document: Mapping[str, Any]) -> Markup:
    """Return JSON for a non-executable `script` element."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    for sign in ESCAPED_IN_SCRIPTS:
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - it cannot end its element


def _make_linked_data(description: Description, path: str, lang: str) -> LinkedData:
    return LinkedData(data_block(page_document(description, uris(), lang)), form_links(path))
