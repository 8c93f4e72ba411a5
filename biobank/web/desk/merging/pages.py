"""The pages of merging: choice and preview, the list of merges, undo and split."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from biobank.common.text import URL_CONTROL_CHARS
from biobank.editorial.merging.merge_plan import find_records, load_present
from biobank.editorial.merging.split import SplitItem, get_splittable, list_split_items
from biobank.editorial.merging.undo import MERGES_PAGE_SIZE, UndoPlan, UndoStep, list_merges, preview_undo
from biobank.editorial.models import Merge
from biobank.editorial.review.desk_queries import latest_names
from biobank.editorial.revisions.record_diff import diff_records, summarize_changes
from biobank.errors import BiobankError, EditConflict, FieldError, MergeRefused, NotFound
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.records.people.mapping import preferred_name
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_day
from biobank.web.core.pagination import make_pagination
from biobank.web.core.record_labels import (
    RecordNames,
    ValuePart,
    changed_field_label,
    field_title,
    part_title,
    sort_fields,
    value_parts,
)
from biobank.web.desk.layout import render_desk
from biobank.web.desk.merging.forms import MERGE_CHOICE_PREFIX, MergeForm, submitted_choices, submitted_reason
from biobank.web.desk.merging.labels import field_errors
from biobank.web.desk.merging.preview import (
    MergePreviewPage,
    RecordSummary,
    SideOption,
    build_preview,
    merge_url,
    record_summary,
    resolve_names,
)
from biobank.web.desk.review.record_page import desk_person_url

#: Maximum length of a searched name, in characters.
MAX_PICKER_QUERY_CHARS = 200


@dataclass(frozen=True)
class RecordPicker:
    """The search box for one of the two records, with the selected record and the matches."""

    name: str
    title: str
    query: str
    chosen: str
    offered: Sequence[RecordSummary]


def merge_page(submission: MergeForm, error: BiobankError | None = None) -> ResponseReturnValue:
    """Render the preview of a merge, or the choice of records if two are not selected."""
    if not (submission.survivor_id and submission.duplicate_id) or request.args.get("do") == "search":
        return choose_page(submission)
    try:
        page = build_preview(services, submission, g.lang)
    except (NotFound, MergeRefused) as refusal:
        return choose_page(submission, refusal)
    error = error or _stale_conflict(submission, page)
    errors = field_errors(error or page.refused)
    status = 409 if isinstance(error, EditConflict | MergeRefused) else 200
    title = _("Merge %(gone)s into %(kept)s", gone=page.duplicate.name, kept=page.survivor.name)
    return render_desk("merging/preview.html", title, errors, status, page=page)


def _stale_conflict(submission: MergeForm, page: MergePreviewPage) -> EditConflict | None:
    """Return a conflict if a record was saved since the form was rendered.

    The submitted choices may then refer to other items.
    """
    for side, base in (
        (page.survivor, submission.survivor_base),
        (page.duplicate, submission.duplicate_base),
    ):
        if base and base != side.number:
            return EditConflict(side.id, base, side.number)
    return None


def choose_page(submission: MergeForm, error: BiobankError | None = None) -> ResponseReturnValue:
    pickers = (
        _picker("kept", _("Target record"), submission.survivor_id, other_id=submission.duplicate_id),
        _picker("gone", _("Merged record"), submission.duplicate_id, other_id=submission.survivor_id),
    )
    errors = field_errors(error)
    for picker in pickers:
        if picker.query and not picker.offered:
            text = (
                _("No other person named “%(name)s” found.", name=picker.query)
                if submission.survivor_id or submission.duplicate_id
                else _("No person named “%(name)s” found.", name=picker.query)
            )
            errors.append(FieldError(f"q_{picker.name}", message=text))
    status = 200 if error is None else 404 if isinstance(error, NotFound) else 409
    return render_desk("merging/choose.html", _("Merge two records"), errors, status, slots=pickers)


def _picker(name: str, title: str, chosen: str, other_id: str) -> RecordPicker:
    """Return the picker of one record, leaving out the one selected as the `other_id`."""
    database, actor = services.database, identity()
    query = URL_CONTROL_CHARS.sub("", request.args.get(f"q_{name}", ""))[:MAX_PICKER_QUERY_CHARS].strip()
    matches = find_records(database, services.search, actor, query, g.lang) if query else []
    with database.read() as session:
        present = load_present(session, [chosen]) if chosen else {}
    offered = {revision.person_id: revision for revision in (*present.values(), *matches)}
    summaries = [
        record_summary(revision, g.lang)
        for id_, revision in offered.items()
        if id_ != other_id or id_ == chosen
    ]
    return RecordPicker(name, title, query, chosen if present else "", summaries)


@dataclass(frozen=True)
class MergeSummary:
    """A merge in the list.

    `undone` is the day it was undone, `affected_count` the number of other changed records.
    """

    id: int
    survivor: str
    survivor_id: str
    survivor_url: str
    duplicate: str
    duplicate_id: str
    duplicate_url: str
    by: str
    day: str
    day_iso: str
    text: str
    undone: str
    undone_by: str
    affected_count: int
    undo_url: str


def merges_page(page: int) -> ResponseReturnValue:
    """Render a page of the list of merges.

    Raises:
        NotFound: if the list has no such page.
    """
    rows, total = list_merges(services.database, identity(), page)
    if not rows and page > 1:
        raise NotFound(_("This page of the list does not exist."))
    paging = make_pagination(
        page, MERGES_PAGE_SIZE, total, lambda number: url_for("desk.merges", lang=g.lang, page=number)
    )
    summaries = merge_summaries(rows, g.lang)
    completed = [summary for summary in summaries if str(summary.id) == request.args.get("done")]
    return render_desk("merging/merges.html", _("Merges"), rows=summaries, paging=paging, done=completed)


def merge_summaries(rows: Sequence[Merge], lang: str) -> list[MergeSummary]:
    with services.database.read() as session:
        names = latest_names(session, [id_ for row in rows for id_ in (row.kept_id, row.gone_id)])
    preferred_names = {
        id_: preferred_name({"names": person_names}, lang) for id_, person_names in names.items()
    }
    return [_merge_summary(row, preferred_names, lang) for row in rows]


def _merge_summary(row: Merge, preferred_names: Mapping[str, str], lang: str) -> MergeSummary:
    affected_ids = {person_id for person_id, *_numbers in row.rewritten} - {row.kept_id}
    return MergeSummary(
        id=row.id,
        survivor=preferred_names.get(row.kept_id, row.kept_id),
        survivor_id=row.kept_id,
        survivor_url=desk_person_url(row.kept_id, lang),
        duplicate=preferred_names.get(row.gone_id, row.gone_id),
        duplicate_id=row.gone_id,
        duplicate_url=desk_person_url(row.gone_id, lang),
        by=row.by,
        day=format_day(row.at, lang),
        day_iso=_iso_date(row.at),
        text=row.text,
        undone=format_day(row.undone_at, lang) if row.undone_at else "",
        undone_by=row.undone_by,
        affected_count=len(affected_ids),
        undo_url=url_for("desk.merge_undo", lang=lang, merge_id=row.id),
    )


def _iso_date(timestamp: datetime) -> str:
    return f"{timestamp:%Y-%m-%d}"


@dataclass(frozen=True)
class UndoStepView:
    """A record that the undo rewrites: restored fields, and fields that stay unchanged.

    `ends_draft` marks a draft that then equals the public revision.
    """

    summary: RecordSummary
    restored: tuple[str, ...]
    unchanged: tuple[str, ...]
    ends_draft: bool


@dataclass(frozen=True)
class UndoPage:
    """The view model of an undo; `leftover_draft` is a duplicate's draft left in history."""

    merge: MergeSummary
    steps: tuple[UndoStepView, ...]
    leftover_draft: int | None


