"""What a page says of its subject to programs: a block of data, and ways to its other forms."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response, make_response
from markupsafe import Markup
from sqlalchemy.orm import Session

from biobank.described import uris
from biobank.exchange.linked import reading
from biobank.exchange.linked.forms import FORMS
from biobank.exchange.linked.graph import Description
from biobank.exchange.linked.pages import page_document
from biobank.exchange.linked.site import describe_site
from biobank.records.catalogue import Catalogue

#: What could end the block or begin a comment in it, and what ends a line of a script.
ESCAPES = str.maketrans(
    {sign: f"\\u{ord(sign):04x}" for sign in ("<", ">", "&", "\u2028", "\u2029")}
)


@dataclass(frozen=True)
class FormLink:
    """Another form of the same thing: `url` is the path, with which programs ask no page."""

    title: str
    type: str
    url: str


@dataclass(frozen=True)
class Linked:
    """`data` is JSON that may stand in a page as it is."""

    data: Markup
    forms: tuple[FormLink, ...] = ()


def form_links(path: str) -> tuple[FormLink, ...]:
    """The forms of what has the permanent address `path`."""
    return tuple(
        FormLink(form.title, form.media_type, f"{path}.{form.ending}") for form in FORMS.values()
    )


def linked_person(
    session: Session, record: Mapping[str, Any], catalogue: Catalogue, lang: str
) -> Linked:
    """Of a public record."""
    description = reading.person_of(session, record, catalogue, uris())
    return _linked(description, f"/people/{record['id']}", lang)


def linked_organisation(session: Session, id_: str, catalogue: Catalogue, lang: str) -> Linked:
    description = reading.organisation(session, id_, catalogue, uris())
    return _linked(description, f"/organisations/{id_}", lang)


def linked_site(lang: str) -> Linked:
    its = uris()
    forms = (FormLink("VoID", FORMS["ttl"].media_type, "/.well-known/void"),)
    return Linked(data_block(page_document(describe_site(its, lang), its, lang)), forms)


def with_links(page: str, linked: Linked | None) -> Response:
    """The page with the same ways in its header, for those who do not read it."""
    response = make_response(page)
    for form in linked.forms if linked else ():
        response.headers.add("Link", f'<{form.url}>; rel="alternate"; type="{form.type}"')
    return response


def data_block(document: Mapping[str, Any]) -> Markup:
    """JSON for a `script` of another type than a script: a block of data, which nobody runs."""
    text = json.dumps(document, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.translate(ESCAPES))  # noqa: S704 - it cannot end its element


def _linked(description: Description, path: str, lang: str) -> Linked:
    return Linked(data_block(page_document(description, uris(), lang)), form_links(path))
