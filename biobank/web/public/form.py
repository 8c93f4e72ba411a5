"""Rendering and handling of public forms; a rejected form keeps what was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import BadRequest

from biobank.access import identity
from biobank.editorial.inbox.forms import FORMS, Entry
from biobank.editorial.inbox.sending import Sent, send
from biobank.errors import RecordRefused, TooManyAttempts
from biobank.extensions import services
from biobank.records.fields import CONTROL
from biobank.web.desk.page import Mistake
from biobank.web.public.proof import make_proof, read_proof
from biobank.web.public.words import mistakes_of, proof_words, too_many
from biobank.web.rendering import Head, render_page

#: A hidden field that only spam programs fill in.
TRAP = "subject"


@dataclass(frozen=True)
class Form:
    """A public form, with further `context` for its template."""

    kind: str
    title: str
    person_id: str = ""
    #: Path of the field that a correction is about: `birth`, `biography.az`.
    path: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the scope that the token of the form is valid for."""
        return f"{self.kind} {self.person_id}"


def show(
    form: Form, mistakes: Sequence[Mistake] = (), proof: str = "", wait: int = 0
) -> ResponseReturnValue:
    """Render a form, with errors and what was typed; `retry_after` seconds answer 429."""
    page = render_page(
        f"public/{form.kind}.html",
        Head(form.title, indexed=False),
        form=form,
        most={entry.name: entry.most for entry in FORMS[form.kind]},
        typed=typed(form.kind) if request.method == "POST" else {},
        proof=proof or make_proof(form.name),
        trap=TRAP,
        mistakes=mistakes,
        wrong_at={mistake.field: mistake.text for mistake in reversed(mistakes)},
        **form.context,
    )
    if wait:
        # One second more, since the rate limiter rounds this header down.
        return page, 429, {"Retry-After": str(wait + 1)}
    return page, 422 if mistakes else 200


def take(form: Form) -> ResponseReturnValue:
    """Submit the form and redirect to its receipt, or render it again with errors."""
    proof = read_proof(form.name, request.form.get("proof", ""))
    if proof.fault:
        kept = proof.text if proof.fault == "quick" else ""
        return show(form, [Mistake(proof_words(proof.fault))], kept)
    try:
        reference = send(services.database, identity(), _sent(form, proof.reference))
    except RecordRefused as refused:
        return show(form, mistakes_of(refused.problems), proof.text)
    except TooManyAttempts as error:
        return show(form, [too_many(error)], proof.text, error.wait)
    return redirect(url_for("web.sent", lang=g.lang, reference=reference), 303)


def typed(kind: str) -> dict[str, str]:
    """Return the submitted fields, cut one character above the limit so that it is reported."""
    return {entry.name: _typed(entry) for entry in FORMS[kind]}


def _typed(entry: Entry) -> str:
    return request.form.get(entry.name, "").replace("\r\n", "\n")[: entry.most + 1]


def _sent(form: Form, reference: str) -> Sent:
    return Sent(
        kind=form.kind,
        reference=reference,
        lang=g.lang,
        given=typed(form.kind),
        person_id=form.person_id,
        field=form.path,
        trapped=bool(request.form.get(TRAP, "")),
    )


def passage(name: str, most: int) -> str:
    """Return a multi-line field, truncated to `max_chars` and stripped.

    Raises:
        BadRequest: if it holds control characters or broken Unicode.
    """
    text = request.form.get(name, "").replace("\r\n", "\n")[:most]
    if CONTROL.search(text) or "\ufffd" in text:
        raise BadRequest("The form holds a control character; remove it.")
    return text.strip()
