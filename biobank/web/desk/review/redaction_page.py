"""The page that redacts a revision: passages, links to other occurrences, and reason."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from biobank.editorial.redaction.occurrences_person import Occurrence, OccurrenceSource
from biobank.editorial.redaction.occurrences_shared import OCCURRENCE_SOURCES
from biobank.editorial.redaction.passages import Passage
from biobank.editorial.redaction.service import RedactionPlan, preview_redaction, redact
from biobank.editorial.review import notes
from biobank.editorial.revisions import history
from biobank.errors import FieldError, RecordRefused, WrongState
from biobank.exchange.imports.redaction import (
    IMPORT_LINE_OCCURRENCES,
    IMPORT_RUN_OCCURRENCES,
    pending_file_occurrences,
)
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.web.core.forms import read_line, read_text
from biobank.web.core.gettext import _
from biobank.web.core.record_labels import field_title
from biobank.web.core.urls import Link
from biobank.web.desk.layout import render_desk
from biobank.web.desk.review.labels import field_errors, occurrence_label, status_code
from biobank.web.desk.review.pages import record_name
from biobank.web.desk.review.record_page import desk_person_url, load_person, revision_row

UrlArguments = Mapping[str, Any]


def occurrence_url(occurrence: Occurrence, lang: str) -> str:
    """Return the URL of the page that shows an occurrence; empty if there is none."""
    if occurrence.kind not in OCCURRENCE_PAGES:
        return ""
    endpoint, arguments = OCCURRENCE_PAGES[occurrence.kind]
    return url_for(endpoint, lang=lang, **arguments(occurrence))


def _reference_link(entity_type: str) -> tuple[str, Callable[[Occurrence], UrlArguments]]:
    return "desk.reference_entry", lambda occurrence: {"room": entity_type, "key": occurrence.id}


def _person_args(occurrence: Occurrence) -> UrlArguments:
    return {"person_id": occurrence.label.partition(",")[0]}


def _no_args(_occurrence: Occurrence) -> UrlArguments:
    return {}


def _import_run_args(occurrence: Occurrence) -> UrlArguments:
    return {"run_id": occurrence.id}


OCCURRENCE_PAGES: Final[Mapping[str, tuple[str, Callable[[Occurrence], UrlArguments]]]] = {
    "other": ("desk.person", _person_args),
    "term": _reference_link("terms"),
    "place": _reference_link("places"),
    "organisation": _reference_link("organisations"),
    "source": _reference_link("sources"),
    "picture": ("desk.picture", lambda occurrence: {"picture_id": occurrence.id}),
    "audit": ("account.events", _no_args),
    "import_name": ("desk.import_run", _import_run_args),
    "import_unread": ("desk.import_run", _import_run_args),
    "import_file": ("desk.import_run", _import_run_args),
    "unread": ("desk.people", _no_args),
}


#: Maximum length of a displayed text, in characters.
MAX_OCCURRENCE_CHARS = 300


@dataclass(frozen=True)
class PassageChoice:
    """A passage that can be selected for redaction."""

    key: str
    field: str
    text: str
    chosen: bool


@dataclass(frozen=True)
class OccurrenceRow:
    """An occurrence of the redacted words.

    `text` is empty if the user may not read it, `url` if no page shows it.
    """

    kind: str
    label: str
    text: str
    url: str


def redaction_page(
    person_id: str, number: int, errors: Sequence[FieldError] = (), status: int = 200
) -> ResponseReturnValue:
    """Render the passages of a revision and the other occurrences that are affected.

    Raises:
        NotFound: if there is no such revision.
        Gone: if it was redacted already.
    """
    with services.database.read() as session:
        person, latest = load_person(session, person_id)
        revision = history.get_revision(session, person_id, number, public=False)
    plan = preview_redaction(
        services.database, identity(), person_id, number, _selected_passages(), occurrence_sources()
    )
    return render_desk(
        "review/redaction.html",
        _("Redact version %(number)s", number=number),
        errors,
        status,
        person=Link(record_name(revision.record, person_id, g.lang).text, desk_person_url(person_id, g.lang)),
        revision=revision_row(history.RevisionChanges(revision, ()), person.published, g.lang),
        in_use=person.published == number or (latest.number == number and not person.withdrawn_at),
        choices=[_choice(item, plan) for item in plan.passages],
        others=[item for item in plan.revisions if item.id != revision.id],
        in_the_way=plan.in_use,
        quoting=[_occurrence_row(item) for item in plan.erasable],
        staying=[_occurrence_row(item) for item in plan.permanent],
        seen=plan.fingerprint,
        reason=request.form.get("reason", "")[: notes.MAX_NOTE_CHARS],
        most=notes.MAX_NOTE_CHARS,
    )


def submit_redaction(person_id: str, number: int) -> ResponseReturnValue:
    """Redact the selected passages, or only preview the occurrences, by the pressed button."""
    if read_line("do") == "look":
        return redaction_page(person_id, number)
    args = (services.database, identity(), person_id, number, read_text("reason", notes.MAX_NOTE_CHARS))
    try:
        redact(*args, _selected_passages() or (), read_line("seen"), occurrence_sources())
    except (RecordRefused, WrongState) as error:
        return redaction_page(person_id, number, field_errors(error), status_code(error))
    return redirect(desk_person_url(person_id, g.lang, done="redact"), 303)


def occurrence_sources() -> tuple[OccurrenceSource, ...]:
    """Return all sources that are searched for the words."""
    return (
        *OCCURRENCE_SOURCES,
        IMPORT_LINE_OCCURRENCES,
        IMPORT_RUN_OCCURRENCES,
        pending_file_occurrences(services.uploads),
    )


def _selected_passages() -> list[str] | None:
    """Return the keys of the selected passages; None, which selects all, before a submission."""
    return request.form.getlist("what") if request.method == "POST" else None


def _choice(passage: Passage, plan: RedactionPlan) -> PassageChoice:
    return PassageChoice(passage.key, field_title(passage.field), passage.text, passage in plan.chosen)


def _occurrence_row(occurrence: Occurrence) -> OccurrenceRow:
    text = (
        occurrence.text
        if len(occurrence.text) <= MAX_OCCURRENCE_CHARS
        else f"{occurrence.text[:MAX_OCCURRENCE_CHARS]}…"
    )
    return OccurrenceRow(
        occurrence_label(occurrence.kind), occurrence.label, text, occurrence_url(occurrence, g.lang)
    )
