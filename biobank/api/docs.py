"""The docs at /api/docs: Swagger UI from its package, under the strict content security policy."""

from flask import Blueprint, Response, render_template, send_from_directory
from swagger_ui_bundle import swagger_ui_path

docs = Blueprint("docs", __name__, url_prefix="/api/docs")

#: The only files of the package that are served.
FILES = ("swagger-ui.css", "swagger-ui-bundle.js")


@docs.get("")
def page() -> str:
    return render_template("api/docs.html")


@docs.get(f"/<any({', '.join(repr(name) for name in FILES)}):name>")
def file(name: str) -> Response:
    return send_from_directory(str(swagger_ui_path), name, max_age=86400)
