"""One form of everybody: shown, read, sent, or shown again with all that was typed."""

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

#: A field that people do not see; programs that fill in whatever there is fill it in too.
TRAP = "subject"


@dataclass(frozen=True)
class Form:
    """Which form it is, and what its page shows besides: `context` for the template."""

    kind: str
    title: str
    person_id: str = ""
    #: What a correction is about: `birth`, `biography.az`.
    path: str = ""
    context: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.kind} {self.person_id}"


def show(
    form: Form, mistakes: Sequence[Mistake] = (), proof: str = "", wait: int = 0
) -> ResponseReturnValue:
    """The page of a form; with mistakes, as it was typed; to be sent again after `wait` seconds."""
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
        # One more: the limiter of readers rounds what stands here down.
        return page, 429, {"Retry-After": str(wait + 1)}
    return page, 422 if mistakes else 200


def take(form: Form) -> ResponseReturnValue:
    """Takes what was sent: to the page of thanks, or the form again."""
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
    """What was typed into the entries of a form; one character more than is taken, to be told."""
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
    """Text of several lines, `most` characters of it. What no keyboard types answers 400."""
    text = request.form.get(name, "").replace("\r\n", "\n")[:most]
    if CONTROL.search(text) or "\ufffd" in text:
        raise BadRequest("The form holds a control character; remove it.")
    return text.strip()
