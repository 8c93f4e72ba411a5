"""The app of the tests, which shares with all other apps of the run what is compiled for it."""

import tempfile
from functools import cache

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from werkzeug.routing import Rule

from biobank.app import factory
from biobank.bootstrap import Services

_compiled: dict[tuple[object, ...], dict[str, object]] = {}


class SharedRule(Rule):
    """A route that is compiled once for all apps; compiling all routes takes 80 ms an app."""

    def compile(self) -> None:
        """Take over what an equal route was compiled to, or compile this one."""
        key = (self.rule, self.subdomain, repr(self.defaults), self.strict_slashes, self.merge_slashes)
        if key not in _compiled:
            before = dict(vars(self))
            super().compile()
            changed = {name: value for name, value in vars(self).items() if before.get(name) is not value}
            # The set of arguments is filled in place.
            _compiled[key] = {**changed, "arguments": self.arguments}
        vars(self).update(_compiled[key])


Flask.url_rule_class = SharedRule


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
