"""The open data page, dumps and permanent URLs."""

from pathlib import Path

from flask import Response, redirect, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from biobank.errors import Busy, NotFound
from biobank.exchange.dumps.files import CHECKSUMS_FILE, MANIFEST_FILE
from biobank.exchange.dumps.publisher import current_dump
from biobank.exchange.formats.linked_data.description_queries import (
    count_entities,
    describe_dataset,
    describe_void,
)
from biobank.exchange.formats.linked_data.graph import LICENCE_URI
from biobank.exchange.formats.linked_data.serializations import SERIALIZATIONS
from biobank.http.download_limits import limit_downloads
from biobank.http.extensions import services
from biobank.http.linked_data import best_media_type, uris
from biobank.records.vocabulary.models import term_key
from biobank.web.core.blueprint import LANG_RULE, blueprint
from biobank.web.core.gettext import _
from biobank.web.core.negotiation import language_of_request
from biobank.web.core.rendering import PageMetadata, render_page
from biobank.web.data.pages import current_manifest, make_data_page
from biobank.web.data.permalinks import (
    ORGANISATION_RESOURCE,
    PERSON_RESOURCE,
    PLACE_RESOURCE,
    SCHEME_RESOURCE,
    SOURCE_RESOURCE,
    TERM_RESOURCE,
    describe_resource,
    negotiated_description,
    redirect_to_representation,
)

#: Seconds for which a dump may be cached without revalidation.
DUMP_CACHE_SECONDS = 300


@blueprint.get(f"/{LANG_RULE}/data")
def data(lang: str) -> str:
    head = PageMetadata(
        _("Open data"), _("Data files, API, linked data and feeds for researchers and developers.")
    )
    return render_page("data/data.html", head, page=make_data_page(lang))


@blueprint.get("/dumps/")
def dumps() -> AnyResponse:
    """Redirect to the list of dumps: the manifest for programs, the page for people."""
    if best_media_type(("text/html", "application/json")) == "application/json":
        response = redirect(url_for("web.dump", file=MANIFEST_FILE), 303)
    else:
        page = url_for("web.data", lang=language_of_request(), _anchor="dumps")
        response = redirect(page, 303)
    response.vary.update(("Accept", "Accept-Language"))
    return response


@blueprint.get("/dumps/<file>")
def dump(file: str) -> AnyResponse:
    """Send one file of the current dumps, with range support for resumed downloads."""
    current_dumps = current_dump(services.settings.dumps_dir)
    if current_dumps is None:
        raise NotFound(_("The data files are not ready yet."))
    folder, manifest = current_dumps
    if file in (MANIFEST_FILE, CHECKSUMS_FILE):
        return _send_dump(folder / file)
    dump_file = manifest.file(file)
    if dump_file is None:
        raise NotFound(_("File not found."))
    return limit_downloads(lambda: _send_dump(folder / file, dump_file.sha256, dump_file.media_type))


def _send_dump(file: Path, etag: str | bool = True, media_type: str | None = None) -> Response:
    """Send a file with `Last-Modified`, an ETag and ranges."""
    try:
        response = send_file(
            file.absolute(), media_type, as_attachment=True, etag=etag, max_age=DUMP_CACHE_SECONDS
        )
    except OSError as error:
        # A newer dump replaced the file in the meantime.
        raise Busy("Newer files are just taking the place of these. Try again.") from error
    response.headers["Link"] = f'<{LICENCE_URI}>; rel="license"'
    response.headers["X-Robots-Tag"] = "noindex"
    # With direct passthrough, the end of the response would not be signalled.
    response.direct_passthrough = False
    return response


FORMAT_RULE = f"<any({', '.join(SERIALIZATIONS)}):ending>"


@blueprint.get("/people/<id:person_id>")
def permanent(person_id: str) -> AnyResponse:
    """Redirect from the permanent URI of a person to the negotiated representation."""
    return redirect_to_representation(PERSON_RESOURCE, person_id)


@blueprint.get(f"/people/<id:person_id>.{FORMAT_RULE}")
def person_form(person_id: str, ending: str) -> AnyResponse:
    return describe_resource(PERSON_RESOURCE, person_id, SERIALIZATIONS[ending])


@blueprint.get("/organisations/<id:organisation_id>")
def permanent_organisation(organisation_id: str) -> AnyResponse:
    return redirect_to_representation(ORGANISATION_RESOURCE, organisation_id)


@blueprint.get(f"/organisations/<id:organisation_id>.{FORMAT_RULE}")
def organisation_form(organisation_id: str, ending: str) -> AnyResponse:
    return describe_resource(ORGANISATION_RESOURCE, organisation_id, SERIALIZATIONS[ending])


@blueprint.get("/places/<id:place_id>")
def permanent_place(place_id: str) -> AnyResponse:
    return redirect_to_representation(PLACE_RESOURCE, place_id)


@blueprint.get(f"/places/<id:place_id>.{FORMAT_RULE}")
def place_form(place_id: str, ending: str) -> AnyResponse:
    return describe_resource(PLACE_RESOURCE, place_id, SERIALIZATIONS[ending])


@blueprint.get("/sources/<id:source_id>")
def permanent_source(source_id: str) -> AnyResponse:
    return redirect_to_representation(SOURCE_RESOURCE, source_id)


@blueprint.get(f"/sources/<id:source_id>.{FORMAT_RULE}")
def source_form(source_id: str, ending: str) -> AnyResponse:
    return describe_resource(SOURCE_RESOURCE, source_id, SERIALIZATIONS[ending])


@blueprint.get("/terms/<id:vocabulary>")
def permanent_scheme(vocabulary: str) -> AnyResponse:
    return redirect_to_representation(SCHEME_RESOURCE, vocabulary)


@blueprint.get(f"/terms/<id:vocabulary>.{FORMAT_RULE}")
def scheme_form(vocabulary: str, ending: str) -> AnyResponse:
    return describe_resource(SCHEME_RESOURCE, vocabulary, SERIALIZATIONS[ending])


@blueprint.get("/terms/<id:vocabulary>/<id:term_id>")
def permanent_term(vocabulary: str, term_id: str) -> AnyResponse:
    return redirect_to_representation(TERM_RESOURCE, term_key(vocabulary, term_id))


@blueprint.get(f"/terms/<id:vocabulary>/<id:term_id>.{FORMAT_RULE}")
def term_form(vocabulary: str, term_id: str, ending: str) -> AnyResponse:
    return describe_resource(TERM_RESOURCE, term_key(vocabulary, term_id), SERIALIZATIONS[ending])


@blueprint.get("/.well-known/void")
def void() -> Response:
    """Return the VoID description of the bank as a data set."""
    bank_uris, manifest = uris(), current_manifest()
    with services.database.read() as session:
        counts = count_entities(session, services.catalogue().public)
    files = [file.name for file in manifest.files if file.statements] if manifest else ()
    triples = manifest.triple_count if manifest else None
    return negotiated_description(
        (*describe_dataset(counts, bank_uris, files, triples), *describe_void(bank_uris))
    )
