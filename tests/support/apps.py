"""The app of the tests, which shares compiled templates with all other apps of the run."""

import tempfile
from functools import cache

from flask import Flask
from jinja2 import FileSystemBytecodeCache

from biobank.app import factory
from biobank.bootstrap import Services


def create_app(services: Services | None = None, max_concurrency: int = 0) -> Flask:
    """Return the app of the factory; compiling its templates anew takes 100 ms a page."""
    app = factory.create_app(services, max_concurrency)
    app.jinja_env.bytecode_cache = _bytecode_cache()
    return app


@cache
def _bytecode_cache() -> FileSystemBytecodeCache:
    return FileSystemBytecodeCache(_folder().name)


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    # Removed when the process ends.
    return tempfile.TemporaryDirectory(prefix="biobank-templates-")
