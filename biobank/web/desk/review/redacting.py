"""The page on which a revision is redacted: passages, other occurrences and reason."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, redirect, request
from flask.typing import ResponseReturnValue

from biobank.access import identity
from biobank.editorial import history, notes
from biobank.editorial.far_word_places import HOLDERS
from biobank.editorial.redacted_words import Passage
from biobank.editorial.redaction import Plan, preview, redact
from biobank.editorial.word_places import Holder, Place
from biobank.errors import RecordRefused, WrongState
from biobank.exchange.importing.redacting import IMPORT_LINES, IMPORT_RUNS
from biobank.exchange.importing.redacting_files import waiting_files
from biobank.extensions import services
from biobank.web.account.forms import typed
from biobank.web.desk.page import Mistake, render_desk
from biobank.web.desk.review.deciding import long_text, mistakes_of, status_of
from biobank.web.desk.review.place_links import place_url
from biobank.web.desk.review.record import desk_url, held, revision_row
from biobank.web.desk.review.rows import name_of
from biobank.web.desk.review.words import place_words
from biobank.web.links import Link
from biobank.web.revisions.titles import field_title
from biobank.web.text import _

#: Maximum length of a displayed text, in characters.
SHOWN_MOST = 300


@dataclass(frozen=True)
class Choice:
    """A passage that can be selected for redaction."""

    key: str
    field: str
    text: str
    chosen: bool


@dataclass(frozen=True)
class Found:
    """An occurrence of the redacted words.

    `text` is empty if the user may not read it, `url` if no page shows it.
    """

    key: str
    kind: str
    label: str
    text: str
    url: str
    chosen: bool


def redaction_page(
    person_id: str, number: int, mistakes: Sequence[Mistake] = (), status: int = 200
) -> ResponseReturnValue:
    """Render the passages of a revision and the other occurrences that are affected.

    Raises:
        NotFound: if there is no such revision.
        Gone: if it was redacted already.
    """
    with services.database.read() as session:
        person, newest = held(session, person_id)
        revision = history.at(session, person_id, number, public=False)
    found = preview(services.database, identity(), person_id, number, _chosen(), everywhere())
    return render_desk(
        "review/redaction.html",
        _("Redact revision %(number)s", number=number),
        mistakes,
        status,
        person=Link(name_of(revision.record, person_id, g.lang).text, desk_url(person_id, g.lang)),
        revision=revision_row(history.Step(revision, ()), person.published, g.lang),
        in_use=person.published == number or (newest.number == number and not person.withdrawn_at),
        choices=[_choice(it, found) for it in found.passages],
        others=[it for it in found.revisions if it.id != revision.id],
        in_the_way=found.in_use,
        quoting=[_place(it) for it in found.quoting],
        naming=[_place(it) for it in found.naming],
        staying=[_place(it) for it in found.staying],
        seen=found.mark,
        reason=request.form.get("reason", "")[: notes.TEXT_MOST],
        most=notes.TEXT_MOST,
    )


def take(person_id: str, number: int) -> ResponseReturnValue:
    """Redact the selected passages, or only preview the occurrences, by the pressed button."""
    if typed("do") == "look":
        return redaction_page(person_id, number)
    its = (services.database, identity(), person_id, number, long_text("reason"))
    also = request.form.getlist("also")
    try:
        redact(*its, _chosen() or (), typed("seen"), everywhere(), also)
    except (RecordRefused, WrongState) as error:
        return redaction_page(person_id, number, mistakes_of(error), status_of(error))
    return redirect(desk_url(person_id, g.lang, done="redact"), 303)


def everywhere() -> tuple[Holder, ...]:
    """Return all sources that are searched for the words."""
    return (*HOLDERS, IMPORT_LINES, IMPORT_RUNS, waiting_files(services.uploads))


def _chosen() -> list[str] | None:
    """Return the keys of the selected passages; None, which selects all, before a submission."""
    return request.form.getlist("what") if request.method == "POST" else None


def _choice(it: Passage, found: Plan) -> Choice:
    return Choice(it.key, field_title(it.field), it.text, it in found.chosen)


def _place(it: Place) -> Found:
    text = it.text if len(it.text) <= SHOWN_MOST else f"{it.text[:SHOWN_MOST]}…"
    chosen = it.key in request.form.getlist("also")
    return Found(it.key, place_words(it.kind), it.label, text, place_url(it, g.lang), chosen)
