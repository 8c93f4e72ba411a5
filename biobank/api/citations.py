"""GET /people/{id}/citation and /sources/{id}/citation: a citation in a style or file format."""

from typing import Any

from flask import Response, request
from marshmallow import Schema, fields, validate

from biobank.addresses import permanent_revision_url
from biobank.api.blueprint import KEPT, arguments, conditional, documented, people, reference
from biobank.api.reference import led_on
from biobank.api.schemas import CitationSchema
from biobank.downloads import edition_in
from biobank.editorial.history import NUMBER_MOST
from biobank.exchange.citing.finding import find_biography
from biobank.exchange.citing.item import read
from biobank.exchange.citing.styles import FILES, STYLES
from biobank.exchange.citing.work import CitedWork
from biobank.extensions import services
from biobank.i18n import LANGUAGES
from biobank.records.reference.kinds import SOURCE
from biobank.records.sources import queries as sources

PLAIN = "text/plain"


class StyleArgs(Schema):
    """The citation style or file format."""

    style = fields.String(load_default="apa", validate=validate.OneOf([*STYLES, *FILES]))


class BiographyArgs(StyleArgs):
    """The language of the cited biography and its revision (default: the current one)."""

    lang = fields.String(load_default=LANGUAGES[0], validate=validate.OneOf(LANGUAGES))
    revision = fields.Integer(load_default=None, validate=validate.Range(1, NUMBER_MOST))


@people.get("/people/<id:person_id>/citation")
@arguments(people, BiographyArgs)
@people.response(200, CitationSchema)
@documented(people, 308, 404, 410)
def get_citation(person_id: str, style: str, lang: str, revision: int | None) -> Response:
    """Cite the biography of a person in one of its revisions; `text/plain` is the line alone.

    `html` marks italics as `<i>` and addresses as links; it is null for files.
    """
    edition = edition_in(services.catalogue(), lang)
    with services.database.read() as session:
        found = find_biography(session, edition, person_id, revision, permanent_revision_url)
    return _answer(found.entry, style, {"lang": lang, "revision": found.stamp.number})


@reference.get("/sources/<id:source_id>/citation")
@arguments(reference, StyleArgs)
@reference.response(200, CitationSchema)
@documented(reference, 404)
def get_source_citation(source_id: str, style: str) -> Response:
    """Cite one source in a style or as a file; `text/plain` is the line alone.

    `lang` is the language of the work, as its record states it.
    """
    with services.database.read() as session:
        public = sources.is_public(session, source_id)
        found = sources.by_ids(session, [source_id]) if public else {}
    if source_id not in found:
        return led_on(source_id, SOURCE, "reference.get_source_citation")
    entry = CitedWork(source_id, read(found[source_id]["csl"]))
    return _answer(entry, style, {"lang": entry.item.lang, "revision": None})


def _answer(entry: CitedWork, style: str, told: dict[str, Any]) -> Response:
    if style in STYLES:
        line = STYLES[style].write(entry.item)
        text, html = line.plain, line.html
    else:
        text, html = FILES[style].text([entry]), None
    if request.accept_mimetypes.best_match(["application/json", PLAIN]) == PLAIN:
        response = _plain(text)
    else:
        body = {"id": entry.id, "style": style, **told, "text": text, "html": html}
        response = conditional(body)
    response.vary.add("Accept")
    return response


def _plain(text: str) -> Response:
    response = Response(text, mimetype=PLAIN)
    response.add_etag()
    response.cache_control.public = True
    response.cache_control.max_age = KEPT
    response.make_conditional(request)
    return response
