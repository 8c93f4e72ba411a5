"""The pages: what a person meets. Handlers parse, call one service and render."""

from biobank.web.blueprint import blueprint
from biobank.web.errors import error_page
from biobank.web.routes import browse, entries, files, help, home, search  # noqa: F401 - add routes

__all__ = ["blueprint", "error_page"]
