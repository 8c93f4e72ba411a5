"""The app over the whole seed, asked as pages of other sites ask."""

from tests.web.conftest import app, client

__all__ = ["app", "client"]
