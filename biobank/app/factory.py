"""The Flask application factory: extensions, blueprints, headers and error handlers."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from biobank import settings
from biobank.api import (  # noqa: F401 - imported to register their routes
    cards,
    changes,
    citations,
    me,
    people,
    reconcile,
    reference,
    revisions,
    search,
    states,
    writing,
)
from biobank.api.blueprint import BLUEPRINTS, IdConverter
from biobank.api.docs import docs
from biobank.app import error_handlers
from biobank.bootstrap import Services, make_services
from biobank.common import error_reports, logs
from biobank.http import auth, extensions, health, request_log, security_headers, tracing
from biobank.http.middleware import ConcurrencyLimitMiddleware
from biobank.settings import Settings
from biobank.web import WEB_BLUEPRINTS
from biobank.web.core import gettext
from biobank.widget import blueprint as widget

#: Maximum size of a request body in bytes; records are bounded well below.
MAX_BODY_BYTES = 8_000_000


def create_app(services: Services | None = None, max_concurrency: int = 0) -> Flask:
    """Create the application over `services`, or over those that the environment configures.

    At most `max_concurrency` threads build responses at the same time; 0 means no limit.
    """
    app_services = services or _configured_services()
    app = Flask("biobank")
    app.extensions["biobank"] = app_services
    _configure(app, app_services.settings)
    request_log.init_app(app)
    tracing.init_app(app, app_services.settings)
    security_headers.init_app(app, app_services.settings)
    health.init_app(app, app_services)
    _init_extensions(app)
    auth.init_app(app)
    app.url_map.converters["id"] = IdConverter
    for blueprint in (*BLUEPRINTS, docs, *WEB_BLUEPRINTS, widget):
        app.register_blueprint(blueprint)
    error_handlers.init_app(app)
    if max_concurrency:
        app.wsgi_app = ConcurrencyLimitMiddleware(app.wsgi_app, max_concurrency)  # type: ignore[method-assign]
    return app


def _configured_services() -> Services:
    loaded = settings.load()
    logs.configure(loaded)
    error_reports.configure(loaded)
    return make_services(loaded)


def _configure(app: Flask, app_settings: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key(app_settings),
        MAX_CONTENT_LENGTH=MAX_BODY_BYTES,
        # Pages and API responses are large and shared by all readers, so they are compressed well.
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        BABEL_TRANSLATION_DIRECTORIES="translations",
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.strict_slashes = True
    if app_settings.trusted_proxies:
        proxy_count = app_settings.trusted_proxies
        proxied = ProxyFix(app.wsgi_app, x_for=proxy_count, x_proto=proxy_count, x_host=proxy_count)
        app.wsgi_app = proxied  # type: ignore[method-assign]


def _init_extensions(app: Flask) -> None:
    extensions.babel.init_app(app, locale_selector=extensions.select_locale)
    gettext.install(app.jinja_env)
    extensions.compress.init_app(app)
    extensions.init_limiter(app)
