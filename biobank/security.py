"""What every answer carries and what no request may: headers, and a guard at the door."""

import re

from flask import Flask, Request, Response, request
from werkzeug.exceptions import BadRequest

#: C0 and C1 controls; PostgreSQL refuses NUL, and none of them belongs in an address.
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")

POLICY = "; ".join(
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
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}
#: Sent where the bank is served over https, for two years, as browsers ask for.
STRICT_TRANSPORT = "max-age=63072000; includeSubDomains"
API_PREFIX = "/api/"
#: What is made for programs: the API, what pages of other sites embed, what describes a page to
#: them. Their errors are told to programs as well.
PROGRAM_PREFIXES = (API_PREFIX, "/widget/", "/oembed")
#: What pages of other sites may read: that, and permanent addresses with the data behind them,
#: which begin with no language and read no cookie.
OPEN_PREFIXES = (
    *PROGRAM_PREFIXES,
    "/people/",
    "/organisations/",
    "/places/",
    "/terms/",
    "/sources/",
    "/dumps/",
    "/.well-known/void",
)
#: Feeds are read by pages of others as well, wherever they are; by their type.
FEED = "application/atom+xml"
#: What scripts of other sites may send when they read: for conditional answers, ranges, languages.
#: Not a token, which belongs to programs and not to pages.
SENT_HEADERS = "Accept, Accept-Language, Content-Type, If-Modified-Since, If-None-Match, Range"
#: Pictures that pages of other sites show, those among them that let in nothing by default.
SHOWN_PREFIXES = ("/medallion/", "/media/")


def init_app(app: Flask) -> None:
    app.before_request(_guard)
    app.before_request(_preflight)
    app.after_request(_add_headers)


def _guard() -> None:
    """Refuses control characters and broken UTF-8 in an address before anything reads it."""
    for what, text in (("path", request.path), *_arguments(request)):
        if CONTROL.search(text):
            raise BadRequest(f"The {what} holds a control character; remove it.")
        # Werkzeug marks bytes that are no UTF-8 with U+FFFD in the path, and quotes them in values.
        if "\ufffd" in text:
            raise BadRequest(f"The {what} is not valid UTF-8.")
    try:
        _percent_decoded(request.query_string)
    except UnicodeDecodeError as error:
        raise BadRequest("The query is not valid UTF-8.") from error


def _preflight() -> Response | None:
    """Tells a browser that asks first what a page of another site may send; rights come later."""
    asks = request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers
    if not (asks and request.path.startswith(OPEN_PREFIXES)):
        return None
    response = Response(status=204)
    response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, POST"
    response.headers["Access-Control-Allow-Headers"] = SENT_HEADERS
    response.headers["Access-Control-Max-Age"] = "86400"
    return response


def _arguments(current: Request) -> list[tuple[str, str]]:
    return [
        pair
        for name, value in current.args.items(multi=True)
        for pair in (("name of an argument", name), (f"argument {name[:40]!r}", value))
    ]


def _percent_decoded(query: bytes) -> str:
    return re.sub(rb"%([0-9A-Fa-f]{2})", lambda found: bytes([int(found[1], 16)]), query).decode(
        "utf-8"
    )


def _add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
    if request.path.startswith(OPEN_PREFIXES) or response.mimetype == FEED:
        # Reading is open to every site; no cookie is ever read here.
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = (
            "Content-Disposition, ETag, Link, Retry-After, X-RateLimit-Limit, "
            "X-RateLimit-Remaining, X-RateLimit-Reset, X-Total-Count"
        )
    if request.path.startswith(OPEN_PREFIXES + SHOWN_PREFIXES):
        response.headers.setdefault("Cross-Origin-Resource-Policy", "cross-origin")
    return response
