"""Security headers of responses, CORS, and rejection of malformed requests."""

import re

from flask import Flask, Request, Response, current_app, request
from werkzeug.exceptions import BadHost, BadRequest

from biobank.common.text import REPLACEMENT_CHAR, URL_CONTROL_CHARS
from biobank.errors import UnknownHost
from biobank.http.hosts import AllowedHosts
from biobank.settings import Settings

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
#: Sent over HTTPS only; two years, as browsers recommend.
HSTS_VALUE = "max-age=63072000; includeSubDomains"
API_PREFIX = "/api/"
#: Paths for programs: the API, the widget of other sites, oEmbed. Their errors are problem
#: documents.
PROGRAM_PREFIXES = (API_PREFIX, "/widget/", "/oembed")
#: Paths that other sites may read (CORS): programs' paths, and permanent URLs with their data,
#: which have no language prefix and read no cookie.
CORS_PREFIXES = (
    *PROGRAM_PREFIXES,
    "/people/",
    "/organisations/",
    "/places/",
    "/terms/",
    "/sources/",
    "/dumps/",
    "/.well-known/void",
)
#: Feeds may be read by other sites at any path; recognised by media type.
FEED_MEDIA_TYPE = "application/atom+xml"
#: Request headers that scripts of other sites may send, for conditional requests, ranges and
#: languages. Authorization is not among them: tokens are for programs, not for pages.
CORS_REQUEST_HEADERS = "Accept, Accept-Language, Content-Type, If-Modified-Since, If-None-Match, Range"
#: Images that other sites may embed, including those that send `Cross-Origin-Embedder-Policy`.
EMBEDDABLE_PREFIXES = ("/medallion/", "/media/")


#: Paths that monitors ask for by the address of a machine, and whose answers contain no URL.
HOSTLESS_PATHS = ("/health/live", "/health/ready", "/metrics")
_ALLOWED_HOSTS_KEY = "biobank-allowed-hosts"


def init_app(app: Flask, settings: Settings) -> None:
    app.extensions[_ALLOWED_HOSTS_KEY] = AllowedHosts(settings)
    app.before_request(_reject_bad_requests)
    app.before_request(_preflight)
    app.after_request(_add_headers)


def _reject_bad_requests() -> Response | None:
    """Reject a malformed or unknown Host, and control characters and broken UTF-8 in the URL, before they are read."""
    if not _is_host_valid():
        # No page can be rendered, because its links are built from the host.
        return Response("The Host header is not a valid host name.\n", 400, mimetype="text/plain")
    if request.path not in HOSTLESS_PATHS and not _allowed_hosts().allows(
        request.host, request.environ["SERVER_PORT"]
    ):
        raise UnknownHost
    for part, text in (("path", request.path), *_named_arguments(request)):
        if URL_CONTROL_CHARS.search(text):
            raise BadRequest(f"The {part} contains a control character. Remove it.")
        # Werkzeug replaces invalid UTF-8 by U+FFFD in the path and percent-encodes it in values.
        if REPLACEMENT_CHAR in text:
            raise BadRequest(f"The {part} is not valid UTF-8.")
    try:
        _percent_decoded(request.query_string)
    except UnicodeDecodeError as error:
        raise BadRequest("The query is not valid UTF-8.") from error
    return None


def _is_host_valid() -> bool:
    """Return whether URLs can be built from the Host header."""
    try:
        return bool(request.host_url) and not isinstance(request.routing_exception, BadHost)
    except ValueError:  # also UnicodeError, of internationalized names
        return False


def _allowed_hosts() -> AllowedHosts:
    allowed: AllowedHosts = current_app.extensions[_ALLOWED_HOSTS_KEY]
    return allowed


def _preflight() -> Response | None:
    """Answer a CORS preflight request; rights are checked later."""
    is_preflight = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
    if not (is_preflight and request.path.startswith(CORS_PREFIXES)):
        return None
    response = Response(status=204)
    response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST"
    response.headers["Access-Control-Allow-Headers"] = CORS_REQUEST_HEADERS
    response.headers["Access-Control-Max-Age"] = "86400"
    return response


def _named_arguments(current: Request) -> list[tuple[str, str]]:
    return [
        pair
        for name, value in current.args.items(multi=True)
        for pair in (("name of an argument", name), (f"argument {name[:40]!r}", value))
    ]


def _percent_decoded(query: bytes) -> str:
    return re.sub(rb"%([0-9A-Fa-f]{2})", lambda match: bytes([int(match[1], 16)]), query).decode("utf-8")


def _add_headers(response: Response) -> Response:
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", HSTS_VALUE)
    if request.path.startswith(CORS_PREFIXES) or response.mimetype == FEED_MEDIA_TYPE:
        # Reading is open to all sites; no cookie is read here.
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = (
            "Content-Disposition, ETag, Link, Retry-After, X-RateLimit-Limit, "
            "X-RateLimit-Remaining, X-RateLimit-Reset, X-Total-Count"
        )
    if request.path.startswith(CORS_PREFIXES + EMBEDDABLE_PREFIXES):
        response.headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin")
    return response