def undo_page(merge_id: int, error: MergeRefused | None = None) -> ResponseReturnValue:
    """Render the preview of undoing a merge.

    Raises:
        NotFound: if there was no such merge.
    """
    title = _("Undoing a merge")
    try:
        page = _build_page(preview_undo(services.database, identity(), merge_id), g.lang)
    except MergeRefused as refused:
        errors = field_errors(error or refused)
        return render_desk("merging/undo.html", title, errors, 409, page=None)
    return render_desk("merging/undo.html", title, field_errors(error), page=page)


def _build_page(plan: UndoPlan, lang: str) -> UndoPage:
    steps = tuple(_step_view(step, lang) for step in plan.steps)
    return UndoPage(merge_summaries([plan.merge], lang)[0], steps, plan.later_number)


def _step_view(step: UndoStep, lang: str) -> UndoStepView:
    changed = {
        change.field: change for change in summarize_changes(diff_records(step.revision.record, step.record))
    }
    return UndoStepView(
        summary=record_summary(step.revision, lang),
        restored=tuple(changed_field_label(changed[field], lang) for field in sort_fields(changed)),
        unchanged=tuple(_conflict_titles(step, lang)),
        ends_draft=step.ends,
    )


def _conflict_titles(step: UndoStep, lang: str) -> Iterable[str]:
    for conflict in step.conflicts:
        inner = part_title(conflict.path, lang)
        title = field_title(str(conflict.path[0]))
        yield f"{title} ({inner})" if inner else title


