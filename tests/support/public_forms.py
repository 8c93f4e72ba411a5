"""Public forms, submitted at a human pace."""

import time

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from biobank.web.public.forms import issue_form_token

PERSON = "uzeyir-hacibeyov"
FORM_PATHS = {
    "correction": f"people/{PERSON}/suggest",
    "objection": f"people/{PERSON}/objection",
    "proposal": "propose",
    "registration": "organisations/register",
}
FIELDS = {
    "correction": {"field": "birth", "text": "1885-09-17", "source": "Metric book, p. 3"},
    "objection": {"what": "All of it", "why": "It is about me", "email": "me@example.az"},
    "proposal": {"names": "Sınaq Sınaqlı", "why": "A test", "source": "None"},
    "registration": {
        "name_en": "Society of Testers",
        "country": "DE",
        "city": "Musterstadt",
        "about": "It tests.",
        "email": "society@example.az",
    },
}


def form_proof(app: Flask, kind: str, ago: float = 60) -> str:
    """Return the proof token of a form that was opened some seconds ago."""
    subject = PERSON if kind in ("correction", "objection") else ""
    with app.app_context():
        return issue_form_token(f"{kind} {subject}", time.time() - ago)


def post_form(client: FlaskClient, kind: str, lang: str = "en", **fields: str) -> TestResponse:
    """Submit a valid form, with `fields` replaced."""
    form_data = {"proof": form_proof(client.application, kind), **FIELDS[kind], **fields}
    return client.post(f"/{lang}/{FORM_PATHS[kind]}", data=form_data)
