"""People as archival authority records: EAC-CPF 2.0."""

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from biobank.common.i18n import LANGUAGES
from biobank.errors import NotFound
from biobank.exchange.formats.eac.writer import export_person
from biobank.http.extensions import services
from biobank.http.streaming import export_context
from biobank.web.core.blueprint import blueprint

EAC_MEDIA_TYPE = "application/xml"


@blueprint.get("/people/<person_id>.eac.xml")
def person_eac(person_id: str) -> AnyResponse:
    """Return the published record of a person, in all three languages."""
    context = export_context(services.catalogue(), LANGUAGES[0], services.database)
    text = export_person(services.database, person_id, context)
    if text is None:
        raise NotFound(f"There is no published person {person_id[:120]!r}.")
    response = Response(text, mimetype=EAC_MEDIA_TYPE)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.add_etag()
    return response.make_conditional(request)
