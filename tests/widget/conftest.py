"""Fixtures: the app with all seed data and a client."""

from tests.web.conftest import app, client

__all__ = ["app", "client"]
