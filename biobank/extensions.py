"""Flask extensions, unbound until `create_app`, and the services of the running app."""

from typing import cast

from flask import Flask, Response, current_app, g
from flask_babel import Babel
from flask_compress import Compress
from flask_limiter import HeaderNames, Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFProtect
from werkzeug.local import LocalProxy

from biobank.bootstrap import Services
from biobank.i18n import LANGUAGES

#: Requests of one address in one second; counted by each worker for itself, so never fewer.
READING_LIMIT = "100 per second"

#: Flask-Limiter tells in every answer when to come back, and 0 in a refusal late in its second.
_COME_BACK = "X-RateLimit-Come-Back"

babel = Babel()
compress = Compress()
csrf = CSRFProtect()
limiter = Limiter(
    get_remote_address,
    default_limits=[READING_LIMIT],
    storage_uri="memory://",
    headers_enabled=True,
    header_name_mapping={HeaderNames.RETRY_AFTER: _COME_BACK},
)
services: Services = cast(Services, LocalProxy(lambda: current_app.extensions["biobank"]))


def bind_limiter(app: Flask) -> None:
    """Limits what is asked. `Retry-After` is told by refusals alone, as `biobank.failures` says.

    On a redirect it would have programs wait before they follow it.
    """
    # Of what runs after a request the last bound comes first: this sees what the limiter added.
    app.after_request(_without_come_back)
    limiter.init_app(app)


def _without_come_back(response: Response) -> Response:
    response.headers.pop(_COME_BACK, None)
    return response


def locale() -> str:
    """The language of the page being made; the API's own words are English."""
    return str(g.get("lang", LANGUAGES[1]))
