"""The OpenAPI document, built on first request.

It is rarely requested, and building it costs as much as the rest of `create_app`.
"""

import json
from functools import cache
from typing import Any

from flask import Flask
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
