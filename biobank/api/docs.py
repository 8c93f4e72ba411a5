"""The OpenAPI document, and Swagger UI at /api/docs under the strict content security policy."""

from flask import Blueprint, Response, render_template, send_from_directory
from swagger_ui_bundle import swagger_ui_path

from biobank.api.openapi import openapi_json

docs = Blueprint("docs", __name__, url_prefix="/api")

#: The only files of the Swagger UI package that are served.
SWAGGER_FILES = ("swagger-ui.css", "swagger-ui-bundle.js")


@docs.get("/openapi.json")
def document() -> Response:
    return Response(openapi_json(), content_type="application/json")


@docs.get("/docs")
def page() -> str:
    return render_template("api/docs.html")


@docs.get(f"/docs/<any({', '.join(repr(name) for name in SWAGGER_FILES)}):name>")
def file(name: str) -> Response:
    return send_from_directory(str(swagger_ui_path), name, max_age=86400)
