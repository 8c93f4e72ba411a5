"""The preview of undoing a merge: what changes in which record, and what stays."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import g
from flask.typing import ResponseReturnValue

from biobank.editorial.merging.undo import preview_undo
from biobank.editorial.merging.undo_plan import UndoPlan, UndoStep
from biobank.editorial.revisions.change_summary import summarize_changes
from biobank.editorial.revisions.record_diff import diff_records
from biobank.errors import MergeRefused
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.web.core.gettext import _
from biobank.web.desk.layout import render_desk
from biobank.web.desk.merging.labels import field_errors
from biobank.web.desk.merging.list_page import MergeSummary, merge_summaries
from biobank.web.desk.merging.record_summaries import RecordSummary, record_summary
from biobank.web.revisions.labels import changed_field_label, field_title, part_title, sort_fields


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
        change.field: change
        for change in summarize_changes(diff_records(step.revision.record, step.record))
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
