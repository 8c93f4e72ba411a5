"""The page about open data, and the dumps."""

from pathlib import Path

from flask import Response, redirect, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from biobank.described import liked_best
from biobank.errors import Busy, NotFound
from biobank.exchange.dumps import manifest as manifests
from biobank.exchange.dumps.keeping import current
from biobank.exchange.linked.vocabularies import LICENCE
from biobank.extensions import services
from biobank.readers import download
from biobank.web.blueprint import LANG, blueprint
from biobank.web.data_page import make_data_page
from biobank.web.negotiation import language_of_request
from biobank.web.rendering import Head, render_page
from biobank.web.text import _

#: Seconds for which a dump may be cached without revalidation.
KEPT = 300


@blueprint.get(f"/{LANG}/data")
def data(lang: str) -> str:
    head = Head(_("Open data"), _("Every way in which programs and scholars have the bank."))
    return render_page("data.html", head, page=make_data_page(lang))


@blueprint.get("/dumps/")
def dumps() -> AnyResponse:
    """Redirect to the list of dumps: the manifest for programs, the page for people."""
    if liked_best(("text/html", "application/json")) == "application/json":
        response = redirect(url_for("web.dump", file=manifests.FILE), 303)
    else:
        page = url_for("web.data", lang=language_of_request(), _anchor="dumps")
        response = redirect(page, 303)
    response.vary.update(("Accept", "Accept-Language"))
    return response


@blueprint.get("/dumps/<file>")
def dump(file: str) -> AnyResponse:
    """Send one file of the current dumps, with range support for resumed downloads."""
    found = current(services.settings.dumps_dir)
    if found is None:
        raise NotFound(_("The files of the bank are not made yet."))
    folder, manifest = found
    if file in (manifests.FILE, manifests.SUMS):
        return _send(folder / file)
    known = manifest.file(file)
    if known is None:
        raise NotFound(_("There is no such dump."))
    return download(lambda: _send(folder / file, known.sha256, known.media_type))


def _send(file: Path, etag: str | bool = True, media_type: str | None = None) -> Response:
    """Send a file with `Last-Modified`, an ETag and ranges."""
    try:
        response = send_file(
            file.absolute(), media_type, as_attachment=True, etag=etag, max_age=KEPT
        )
    except OSError as error:
        # A newer dump replaced the file in the meantime.
        raise Busy("Newer files are just taking the place of these. Try again.") from error
    response.headers["Link"] = f'<{LICENCE}>; rel="license"'
    response.headers["X-Robots-Tag"] = "noindex"
    # With direct passthrough, the end of the response would not be signalled.
    response.direct_passthrough = False
    return response
