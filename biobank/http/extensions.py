"""Flask extensions, unbound until `create_app`, and the services of the running app."""

from typing import cast

from flask import Flask, Response, current_app, g, request
from flask_babel import Babel
from flask_compress import Compress
from flask_limiter import HeaderNames, Limiter
from flask_wtf.csrf import CSRFProtect
from werkzeug.local import LocalProxy

from biobank.bootstrap import Services
from biobank.common.i18n import LANGUAGES
from biobank.common.networks import READ_RATE_LIMIT, client_network

#: Flask-Limiter sets this header in every response, with 0 late in the window.
_RETRY_HEADER = "X-RateLimit-Come-Back"


def request_network() -> str:
    """Return the network of the client, by which requests are limited."""
    return client_network(request.remote_addr or "")


babel = Babel()
compress = Compress()
csrf = CSRFProtect()
limiter = Limiter(
    request_network,
    default_limits=[READ_RATE_LIMIT],
    storage_uri="memory://",
    headers_enabled=True,
    header_name_mapping={HeaderNames.RETRY_AFTER: _RETRY_HEADER},
)
services: Services = cast(Services, LocalProxy(lambda: current_app.extensions["biobank"]))


def init_limiter(app: Flask) -> None:
    """Bind the rate limiter. Only errors carry `Retry-After`, set by `biobank.app.error_handlers`.

    On a redirect it would make programs wait before they follow it.
    """
    # The function registered last runs first, so this one sees the headers that the limiter added.
    app.after_request(_drop_retry_header)
    limiter.init_app(app)


def _drop_retry_header(response: Response) -> Response:
    response.headers.pop(_RETRY_HEADER, None)
    return response


def select_locale() -> str:
    """Return the language of the page; the API's own messages are English."""
    return str(g.get("lang", LANGUAGES[1]))
