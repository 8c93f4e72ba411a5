"""One log line a request, and the request id that ties all lines of a request together."""

import logging
import re
import secrets
import time

from flask import Flask, Response, g, request
from structlog.contextvars import bind_contextvars, clear_contextvars

from biobank.http.extensions import services

REQUEST_ID_HEADER = "X-Request-ID"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    app.before_request(_bind_request_id)
    app.after_request(_log_request)


def _bind_request_id() -> None:
    g.request_started = time.perf_counter()
    g.request_id = _request_id()
    clear_contextvars()
    bind_contextvars(request_id=g.request_id)


def _request_id() -> str:
    """Return the id that a trusted proxy has given, else a new one."""
    proposed = request.headers.get(REQUEST_ID_HEADER, "")
    if services.settings.trusted_proxies and _REQUEST_ID.fullmatch(proposed):
        return proposed
    return secrets.token_hex(8)


def _log_request(response: Response) -> Response:
    if "request_id" not in g:
        return response
    response.headers[REQUEST_ID_HEADER] = g.request_id
    if log.isEnabledFor(logging.INFO):
        milliseconds = round(1000 * (time.perf_counter() - g.request_started), 1)
        facts: dict[str, object] = {
            "method": request.method if request.method in _METHODS else "other",
            "route": request.url_rule.rule if request.url_rule else "none",
            "status": response.status_code,
            "ms": milliseconds,
        }
        if services.settings.log_private:
            # JSON escapes control characters; the text form shows values by repr.
            facts |= {"address": request.remote_addr or "", "path": _path_without_key()}
        log.info("request", extra=facts)
    return response


def _path_without_key() -> str:
    """Return path and query, without the key of a one-time link."""
    path, key = request.full_path.rstrip("?"), (request.view_args or {}).get("key")
    return path.replace(key, "(hidden)") if key else path
