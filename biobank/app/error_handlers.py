"""Error handlers: map domain error codes to HTTP statuses, for the API and the pages."""

import logging
from collections.abc import Iterator

from flask import Flask, Response, g, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import HTTPException, TooManyRequests

from biobank.api.problems import problem_response
from biobank.api.writing import draft_url
from biobank.app.gone import redirect_or_tombstone
from biobank.errors import (
    ACCOUNT_CODES,
    ADDRESS_CODES,
    IMPORT_CODES,
    PICTURE_CODES,
    BiobankError,
    EditConflict,
    NotFound,
    NotSignedIn,
    RecordRefused,
    TooManyAttempts,
    TooManyDownloads,
    UnknownHost,
)
from biobank.http.auth import SAFE_METHODS, action_for_endpoint
from biobank.http.security_headers import API_PREFIX, PROGRAM_PREFIXES
from biobank.web import error_page, redirect_to_sign_in

STATUS_BY_CODE = {
    "not_found": 404,
    "gone": 410,
    "edit_conflict": 409,
    "precondition_required": 428,
    "wrong_state": 409,
    "words_in_use": 409,
    "words_elsewhere": 409,
    "copy_too_long": 413,
    "too_many_copies": 409,
    "reference_changed": 409,
    "still_used": 409,
    "bad_query": 400,
    "bad_date": 400,
    "query_too_long": 400,
    "unknown_position": 400,
    "record_refused": 422,
    "not_signed_in": 401,
    "bad_token": 401,
    "forbidden": 403,
    "own_work": 403,
    "too_many_attempts": 429,
    "too_many_downloads": 429,
    "stale_form": 400,
    "foreign_host": 400,
    "mail_failed": 503,
    **dict.fromkeys(ACCOUNT_CODES, 422),
    **dict.fromkeys(PICTURE_CODES, 422),
    **dict.fromkeys(ADDRESS_CODES, 422),
    **dict.fromkeys(IMPORT_CODES, 422),
    "unreadable_file": 422,
    "search_unavailable": 503,
    "store_unavailable": 503,
    "busy": 503,
}
#: Codes of errors that the framework raises, by status.
CODE_BY_STATUS = {
    400: "bad_request",
    404: "not_found",
    405: "method_not_allowed",
    406: "not_acceptable",
    413: "too_large",
    414: "too_long",
    415: "unsupported_media_type",
    422: "invalid",
    429: "too_many_requests",
    501: "not_implemented",
}
#: Seconds after which a retry makes sense, by status.
RETRY_AFTER_SECONDS = {429: "1", 503: "5"}
#: Codes of refusals that somebody who tries to get around a control would see.
SECURITY_CODES = frozenset(
    (
        "forbidden",
        "own_work",
        "not_signed_in",
        "bad_token",
        "stale_form",
        "too_many_downloads",
    )
)

log = logging.getLogger(__name__)


def init_app(app: Flask) -> None:
    app.register_error_handler(BiobankError, _handle_domain_error)
    app.register_error_handler(HTTPException, _handle_http_error)
    app.register_error_handler(Exception, _handle_unexpected_error)


def _handle_domain_error(error: BiobankError) -> ResponseReturnValue:
    # A page without sign-in is no attempt: it leads to the sign-in.
    is_page = request.method in SAFE_METHODS and not request.path.startswith(API_PREFIX)
    if error.code in SECURITY_CODES and not (isinstance(error, NotSignedIn) and is_page):
        _log_refusal(error.code)
    if isinstance(error, NotSignedIn) and not request.path.startswith(API_PREFIX):
        return redirect_to_sign_in(error)
    if isinstance(error, NotFound) and (replacement := redirect_or_tombstone()) is not None:
        return replacement
    if isinstance(error, UnknownHost) and not request.path.startswith(PROGRAM_PREFIXES):
        # No page can be rendered, because its links are built from the host.
        return Response(f"{error.message}\n", 400, mimetype="text/plain")
    problems = [problem.to_dict() for problem in getattr(error, "problems", ())]
    status = _http_status(error)
    if status == 500:
        log.error("unmapped error code %s: %s", error.code, error.message)
    response = _error_response(
        status, error.code, _public_message(error), problems, **_conflict_details(error)
    )
    if isinstance(error, (TooManyAttempts, TooManyDownloads)):
        response.headers["Retry-After"] = str(error.wait)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="biobank"'
    return response


def _log_refusal(code: str) -> None:
    """Log that a security control refused a request: which, of whom, and what was tried."""
    actor = g.get("identity")
    facts = {
        "code": code,
        "action": str(action_for_endpoint(request.endpoint)),
        "role": actor.role if actor else "unknown",
        "user": actor.user_id if actor else None,
    }
    log.warning("refused", extra=facts)


def _handle_http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or 500
    if status < 400:
        # A redirect raised by the router, e.g. to the URL with a trailing slash.
        return error.get_response()
    if messages := getattr(error, "data", {}).get("messages"):
        return _error_response(status, "bad_query", _format_validation_errors(messages), [])
    message = error.description or error.name
    if isinstance(error, TooManyRequests):
        _log_refusal("too_many_requests")
        message = "Too many requests. Wait a second and try again."
    response = _error_response(status, CODE_BY_STATUS.get(status, "error"), message, [])
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _format_validation_errors(messages: object) -> str:
    """Format webargs messages by location and argument as one line: `page: Must be …`."""
    by_argument = next(iter(messages.values())) if isinstance(messages, dict) else {}
    return "; ".join(f"{name}: {' '.join(_flatten_messages(errors))}" for name, errors in by_argument.items())


def _flatten_messages(messages: object) -> Iterator[str]:
    """Yield the messages of an argument; those of a list argument are nested by index."""
    for entry in messages.values() if isinstance(messages, dict) else (messages,):
        if isinstance(entry, list):
            yield from map(str, entry)
        else:
            yield str(entry)


def _handle_unexpected_error(error: Exception) -> ResponseReturnValue:
    # The route, because a path may contain the key of a one-time link.
    rule = request.url_rule.rule if request.url_rule else "none"
    log.exception("unexpected error at %s", rule, exc_info=error)
    return _error_response(500, "internal", "An internal error occurred and was logged.", [])


def _http_status(error: BiobankError) -> int:
    """Return the status; a conflict is 412 if the request has `If-Match`, a taken id is 409."""
    if isinstance(error, EditConflict) and "If-Match" in request.headers:
        return 412
    if isinstance(error, RecordRefused) and any(entry.code == "id_taken" for entry in error.problems):
        return 409
    return STATUS_BY_CODE.get(error.code, 500)


def _public_message(error: BiobankError) -> str:
    """Return the message that may be shown to anyone; log the internal one."""
    if error.public_message != error.message:
        log.error("%s: %s", error.code, error.message)
    return "The record is invalid." if isinstance(error, RecordRefused) else error.public_message


def _conflict_details(error: BiobankError) -> dict[str, object]:
    """Return the revision numbers and the URL a program needs after an edit conflict."""
    if not isinstance(error, EditConflict):
        return {}
    return {"base": error.base, "head": error.latest, "read": draft_url(error.person_id)}


def _error_response(
    status: int, code: str, message: str, problems: list[dict[str, str]], **members: object
) -> Response:
    # These prefixes are for programs, so the error is a problem document.
    if request.path.startswith(PROGRAM_PREFIXES):
        response = problem_response(status, code, message, problems, **members)
    else:
        response = error_page(status, code, message)
    if status in RETRY_AFTER_SECONDS:
        response.headers["Retry-After"] = RETRY_AFTER_SECONDS[status]
    return response
