"""Routes of merging two records, undoing a merge and splitting a record."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from biobank.accounts.policy import Action
from biobank.editorial.merging import merge as merge_service
from biobank.editorial.merging import split as split_service
from biobank.editorial.merging import undo as undo_service
from biobank.errors import EditConflict, MergeRefused, RecordRefused
from biobank.http.auth import identity, requires
from biobank.http.extensions import services
from biobank.web.core.forms import read_line, read_number
from biobank.web.core.pagination import page_number
from biobank.web.desk import blueprint
from biobank.web.desk.merging.forms import (
    requested_merge,
    submitted_choices,
    submitted_merge,
    submitted_reason,
)
from biobank.web.desk.merging.pages import merge_page, merges_page, split_page, undo_page

#: The largest id of a 32-bit integer column in both databases.
MERGE_PATH = "/merges/<int(max=2147483647):merge_id>"
SPLIT_PATH = "/people/<id:person_id>/split"


@blueprint.get("/merge")
@requires(Action.MERGE_PEOPLE)
def merge(lang: str) -> ResponseReturnValue:
    return merge_page(requested_merge())


@blueprint.post("/merge")
@requires(Action.MERGE_PEOPLE)
def merge_post(lang: str) -> ResponseReturnValue:
    """Preview the merge or perform it, by the button that was pressed."""
    submission = submitted_merge()
    if read_line("do") != "merge":
        return merge_page(submission)
    base_revisions = submission.survivor_base, submission.duplicate_base
    try:
        merge_row = merge_service.merge_people(
            services.database,
            identity(),
            submission.survivor_id,
            submission.duplicate_id,
            *base_revisions,
            submission.choices,
            submission.text,
        )
    except (EditConflict, MergeRefused, RecordRefused) as error:
        return merge_page(submission, error)
    return redirect(url_for("desk.merges", lang=lang, done=merge_row.id), 303)


@blueprint.get("/merges")
@requires(Action.MERGE_PEOPLE)
def merges(lang: str) -> ResponseReturnValue:
    return merges_page(page_number(request.args))


@blueprint.get(MERGE_PATH)
@requires(Action.MERGE_PEOPLE)
def merge_undo(lang: str, merge_id: int) -> ResponseReturnValue:
    return undo_page(merge_id)


@blueprint.post(MERGE_PATH)
@requires(Action.MERGE_PEOPLE)
def merge_undo_post(lang: str, merge_id: int) -> ResponseReturnValue:
    try:
        undo_service.undo_merge(services.database, identity(), merge_id)
    except MergeRefused as error:
        return undo_page(merge_id, error)
    return redirect(url_for("desk.merges", lang=lang, done=merge_id), 303)


@blueprint.get(SPLIT_PATH)
@requires(Action.MERGE_PEOPLE)
def split(lang: str, person_id: str) -> ResponseReturnValue:
    return split_page(person_id)


@blueprint.post(SPLIT_PATH)
@requires(Action.MERGE_PEOPLE)
def split_post(lang: str, person_id: str) -> ResponseReturnValue:
    database, actor, base = services.database, identity(), read_number("base") or 0
    try:
        result = split_service.split_person(
            database, actor, person_id, base, submitted_choices(), submitted_reason()
        )
    except (EditConflict, RecordRefused) as error:
        return split_page(person_id, error)
    return redirect(url_for("desk.split", lang=lang, person_id=person_id, new=result.new_id), 303)
