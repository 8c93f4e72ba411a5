"""The pages of merging: the preview of a merge, or the choice of two records."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, request
from flask.typing import ResponseReturnValue

from biobank.editorial.merging import record_search
from biobank.errors import BiobankError, EditConflict, MergeRefused, NotFound
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.http.security_headers import CONTROL_CHARACTERS
from biobank.web.core.gettext import _
from biobank.web.desk.layout import FieldError, render_desk
from biobank.web.desk.merging.forms import MergeForm
from biobank.web.desk.merging.labels import field_errors
from biobank.web.desk.merging.preview import MergePreviewPage, build_preview
from biobank.web.desk.merging.record_summaries import RecordSummary, record_summary

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
    if (
        not (submission.survivor_id and submission.duplicate_id)
        or request.args.get("do") == "search"
    ):
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
        _picker(
            "kept",
            _("Target record"),
            submission.survivor_id,
            other_id=submission.duplicate_id,
        ),
        _picker(
            "gone", _("Merged record"), submission.duplicate_id, other_id=submission.survivor_id
        ),
    )
    errors = field_errors(error)
    for picker in pickers:
        if picker.query and not picker.offered:
            text = (
                _("No other person named “%(name)s” found.", name=picker.query)
                if submission.survivor_id or submission.duplicate_id
                else _("No person named “%(name)s” found.", name=picker.query)
            )
            errors.append(FieldError(text, f"q_{picker.name}"))
    status = 200 if error is None else 404 if isinstance(error, NotFound) else 409
    return render_desk("merging/choose.html", _("Merge two records"), errors, status, slots=pickers)


def _picker(name: str, title: str, chosen: str, other_id: str) -> RecordPicker:
    """Return the picker of one record, leaving out the one selected as the `other_id`."""
    database, actor = services.database, identity()
    query = CONTROL_CHARACTERS.sub("", request.args.get(f"q_{name}", ""))[
        :MAX_PICKER_QUERY_CHARS
    ].strip()
    matches = (
        record_search.find_records(database, services.search, actor, query, g.lang) if query else []
    )
    with database.read() as session:
        present = record_search.load_present(session, [chosen]) if chosen else {}
    offered = {revision.person_id: revision for revision in (*present.values(), *matches)}
    summaries = [
        record_summary(revision, g.lang)
        for id_, revision in offered.items()
        if id_ != other_id or id_ == chosen
    ]
    return RecordPicker(name, title, query, chosen if present else "", summaries)
