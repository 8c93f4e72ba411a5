"""The page about open data, and the dumps."""

from pathlib import Path

from flask import Response, redirect, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from biobank.errors import Busy, NotFound
from biobank.exchange.dumps import manifest as manifests
from biobank.exchange.dumps.publisher import current_dump
from biobank.exchange.formats.linked_data.uris import LICENCE_URI
from biobank.http.download_limits import limit_downloads
from biobank.http.extensions import services
from biobank.http.linked_data import best_media_type
from biobank.web.core.blueprint import LANG_RULE, blueprint
from biobank.web.core.gettext import _
from biobank.web.core.negotiation import language_of_request
from biobank.web.core.rendering import PageMetadata, render_page
from biobank.web.data.page import make_data_page

#: Seconds for which a dump may be cached without revalidation.
DUMP_CACHE_SECONDS = 300


@blueprint.get(f"/{LANG_RULE}/data")
def data(lang: str) -> str:
    head = PageMetadata(
        _("Open data"), _("Data files, API, linked data and feeds for researchers and developers.")
    )
    return render_page("data.html", head, page=make_data_page(lang))


@blueprint.get("/dumps/")
def dumps() -> AnyResponse:
    """Redirect to the list of dumps: the manifest for programs, the page for people."""
    if best_media_type(("text/html", "application/json")) == "application/json":
        response = redirect(url_for("web.dump", file=manifests.MANIFEST_FILE), 303)
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
    if file in (manifests.MANIFEST_FILE, manifests.CHECKSUMS_FILE):
        return _send_dump(folder / file)
    dump_file = manifest.file(file)
    if dump_file is None:
        raise NotFound(_("File not found."))
    return limit_downloads(
        lambda: _send_dump(folder / file, dump_file.sha256, dump_file.media_type)
    )


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
