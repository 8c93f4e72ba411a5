"""GET /people/{id}/citation and /sources/{id}/citation: a citation in a style or file format."""

from typing import Any

from flask import Response, request
from marshmallow import Schema, fields, validate

from biobank.api.blueprint import (
    conditional_json,
    document_errors,
    make_cacheable,
    people,
    query_arguments,
    reference,
)
from biobank.api.reference import load_public_source, redirect_to_merged
from biobank.api.schemas import CitationSchema
from biobank.common.i18n import LANGUAGES
from biobank.editorial.revisions.history import MAX_REVISION_NUMBER
from biobank.exchange.formats.citations.biography import load_biography
from biobank.exchange.formats.citations.item import CitationEntry, parse_csl
from biobank.exchange.formats.citations.styles import CITATION_FILE_FORMATS, CITATION_STYLES
from biobank.http.extensions import services
from biobank.http.streaming import export_context
from biobank.http.urls import permanent_revision_url
from biobank.records.reference.kinds import SOURCE_KIND

PLAIN_TEXT = "text/plain"


class StyleArgs(Schema):
    """The citation style or file format."""

    style = fields.String(
        load_default="apa", validate=validate.OneOf([*CITATION_STYLES, *CITATION_FILE_FORMATS])
    )


class BiographyArgs(StyleArgs):
    """The language of the cited biography and its revision (default: the current one)."""

    lang = fields.String(load_default=LANGUAGES[0], validate=validate.OneOf(LANGUAGES))
    revision = fields.Integer(load_default=None, validate=validate.Range(1, MAX_REVISION_NUMBER))


@people.get("/people/<id:person_id>/citation")
@query_arguments(people, BiographyArgs)
@people.response(200, CitationSchema)
@document_errors(people, 308, 404, 410)
def get_citation(person_id: str, style: str, lang: str, revision: int | None) -> Response:
    """Cite the biography of a person in one of its revisions; `text/plain` is the line alone.

    `html` marks italics as `<i>` and addresses as links; it is null for files.
    """
    context = export_context(services.catalogue(), lang)
    with services.database.read() as session:
        citation = load_biography(session, context, person_id, revision, permanent_revision_url)
    return _citation_response(citation.entry, style, {"lang": lang, "revision": citation.revision.number})


@reference.get("/sources/<id:source_id>/citation")
@query_arguments(reference, StyleArgs)
@reference.response(200, CitationSchema)
@document_errors(reference, 404)
def get_source_citation(source_id: str, style: str) -> Response:
    """Cite one source in a style or as a file; `text/plain` is the line alone.

    `lang` is the language of the work, as its record states it.
    """
    records = load_public_source(source_id)
    if source_id not in records:
        return redirect_to_merged(source_id, SOURCE_KIND, "reference.get_source_citation")
    entry = CitationEntry(source_id, parse_csl(records[source_id]["csl"]))
    return _citation_response(entry, style, {"lang": entry.item.lang, "revision": None})


def _citation_response(entry: CitationEntry, style: str, details: dict[str, Any]) -> Response:
    if style in CITATION_STYLES:
        line = CITATION_STYLES[style].write(entry.item)
        text, html = line.plain, line.html
    else:
        text, html = CITATION_FILE_FORMATS[style].text([entry]), None
    if request.accept_mimetypes.best_match(["application/json", PLAIN_TEXT]) == PLAIN_TEXT:
        response = make_cacheable(Response(text, mimetype=PLAIN_TEXT))
    else:
        response = conditional_json({"id": entry.id, "style": style, **details, "text": text, "html": html})
    response.vary.add("Accept")
    return response
