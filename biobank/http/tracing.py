"""Optional traces of requests by OpenTelemetry (`pip install "biobank[opentelemetry]"`).

The library is imported only if `BIOBANK_OTLP_ENDPOINT` is set. A span has method, route, status and request
id; no address, path or query.
"""

from typing import Any

from flask import Flask, Response, g, request

from biobank import __version__
from biobank.errors import BadSetting
from biobank.settings import Settings

#: Status from which on a response is an error of the server.
_SERVER_ERROR = 500


def init_app(app: Flask, settings: Settings) -> None:
    """Send a span of each request to the collector, if the settings name one.

    Raises:
        BadSetting: If the library is not installed.
    """
    if not settings.otlp_endpoint:
        return
    tracer = _make_tracer(settings.otlp_endpoint)

    def start_span() -> None:
        rule = request.url_rule.rule if request.url_rule else "none"
        g.span = tracer.start_span(
            rule,
            context=_parent_context() if settings.trusted_proxies else None,
            attributes={"http.request.method": request.method, "http.route": rule},
        )

    def describe_response(response: Response) -> Response:
        if "span" in g:
            g.span.set_attribute("http.response.status_code", response.status_code)
            g.span.set_attribute("biobank.request_id", g.get("request_id", ""))
            if response.status_code >= _SERVER_ERROR:
                g.span.set_status(_error_status())
        return response

    def end_span(_error: BaseException | None) -> None:
        if "span" in g:
            g.pop("span").end()

    app.before_request(start_span)
    app.after_request(describe_response)
    app.teardown_request(end_span)


def _make_tracer(endpoint: str) -> Any:
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor
    except ImportError as error:
        raise BadSetting("BIOBANK_OTLP_ENDPOINT needs: pip install 'biobank[opentelemetry]'") from error
    # Not Resource.create(), which adds the names of the machine and its processes.
    provider = TracerProvider(resource=Resource({"service.name": "biobank", "service.version": __version__}))
    provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=f"{endpoint}/v1/traces")))
    return provider.get_tracer("biobank", __version__)


def _parent_context() -> Any:
    """Return the trace that the proxy has begun."""
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    return TraceContextTextMapPropagator().extract(request.headers)


def _error_status() -> Any:
    from opentelemetry.trace import Status, StatusCode

    return Status(StatusCode.ERROR)
