"""People as archival authority records: EAC-CPF 2.0."""

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from biobank.downloads import edition_in
from biobank.errors import NotFound
from biobank.exchange.eac.writing import described
from biobank.extensions import services
from biobank.i18n import LANGUAGES
from biobank.web.blueprint import blueprint

MEDIA_TYPE = "application/xml"


@blueprint.get("/people/<person_id>.eac.xml")
def person_eac(person_id: str) -> AnyResponse:
    """Return the published record of a person, in all three languages."""
    edition = edition_in(services.catalogue(), LANGUAGES[0], services.database)
    text = described(services.database, person_id, edition)
    if text is None:
        raise NotFound(f"There is no published person {person_id[:120]!r}.")
    response = Response(text, mimetype=MEDIA_TYPE)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.add_etag()
    return response.make_conditional(request)
