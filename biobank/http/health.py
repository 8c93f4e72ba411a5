"""Health checks and Prometheus metrics, outside the API."""

import os
import time
from datetime import datetime, timedelta
from hmac import compare_digest
from ipaddress import ip_address
from threading import Lock
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
from biobank.common.clock import now
from biobank.common.metrics import PROMETHEUS_DIR_ENV
from biobank.errors import BiobankError, NotFound
from biobank.exchange.dumps.publisher import first_removal_in_dumps
from biobank.http.extensions import limiter, services
from biobank.http.middleware import is_forwarded
from biobank.store import schema
from biobank.store.integrity import check_tables, check_writable, database_folder

health = Blueprint("health", __name__)
limiter.exempt(health)

requests_total = Counter("biobank_requests_total", "Requests by endpoint and status", ["endpoint", "status"])
request_seconds = Histogram("biobank_request_seconds", "Response time in seconds by endpoint", ["endpoint"])
#: Seconds for which an answer of /health/ready is repeated.
READINESS_SECONDS = 1.0
SECURITY_TXT_LIFETIME = timedelta(days=180)

_READINESS_KEY = "biobank-readiness"


def init_app(app: Flask, app_services: Services) -> None:
    app.register_blueprint(health)
    app.extensions[_READINESS_KEY] = _Readiness()
    app.before_request(_start_timer)
    app.after_request(_record_request)
    app.extensions["biobank-outstanding-at-start"] = _newest_outstanding(app_services)


@health.get("/health/live")
def live() -> Response:
    """Return 200 as long as the process answers."""
    return jsonify(status="ok")


@health.get("/health/ready")
def ready() -> tuple[Response, int]:
    """Return 200 once store, index and names answer and the backlog at start is indexed.

    Every table must be readable, and the disks of database and index writable.
    """
    readiness: _Readiness = current_app.extensions[_READINESS_KEY]
    facts, status = readiness.check()
    return jsonify(facts), status


class _Readiness:
    """The latest answer of /health/ready, which is repeated for a moment.

    A check reads every table and writes to the disks, and anybody may ask at any rate.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._valid_until = 0.0
        self._answer: tuple[dict[str, Any], int] = ({}, 503)

    def check(self) -> tuple[dict[str, Any], int]:
        """Return the facts and the status."""
        with self._lock:
            if time.monotonic() >= self._valid_until:
                self._answer = _check_readiness()
                self._valid_until = time.monotonic() + READINESS_SECONDS
            return self._answer


@health.get("/metrics")
def metrics() -> Response:
    """Return metrics in the Prometheus text format, aggregated over all workers.

    They are for the holder of the token and for programs on the same machine.
    """
    if not _may_read_metrics():
        advice = "Send the token of BIOBANK_METRICS_TOKEN, or ask from the machine of the server.\n"
        return Response(advice, 403, mimetype="text/plain")
    registry = CollectorRegistry()
    if PROMETHEUS_DIR_ENV in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    process_metrics = generate_latest(registry if PROMETHEUS_DIR_ENV in os.environ else REGISTRY)
    return Response(process_metrics + generate_latest(_bank_metrics()), content_type=CONTENT_TYPE_LATEST)


@health.get("/.well-known/security.txt")
def security_txt() -> Response:
    """Return where to report vulnerabilities (RFC 9116)."""
    contact = services.settings.security_contact
    if not contact:
        raise NotFound("There is no security contact: BIOBANK_SECURITY_CONTACT is not set.")
    # The whole day, so that the text stays the same and can be cached.
    expires = (now() + SECURITY_TXT_LIFETIME).strftime("%Y-%m-%dT00:00:00Z")
    lines = [f"Contact: {contact}", f"Expires: {expires}", "Preferred-Languages: az, en, ru"]
    if services.settings.base_url:
        lines.append(f"Canonical: {services.settings.base_url}/.well-known/security.txt")
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


def _may_read_metrics() -> bool:
    token = services.settings.metrics_token
    authorization = request.authorization
    if token and authorization is not None and authorization.type == "bearer":
        return compare_digest((authorization.token or "").encode(), token.encode())
    # A proxy on this machine passes on requests of others.
    return not is_forwarded(request.environ) and _is_loopback()


def _is_loopback() -> bool:
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        # Without an address the request came by a Unix socket, so from a proxy.
        return False


def _check_readiness() -> tuple[dict[str, Any], int]:
    try:
        facts = _readiness_facts()
    except BiobankError as error:
        return {"status": "not ready", "code": error.code, "detail": error.public_message}, 503
    is_ready = facts["outstanding_at_start"] == 0 and facts["names_ready"]
    return {"status": "ok" if is_ready else "catching up", **facts}, 200 if is_ready else 503


def _readiness_facts() -> dict[str, Any]:
    services.database.ping()
    schema.require_current_schema(services.database)
    check_tables(services.database)
    index = services.engine.health()
    for folder in (database_folder(services.database), services.settings.index_dir):
        if folder is not None:
            check_writable(folder)
    services.indexer.require_same_state()
    people = services.people_count()
    return {
        "generation": index.generation,
        "people_in_store": people,
        "people_in_index": index.documents,
        "agree": people == index.documents,
        "names_ready": services.names.is_ready,
        "outstanding": services.indexer.count_outstanding(),
        "outstanding_at_start": _startup_backlog(),
    }


def _startup_backlog() -> int:
    last_id = current_app.extensions["biobank-outstanding-at-start"]
    return services.indexer.count_outstanding(up_to=last_id) if last_id else 0


def _newest_outstanding(app_services: Services) -> int:
    """Return the id of the newest outbox row waiting at start, 0 if there is none or no store."""
    try:
        schema.require_current_schema(app_services.database)
        return app_services.indexer.latest_outstanding()
    except BiobankError:
        return 0


def _bank_metrics() -> CollectorRegistry:
    registry = CollectorRegistry()
    people_gauge = Gauge("biobank_people", "Published people", registry=registry)
    people_gauge.set(services.people_count())
    outbox_gauge = Gauge("biobank_outbox", "Changes not yet indexed", registry=registry)
    outbox_gauge.set(services.indexer.count_outstanding())
    delay_gauge = Gauge(
        "biobank_outbox_oldest_seconds", "Age of the oldest change not yet indexed", registry=registry
    )
    delay_gauge.set(_age_seconds(services.indexer.first_outstanding_at()))
    removal_gauge = Gauge(
        "biobank_removal_oldest_seconds",
        "Age of the oldest withdrawal or redaction that the data files still contain",
        registry=registry,
    )
    removal_gauge.set(_age_seconds(first_removal_in_dumps(services.database, services.settings.dumps_dir)))
    return registry


def _age_seconds(timestamp: datetime | None) -> float:
    return max(0.0, (now() - timestamp).total_seconds()) if timestamp else 0.0


def _start_timer() -> None:
    g.started = time.perf_counter()


def _record_request(response: Response) -> Response:
    endpoint = request.endpoint or "none"
    requests_total.labels(endpoint, response.status_code).inc()
    if "started" in g:
        request_seconds.labels(endpoint).observe(time.perf_counter() - g.started)
    return response
