"""The pages of one revision: preview, changes, origin of its values, and redaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.common.clock import as_utc
from biobank.editorial.models import Revision
from biobank.editorial.redaction.occurrences_person import Occurrence, OccurrenceSource
from biobank.editorial.redaction.occurrences_shared import OCCURRENCE_SOURCES
from biobank.editorial.redaction.passages import Passage
from biobank.editorial.redaction.service import RedactionPlan, preview_redaction, redact
from biobank.editorial.review import notes
from biobank.editorial.review.workflow import allowed_actions
from biobank.editorial.revisions import history
from biobank.editorial.revisions.record_diff import RecordPath, format_path, iter_leaves
from biobank.errors import FieldError, RecordRefused, WrongState
from biobank.exchange.imports.redaction import (
    find_import_lines,
    find_import_runs,
    pending_file_occurrences,
)
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.web.core.forms import read_line, read_text
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_timestamp
from biobank.web.core.record_changes import make_sections
from biobank.web.core.record_labels import (
    RecordNames,
    change_kind_labels,
    field_title,
    item_label,
    load_record_names,
    part_title,
    sort_fields,
    value_text,
)
from biobank.web.core.rendering import PageMetadata, render_page
from biobank.web.core.urls import Link
from biobank.web.desk.layout import render_desk
from biobank.web.desk.review.labels import field_errors, occurrence_label, status_code
from biobank.web.desk.review.pages import record_name
from biobank.web.desk.review.record_page import RevisionRow, desk_person_url, load_person, revision_row
from biobank.web.people.pages import PersonView, build_person_page

#: Maximum number of selectable revisions; others are reachable by URL.
MAX_REVISION_CHOICES = 200


def preview_page(person_id: str, number: int) -> ResponseReturnValue:
    """Render a revision as the public page of the person.

    Raises:
        NotFound: if there is no such revision.
        Gone: if it was redacted.
    """
    catalogue = services.catalogue()
    with services.database.read() as session:
        person, latest = load_person(session, person_id)
        revision = history.get_revision(session, person_id, number, public=False)
        version = PersonView(revision.record, number, as_utc(revision.at), past=True)
        page = build_person_page(session, version, catalogue, g.lang)
    return render_page(
        "desk/review/preview.html",
        PageMetadata(_("Preview: %(name)s", name=page.name.text), indexed=False),
        page=page,
        revision=_row(revision, person.published),
        newest=latest.number,
        desk_url=desk_person_url(person_id, g.lang),
        may_restore=number != latest.number and "write" in allowed_actions(identity(), person, latest),
    )


def changes_page(person_id: str, number: int, start_number: int | None) -> ResponseReturnValue:
    """Render the changes against a given revision, else the public one, else the previous one.

    Raises:
        NotFound: if one of the revisions does not exist.
    """
    with services.database.read() as session:
        person, _latest = load_person(session, person_id)
        end_revision = history.get_revision(session, person_id, number, public=False)
        published_number = person.published if person.published != number else None
        base_number = (
            start_number
            or published_number
            or history.previous_number(session, person_id, number, public=False)
        )
        start_revision = (
            history.get_revision(session, person_id, base_number, public=False) if base_number else None
        )
        sections = make_sections(
            session,
            start_revision.record if start_revision else {},
            end_revision.record,
            services.catalogue(),
            g.lang,
            public=False,
        )
        steps = history.list_revisions(session, person_id, 0, MAX_REVISION_CHOICES, public=False)
    return render_desk(
        "review/changes.html",
        _("Changes in version %(number)s", number=number),
        person=Link(
            record_name(end_revision.record, person_id, g.lang).text, desk_person_url(person_id, g.lang)
        ),
        start=_row(start_revision, person.published) if start_revision else None,
        end=_row(end_revision, person.published),
        others=[_row(step.revision, person.published) for step in steps],
        differing=sections,
        kinds=change_kind_labels(),
        person_id=person_id,
    )


def _row(revision: Revision, published: int | None) -> RevisionRow:
    return revision_row(history.RevisionChanges(revision, ()), published, g.lang)


#: Maximum length of a displayed text, in characters.
MAX_BLAME_TEXT_CHARS = 160


@dataclass(frozen=True)
class ValueOrigin:
    """The revision in which values were introduced; `url` is its list of changes."""

    number: int
    by: str
    at: str
    url: str


@dataclass(frozen=True)
class BlameValue:
    """A value as text with its origin."""

    part: str
    text: str
    lang: str
    origin: ValueOrigin


@dataclass(frozen=True)
class BlameItem:
    """The values of a field, or of one item of a list field."""

    title: str
    values: tuple[BlameValue, ...]


@dataclass(frozen=True)
class BlameField:
    field: str
    title: str
    items: tuple[BlameItem, ...]


def blame_page(person_id: str) -> ResponseReturnValue:
    """Render every value of the latest revision with the revision that introduced it.

    Raises:
        NotFound: if there is no such record.
    """
    with services.database.read() as session:
        _person, latest = load_person(session, person_id)
        record = latest.record
        number_by_path = history.blame(session, person_id)
        origins = _origins(session, person_id, set(number_by_path.values()))
        record_leaves = [(path, value) for path, value in iter_leaves(record) if path != ("id",)]
        names = load_record_names(session, record_leaves, services.catalogue(), g.lang, public=False)
    by_field: dict[str, dict[RecordPath, list[BlameValue]]] = {}
    for path, value in record_leaves:
        item = path[:2] if len(path) > 1 and isinstance(path[1], int) else path[:1]
        values = by_field.setdefault(str(path[0]), {}).setdefault(item, [])
        values.append(_value(path, value, origins[number_by_path[format_path(path)]], names))
    return render_desk(
        "review/blame.html",
        _("History by field"),
        person=Link(record_name(record, person_id, g.lang).text, desk_person_url(person_id, g.lang)),
        latest_number=latest.number,
        fields=[
            BlameField(
                field,
                field_title(field),
                tuple(
                    BlameItem(_title(item, record, names), tuple(values))
                    for item, values in by_field[field].items()
                ),
            )
            for field in sort_fields(by_field)
        ],
    )


def _value(path: RecordPath, value: Any, origin: ValueOrigin, names: RecordNames) -> BlameValue:
    text, lang = value_text(path, value, names)
    short = text if len(text) <= MAX_BLAME_TEXT_CHARS else f"{text[: MAX_BLAME_TEXT_CHARS - 1].rstrip()}…"
    return BlameValue(part_title(path, names.lang), short, lang, origin)


def _title(item: RecordPath, record: Mapping[str, Any], names: RecordNames) -> str:
    """Return the title of a list item; empty for a field and for an item of a single value."""
    if len(item) == 1:
        return ""
    item_value = record[str(item[0])][item[1]]
    return item_label(item, item_value, names) if isinstance(item_value, Mapping) else ""


def _origins(session: Session, person_id: str, numbers: set[int]) -> dict[int, ValueOrigin]:
    query = select(Revision.number, Revision.author, Revision.at).where(
        Revision.person_id == person_id, Revision.number.in_(numbers)
    )
    return {
        row.number: ValueOrigin(
            row.number,
            row.author,
            format_timestamp(row.at),
            url_for("desk.changes", lang=g.lang, person_id=person_id, number=row.number),
        )
        for row in session.execute(query)
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
        revision=_row(revision, person.published),
        in_use=person.published == number or (latest.number == number and not person.withdrawn_at),
        choices=[_choice(item, plan) for item in plan.passages],
        other_revisions=[item for item in plan.revisions if item.id != revision.id],
        blocking=plan.in_use,
        erasable=[_occurrence_row(item) for item in plan.erasable],
        permanent=[_occurrence_row(item) for item in plan.permanent],
        fingerprint=plan.fingerprint,
        reason=request.form.get("reason", "")[: notes.MAX_NOTE_CHARS],
        max_chars=notes.MAX_NOTE_CHARS,
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
        find_import_lines,
        find_import_runs,
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
        occurrence_label(occurrence.kind), occurrence.label, text, _occurrence_url(occurrence)
    )


def _occurrence_url(occurrence: Occurrence) -> str:
    """Return the URL of the page that shows an occurrence; empty if there is none."""
    lang, id_ = g.lang, occurrence.id
    match occurrence.kind:
        case "other":
            return desk_person_url(occurrence.label.partition(",")[0], lang)
        case "term" | "place" | "organisation" | "source" as kind:
            return url_for("desk.reference_entry", lang=lang, room=f"{kind}s", key=id_)
        case "picture":
            return url_for("desk.picture", lang=lang, picture_id=id_)
        case "audit":
            return url_for("account.events", lang=lang)
        case "import_name" | "import_unread" | "import_file":
            return url_for("desk.import_run", lang=lang, run_id=id_)
        case "unread":
            return url_for("desk.people", lang=lang)
        case _:
            return ""
