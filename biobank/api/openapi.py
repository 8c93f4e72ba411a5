"""The OpenAPI document, made when it is first asked for.

Few ask for it, and making it costs as much as all else that `create_app` does.
"""

import json
from functools import cache
from typing import Any

from flask import Flask
from flask_smorest import Api

from biobank.api.blueprint import BLUEPRINTS, IdConverter, id_parameter

ABOUT: dict[str, Any] = {
    "components": {
        "securitySchemes": {
            "token": {
                "type": "http",
                "scheme": "bearer",
                "description": "An API token, made on the page of one's account.",
            }
        }
    },
    "info": {
        "description": "Biographies of notable Azerbaijanis: search, suggestions, records.",
        "license": {
            "name": "CC BY 4.0 (texts)",
            "url": "https://creativecommons.org/licenses/by/4.0/",
        },
    },
}


@cache
def openapi_json() -> str:
    """The document as JSON; the same for every app, as it tells of routes and shapes alone.

    The routes are read off an app of their own, which answers nothing: flask-smorest describes
    them while it binds them, and binds handlers of errors too, which are `biobank.failures`' here.
    """
    app = Flask(__name__)
    app.url_map.converters["id"] = IdConverter
    app.config.update(API_TITLE="Biobank", API_VERSION="1", OPENAPI_VERSION="3.1.0")
    api = Api(app, spec_kwargs=ABOUT)
    api.register_converter(IdConverter, id_parameter)
    for blueprint in BLUEPRINTS:
        api.register_blueprint(blueprint)
    return json.dumps(api.spec.to_dict(), indent=2, ensure_ascii=False)
