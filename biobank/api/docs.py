"""The OpenAPI document, and Swagger UI at /api/docs under the strict content security policy."""

from pathlib import Path

from flask import Blueprint, Response, render_template, send_from_directory

from biobank.api.openapi import openapi_json

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
