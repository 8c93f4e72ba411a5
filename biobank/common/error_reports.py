"""Optional reports of errors to Sentry (`pip install "biobank[sentry]"`), without personal data.

The library is imported only if `BIOBANK_SENTRY_DSN` is set. What is sent is a list of what may be sent:
names of exceptions and functions, never messages, values, addresses, headers, paths or queries. The
request id leads to the line of the log.
"""

from typing import TYPE_CHECKING, Any, cast

from structlog.contextvars import get_contextvars

from biobank import __version__
from biobank.errors import BadSetting
from biobank.settings import Settings

if TYPE_CHECKING:
    from sentry_sdk.types import Event, Hint

#: Parts of an event that are sent as they are. `transaction` is the endpoint.
_EVENT_PARTS = ("event_id", "timestamp", "platform", "level", "logger", "release", "environment", "sdk")
_FRAME_PARTS = ("filename", "function", "module", "lineno", "in_app")


def configure(settings: Settings) -> None:
    """Report errors of this process if the settings say so.

    Raises:
        BadSetting: If the library is not installed or the address is none of Sentry.
    """
    if not settings.sentry_dsn:
        return
    try:
        import sentry_sdk
        from sentry_sdk.integrations.flask import FlaskIntegration
    except ImportError as error:
        raise BadSetting("BIOBANK_SENTRY_DSN needs: pip install 'biobank[sentry]'") from error
    try:
        sentry_sdk.init(
            dsn=settings.sentry_dsn,
            # By default Sentry imports and patches every library that it knows and finds installed.
            auto_enabling_integrations=False,
            integrations=[FlaskIntegration()],
            # Personal data (send_default_pii) are off by default.
            release=f"biobank@{__version__}",
            include_local_variables=False,
            include_source_context=False,
            max_request_body_size="never",
            max_breadcrumbs=0,
            auto_session_tracking=False,
            send_client_reports=False,
            traces_sample_rate=None,
            server_name="",
            before_send=scrub_event,
        )
    except sentry_sdk.utils.BadDsn as error:
        raise BadSetting("BIOBANK_SENTRY_DSN must be the DSN of a Sentry project") from error


def scrub_event(event: "Event", _hint: "Hint") -> "Event":
    """Return what may be sent of an event."""
    parts: dict[str, Any] = dict(event)
    scrubbed = {name: parts[name] for name in _EVENT_PARTS if name in parts}
    request_id = get_contextvars().get("request_id")
    if request_id:
        scrubbed["tags"] = {"request_id": request_id}
    method = (parts.get("request") or {}).get("method")
    if method:
        scrubbed["request"] = {"method": method}
    if (parts.get("transaction_info") or {}).get("source") == "component":
        # An endpoint such as web.person; other sources may be paths.
        scrubbed["transaction"] = parts["transaction"]
    if "logentry" in parts:
        # The text without what is filled in.
        scrubbed["logentry"] = {"message": parts["logentry"].get("message", "")}
    values = (parts.get("exception") or {}).get("values") or ()
    if values:
        scrubbed["exception"] = {"values": [_scrub_exception(value) for value in values]}
    return cast("Event", scrubbed)


def _scrub_exception(value: dict[str, Any]) -> dict[str, Any]:
    frames = (value.get("stacktrace") or {}).get("frames") or ()
    return {
        "type": value.get("type"),
        "module": value.get("module"),
        "stacktrace": {
            "frames": [{name: frame[name] for name in _FRAME_PARTS if name in frame} for frame in frames]
        },
    }
