"""Absolute URLs, and permanent URLs of people."""

from flask import request, url_for

from biobank.http.extensions import services


def absolute_url(path: str) -> str:
    """Return the full URL of a path, under the configured base URL or that of this request."""
    return (services.settings.base_url or request.url_root.rstrip("/")) + path


def permanent_url(person_id: str) -> str:
    """Return the permanent URL of a person, which has no language."""
    return absolute_url(url_for("web.permanent", person_id=person_id))


def permanent_revision_url(person_id: str, number: int) -> str:
    """Return the permanent URL of a published revision of a person."""
    return absolute_url(url_for("web.permanent_revision", person_id=person_id, number=number))
