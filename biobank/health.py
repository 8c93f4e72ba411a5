"""Health checks and Prometheus metrics, outside the API."""

import os
import time
from typing import Any

from flask import Blueprint, Flask, Response, current_app, g, jsonify, request
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

from biobank.bootstrap import Services
from biobank.errors import BiobankError
from biobank.extensions import limiter, services
from biobank.store import schema

health = Blueprint("health", __name__)
limiter.exempt(health)

requests_total = Counter(
    "biobank_requests_total", "Requests by endpoint and status", ["endpoint", "status"]
)
request_seconds = Histogram(
    "biobank_request_seconds", "Seconds from request to answer by endpoint", ["endpoint"]
)
#: Environment variable set by `serve`: the directory in which workers share their metrics.
SHARED_FIGURES = "PROMETHEUS_MULTIPROC_DIR"


def init_app(app: Flask, its: Services) -> None:
    app.register_blueprint(health)
    app.before_request(_start_clock)
    app.after_request(_count)
    app.extensions["biobank-outstanding-at-start"] = _newest_outstanding(its)


@health.get("/health/live")
def live() -> Response:
    """Return 200 as long as the process answers."""
    return jsonify(status="ok")


@health.get("/health/ready")
def ready() -> tuple[Response, int]:
    """Return 200 once store, index and names answer and the backlog at start is indexed."""
    try:
        facts = _facts()
    except BiobankError as error:
        return jsonify(status="not ready", code=error.code, detail=error.plain), 503
    good = facts["outstanding_at_start"] == 0 and facts["names_ready"]
    return jsonify(status="ok" if good else "catching up", **facts), 200 if good else 503


@health.get("/metrics")
def metrics() -> Response:
    """Return metrics in the Prometheus text format, aggregated over all workers."""
    shared = CollectorRegistry()
    if SHARED_FIGURES in os.environ:
        MultiProcessCollector(shared)  # type: ignore[no-untyped-call]
    counted = generate_latest(shared if SHARED_FIGURES in os.environ else REGISTRY)
    return Response(counted + generate_latest(_bank_figures()), content_type=CONTENT_TYPE_LATEST)


def _facts() -> dict[str, Any]:
    services.database.ping()
    schema.require_current(services.database)
    index = services.engine.health()
    people = services.people_count()
    return {
        "generation": index.generation,
        "people_in_store": people,
        "people_in_index": index.documents,
        "agree": people == index.documents,
        "names_ready": services.names.ready,
        "outstanding": services.indexer.outstanding(),
        "outstanding_at_start": _left_from_start(),
    }


def _left_from_start() -> int:
    newest = current_app.extensions["biobank-outstanding-at-start"]
    return services.indexer.outstanding(up_to=newest) if newest else 0


def _newest_outstanding(its: Services) -> int:
    """Return the id of the newest outbox row waiting at start, 0 if there is none or no store."""
    try:
        schema.require_current(its.database)
        return its.indexer.newest_outstanding()
    except BiobankError:
        return 0


def _bank_figures() -> CollectorRegistry:
    registry = CollectorRegistry()
    people = Gauge("biobank_people", "People that are public", registry=registry)
    people.set(services.people_count())
    waiting = Gauge("biobank_outbox", "Changes that are not yet indexed", registry=registry)
    waiting.set(services.indexer.outstanding())
    return registry


def _start_clock() -> None:
    g.started = time.perf_counter()


def _count(response: Response) -> Response:
    endpoint = request.endpoint or "none"
    requests_total.labels(endpoint, response.status_code).inc()
    if "started" in g:
        request_seconds.labels(endpoint).observe(time.perf_counter() - g.started)
    return response
