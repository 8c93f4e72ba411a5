"""The OpenAPI document, and Swagger UI at /api/docs under the strict content security policy.

The document is rarely requested, and building it costs as much as the rest of `create_app`, so it is built
on first request.
"""

import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, Response, render_template, send_from_directory
from flask_smorest import Api

from biobank.api.blueprint import BLUEPRINTS, IdConverter, id_parameter

SPEC_OPTIONS: dict[str, Any] = {
    "components": {
        "securitySchemes": {
            "token": {
                "type": "http",
                "scheme": "bearer",
                "description": "An API token, created on the account page.",
            }
        }
    },
    "info": {
        "description": "Biographies of notable Azerbaijanis: search, suggestions, records.",
        "license": {"name": "CC BY 4.0 (texts)", "url": "https://creativecommons.org/licenses/by/4.0/"},
    },
}


@cache
def openapi_json() -> str:
    """Return the document as JSON; it is the same for every app, as it only describes routes.

    The routes are collected from a separate app that serves nothing: flask-smorest describes routes
    while it binds them, and would also bind error handlers, which `biobank.app.error_handlers`
    provides here.
    """
    app = Flask(__name__)
    app.url_map.converters["id"] = IdConverter
    app.config.update(API_TITLE="Biobank", API_VERSION="1", OPENAPI_VERSION="3.1.0")
    api = Api(app, spec_kwargs=SPEC_OPTIONS)
    api.register_converter(IdConverter, id_parameter)
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint)
    return json.dumps(api.spec.to_dict(), indent=2, ensure_ascii=False)


docs = Blueprint("docs", __name__, url_prefix="/api")

#: Of swagger-ui-dist 5.35.0, unchanged.
SWAGGER_DIR = Path(__file__).parents[1] / "static" / "swagger-ui"
SWAGGER_FILES = ("swagger-ui.css", "swagger-ui-bundle.js")


@docs.get("/openapi.json")
def document() -> Response:
    return Response(openapi_json(), content_type="application/json")


@docs.get("/docs")
def page() -> str:
    return render_template("api/docs.html")


@docs.get(f"/docs/<any({', '.join(repr(name) for name in SWAGGER_FILES)}):name>")
def file(name: str) -> Response:
    return send_from_directory(SWAGGER_DIR, name, max_age=86400)
