"""Rendering and handling of public forms, with their signed tokens."""

import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from flask import current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from biobank.editorial.inbox.submission import MESSAGE_FORMS, FormEntry, Submission, submit_message
from biobank.errors import FieldError, RecordRefused, TooManyAttempts
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.web.core.rendering import PageMetadata, render_page
from biobank.web.public.labels import field_errors, rate_limit_error, token_message

#: Minimum and maximum age of a submitted form in seconds.
MIN_FORM_AGE_SECONDS, MAX_FORM_AGE_SECONDS = 3.0, 12 * 3600.0
#: Characters of a reference, without those that look alike.
REFERENCE_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
#: Maximum characters of a token; valid ones have about 120.
MAX_TOKEN_CHARS = 400

TokenProblem = Literal["", "foreign", "old", "quick"]


@dataclass(frozen=True)
class FormToken:
    """A submitted token; `problem` is empty if it is valid."""

    text: str
    reference: str
    problem: TokenProblem


def issue_form_token(form: str, timestamp: float | None = None) -> str:
    """Return a token for the form with the scope `form`, issued now or at a Unix timestamp."""
    issued_at = round(time.time() if timestamp is None else timestamp, 2)
    return str(_signer().dumps([form, _generate_reference(), issued_at]))


def verify_form_token(form: str, text: str) -> FormToken:
    """Verify the token `text` that was submitted with `form`."""
    try:
        token_form, reference, issued_at = _signer().loads(text[:MAX_TOKEN_CHARS])
    except (BadSignature, ValueError):
        return FormToken(text, "", "foreign")
    age = time.time() - issued_at
    if token_form != form or age > MAX_FORM_AGE_SECONDS:
        return FormToken(text, "", "old" if token_form == form else "foreign")
    return FormToken(text, reference, "quick" if age < MIN_FORM_AGE_SECONDS else "")


def _generate_reference() -> str:
    """Return a random reference of two groups of four characters (about 10^12 values)."""
    characters = "".join(secrets.choice(REFERENCE_ALPHABET) for _ in range(8))
    return f"{characters[:4]}-{characters[4:]}"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="forms of everybody")


#: A hidden field that only spam programs fill in.
HONEYPOT_FIELD = "subject"


@dataclass(frozen=True)
class PublicForm:
    """A public form, with further `context` for its template."""

    kind: str
    title: str
    person_id: str = ""
    #: Path of the field that a correction is about: `birth`, `biography.az`.
    path: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)

    @property
    def token_scope(self) -> str:
        """Return the scope that the token of the form is valid for."""
        return f"{self.kind} {self.person_id}"


def render_form(
    form: PublicForm, errors: Sequence[FieldError] = (), token: str = "", retry_after: int = 0
) -> ResponseReturnValue:
    """Render a form, with errors and what was typed; `retry_after` seconds answer 429."""
    page = render_page(
        f"public/{form.kind}.html",
        PageMetadata(form.title, indexed=False),
        form=form,
        max_chars={entry.name: entry.max_chars for entry in MESSAGE_FORMS[form.kind]},
        typed=submitted_values(form.kind) if request.method == "POST" else {},
        form_token=token or issue_form_token(form.token_scope),
        honeypot=HONEYPOT_FIELD,
        errors=errors,
        field_errors={error.path: error.message for error in reversed(errors)},
        **form.context,
    )
    if retry_after:
        # One second more, since the rate limiter rounds this header down.
        return page, 429, {"Retry-After": str(retry_after + 1)}
    return page, 422 if errors else 200


def handle_submission(form: PublicForm) -> ResponseReturnValue:
    """Submit the form and redirect to its receipt, or render it again with errors."""
    token = verify_form_token(form.token_scope, request.form.get("proof", ""))
    if token.problem:
        token_text = token.text if token.problem == "quick" else ""
        return render_form(form, [FieldError(message=token_message(token.problem))], token_text)
    try:
        reference = submit_message(services.database, identity(), _submission(form, token.reference))
    except RecordRefused as refused:
        return render_form(form, field_errors(refused.problems), token.text)
    except TooManyAttempts as error:
        return render_form(form, [rate_limit_error(error)], token.text, error.wait)
    return redirect(url_for("web.receipt", lang=g.lang, reference=reference), 303)


def submitted_values(kind: str) -> dict[str, str]:
    """Return the submitted fields, cut one character above the limit so that it is reported."""
    return {entry.name: _submitted_value(entry) for entry in MESSAGE_FORMS[kind]}


def _submitted_value(entry: FormEntry) -> str:
    return request.form.get(entry.name, "").replace("\r\n", "\n")[: entry.max_chars + 1]


def _submission(form: PublicForm, reference: str) -> Submission:
    return Submission(
        kind=form.kind,
        reference=reference,
        lang=g.lang,
        values=submitted_values(form.kind),
        person_id=form.person_id,
        field=form.path,
        trapped=bool(request.form.get(HONEYPOT_FIELD, "")),
    )