@dataclass(frozen=True)
class SplitPartRow:
    """A part of the record and the person it is assigned to."""

    name: str
    title: str
    parts: tuple[ValuePart, ...]
    options: tuple[SideOption, ...]


@dataclass(frozen=True)
class SplitSection:
    field: str
    title: str
    rows: tuple[SplitPartRow, ...]


@dataclass(frozen=True)
class SplitPage:
    """The view model of a split.

    After the split `new_person` is the new record and `undo_url` the link that undoes it.
    """

    summary: RecordSummary
    sections: tuple[SplitSection, ...]
    text: str
    new_person: RecordSummary | None = None
    undo_url: str = ""


def split_page(person_id: str, error: BiobankError | None = None) -> ResponseReturnValue:
    """Render the split form of a record.

    Raises:
        NotFound: if there is no such person.
        MergeRefused: if the person is withdrawn.
    """
    revision = get_splittable(services.database, identity(), person_id)
    choices_by_key = submitted_choices()
    new_id = request.args.get("new", "")[:120]
    with services.database.read() as session:
        names = resolve_names(session, services, [revision.record], g.lang)
        new_revision = load_present(session, [new_id]).get(new_id)
    page = SplitPage(
        summary=record_summary(revision, g.lang),
        sections=_sections(list_split_items(revision.record), choices_by_key, names),
        text=submitted_reason(),
        new_person=record_summary(new_revision, g.lang) if new_revision else None,
        undo_url=merge_url(g.lang, person_id, new_id) if new_revision else "",
    )
    status = 409 if isinstance(error, EditConflict) else 200
    title = _("Split %(name)s", name=page.summary.name)
    return render_desk("merging/split.html", title, field_errors(error), status, page=page)


def _sections(
    split_parts: list[SplitItem], chosen: Mapping[str, str], names: RecordNames
) -> tuple[SplitSection, ...]:
    labels = {
        "stays": _("Applies to this person"),
        "goes": _("Applies to the new person"),
        "both": _("Applies to both"),
    }
    by_field: dict[str, list[SplitPartRow]] = {}
    for part in split_parts:
        owner = chosen.get(part.key, "stays")
        row = SplitPartRow(
            name=f"{MERGE_CHOICE_PREFIX}{part.key}",
            title=part_title(part.path, names.lang),
            parts=value_parts(part.path, part.value, names),
            options=tuple(SideOption(value, label, value == owner) for value, label in labels.items()),
        )
        by_field.setdefault(str(part.path[0]), []).append(row)
    return tuple(
        SplitSection(field, field_title(field), tuple(by_field[field])) for field in sort_fields(by_field)
    )
