"""Addresses that leave the site: with scheme and host, and people's that stay for good."""

from flask import request, url_for

from biobank.extensions import services


def absolute(path: str) -> str:
    """The full address of a path: of the bank where its address is set, else of this request."""
    return (services.settings.base_url or request.url_root.rstrip("/")) + path


def permanent_url(person_id: str) -> str:
    """The address of a person that is cited: without a language, for good."""
    return absolute(url_for("web.permanent", person_id=person_id))


def permanent_revision_url(person_id: str, number: int) -> str:
    """The address of what was public of a person at a time: it says the same for good."""
    return absolute(url_for("web.permanent_revision", person_id=person_id, number=number))
