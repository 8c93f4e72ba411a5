"""Tokens of public forms."""

from flask import Flask

from biobank.web.public.forms import issue_form_token, verify_form_token


def test_a_form_token_is_valid_for_its_form_only(app: Flask) -> None:
    with app.test_request_context():
        token = issue_form_token("correction niyazi", timestamp=0)
        assert verify_form_token("correction niyazi", token).problem == "old"
        for other in ("correction bulbul", "objection niyazi", ""):
            assert verify_form_token(other, token).problem == "foreign"
