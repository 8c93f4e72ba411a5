"""The app of the tests, which shares with all other apps of the run what is compiled for it."""

import tempfile
from collections.abc import Callable
from functools import cache

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

from biobank.app import factory
from biobank.bootstrap import Services

Builder = Callable[..., tuple[str, str]]

_compile_builder = Rule._compile_builder
_builders: dict[tuple[str, ...], Builder] = {}


def create_app(services: Services | None = None, max_concurrency: int = 0) -> Flask:
    """Return the app of the factory; compiling its templates anew takes 100 ms a page."""
    app = factory.create_app(services, max_concurrency)
    app.jinja_env.bytecode_cache = _bytecode_cache()
    return app


def _shared_builder(rule: Rule, append_unknown: bool = True) -> Builder:
    """Return the function that builds URLs of a route; compiling all routes takes 90 ms an app."""
    key = (rule.rule, repr(rule._trace), repr(rule.defaults), str(append_unknown))
    if key not in _builders:
        _builders[key] = _compile_builder(rule, append_unknown)
    return _builders[key]


Rule._compile_builder = _shared_builder  # type: ignore[method-assign]


@cache
def _bytecode_cache() -> FileSystemBytecodeCache:
    return FileSystemBytecodeCache(_folder().name)


@cache
def _folder() -> tempfile.TemporaryDirectory[str]:
    # Removed when the process ends.
    return tempfile.TemporaryDirectory(prefix="biobank-templates-")
