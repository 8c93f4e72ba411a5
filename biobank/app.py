"""The Flask application factory: extensions, blueprints, headers and error handlers."""

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from biobank import access, extensions, failures, health, security, settings
from biobank.api import (  # noqa: F401 - imported to register their routes
    cards,
    changes,
    citations,
    export,
    me,
    people,
    reconcile,
    reconcile_looks,
    reference,
    revisions,
    search,
    states,
    values,
    writing,
)
from biobank.api.blueprint import BLUEPRINTS, IdConverter
from biobank.api.docs import docs
from biobank.bootstrap import Services, make_services
from biobank.settings import Settings
from biobank.turns import Turns
from biobank.web import blueprint as pages
from biobank.widget import blueprint as widget

#: Maximum size of a request body in bytes; records are bounded well below.
BODY_MOST = 8_000_000


def create_app(services: Services | None = None, at_once: int = 0) -> Flask:
    """Create the application over `services`, or over those that the environment configures.

    At most `max_concurrency` threads build responses at the same time; 0 means no limit.
    """
    its = services or make_services(settings.load())
    app = Flask(__name__)
    app.extensions["biobank"] = its
    _configure(app, its.settings)
    security.init_app(app)
    health.init_app(app, its)
    _bind_extensions(app)
    access.init_app(app)
    app.url_map.converters["id"] = IdConverter
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.register_blueprint(docs)
    app.register_blueprint(pages)
    app.register_blueprint(widget)
    failures.init_app(app)
    if at_once:
        app.wsgi_app = Turns(app.wsgi_app, at_once, BODY_MOST)  # type: ignore[method-assign]
    return app


def _configure(app: Flask, its: Settings) -> None:
    app.config.update(
        SECRET_KEY=settings.secret_key(its),
        MAX_CONTENT_LENGTH=BODY_MOST,
        # Pages and API responses are large and shared by all readers, so they are compressed well.
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        BABEL_TRANSLATION_DIRECTORIES="translations",
    )
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.json.sort_keys = False  # type: ignore[attr-defined]
    app.url_map.strict_slashes = True
    if its.trusted_proxies:
        count = its.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]


def _bind_extensions(app: Flask) -> None:
    extensions.babel.init_app(app, locale_selector=extensions.locale)
    extensions.compress.init_app(app)
    extensions.bind_limiter(app)
