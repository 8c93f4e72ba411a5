"""The preview of undoing a merge: what changes in which record, and what stays."""

from collections.abc import Iterable
from dataclasses import dataclass

from flask import g
from flask.typing import ResponseReturnValue

from biobank.access import identity
from biobank.editorial.differences import difference
from biobank.editorial.merging.undo import preview_undo
from biobank.editorial.merging.undo_planning import Step, UndoPlan
from biobank.editorial.summary import touched
from biobank.errors import MergeRefused
from biobank.extensions import services
from biobank.web.desk.merging.lines import Line, line
from biobank.web.desk.merging.list_page import Done, rows_of
from biobank.web.desk.merging.words import mistakes_of
from biobank.web.desk.page import render_desk
from biobank.web.revisions.titles import field_title, in_order, part_title, touched_words
from biobank.web.text import _


@dataclass(frozen=True)
class Back:
    """A record that the undo rewrites: restored fields, and fields that stay unchanged.

    `ends_draft` marks a draft that then equals the public revision.
    """

    line: Line
    back: tuple[str, ...]
    stay: tuple[str, ...]
    ends: bool


@dataclass(frozen=True)
class UndoPage:
    """The view model of an undo; `leftover_draft` is a duplicate's draft left in history."""

    merge: Done
    steps: tuple[Back, ...]
    left: int | None


def undo_page(merge_id: int, error: MergeRefused | None = None) -> ResponseReturnValue:
    """Render the preview of undoing a merge.

    Raises:
        NotFound: if there was no such merge.
    """
    title = _("Undo a merge")
    try:
        page = _page(preview_undo(services.database, identity(), merge_id), g.lang)
    except MergeRefused as refused:
        mistakes = mistakes_of(error or refused)
        return render_desk("merging/undo.html", title, mistakes, 409, page=None)
    return render_desk("merging/undo.html", title, mistakes_of(error), page=page)


def _page(plan: UndoPlan, lang: str) -> UndoPage:
    steps = tuple(_back(step, lang) for step in plan.steps)
    return UndoPage(rows_of([plan.row], lang)[0], steps, plan.left)


def _back(step: Step, lang: str) -> Back:
    changed = {it.field: it for it in touched(difference(step.revision.record, step.record))}
    return Back(
        line=line(step.revision, lang),
        back=tuple(touched_words(changed[field], lang) for field in in_order(changed)),
        stay=tuple(_paths(step, lang)),
        ends=step.ends,
    )


def _paths(step: Step, lang: str) -> Iterable[str]:
    for conflict in step.conflicts:
        inner = part_title(conflict.path, lang)
        title = field_title(str(conflict.path[0]))
        yield f"{title} ({inner})" if inner else title
