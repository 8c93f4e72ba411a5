"""Routes of merging two records, undoing a merge and splitting a record."""

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from biobank.access import identity, permits
from biobank.accounts.policy import Action
from biobank.editorial.merging import merge as merging
from biobank.editorial.merging import split as splitting
from biobank.editorial.merging import undo as undoing
from biobank.errors import EditConflict, MergeRefused, RecordRefused
from biobank.extensions import services
from biobank.web.account.forms import typed
from biobank.web.blueprint import LANG, blueprint
from biobank.web.desk.merging.list_page import merges_page
from biobank.web.desk.merging.pages import merge_page
from biobank.web.desk.merging.sent import asked_for, choices, reason, sent_merge, whole
from biobank.web.desk.merging.split_page import split_page
from biobank.web.desk.merging.undo_page import undo_page
from biobank.web.paging import page_of

#: The largest id of a 32-bit integer column in both databases.
MERGE = f"/{LANG}/desk/merges/<int(max=2147483647):merge_id>"
SPLIT = f"/{LANG}/desk/people/<id:person_id>/split"


@blueprint.get(f"/{LANG}/desk/merge")
@permits(Action.MERGE_PEOPLE)
def desk_merge(lang: str) -> ResponseReturnValue:
    return merge_page(asked_for())


@blueprint.post(f"/{LANG}/desk/merge")
@permits(Action.MERGE_PEOPLE)
def desk_merge_send(lang: str) -> ResponseReturnValue:
    """Preview the merge or perform it, by the button that was pressed."""
    sent = sent_merge()
    if typed("do") != "merge":
        return merge_page(sent)
    bases = sent.base_kept, sent.base_gone
    try:
        row = merging.merge(
            services.database, identity(), sent.kept, sent.gone, *bases, sent.choices, sent.text
        )
    except (EditConflict, MergeRefused, RecordRefused) as error:
        return merge_page(sent, error)
    return redirect(url_for("web.desk_merges", lang=lang, done=row.id), 303)


@blueprint.get(f"/{LANG}/desk/merges")
@permits(Action.MERGE_PEOPLE)
def desk_merges(lang: str) -> ResponseReturnValue:
    return merges_page(page_of(request.args))


@blueprint.get(MERGE)
@permits(Action.MERGE_PEOPLE)
def desk_merge_undo(lang: str, merge_id: int) -> ResponseReturnValue:
    return undo_page(merge_id)


@blueprint.post(MERGE)
@permits(Action.MERGE_PEOPLE)
def desk_merge_undo_send(lang: str, merge_id: int) -> ResponseReturnValue:
    try:
        undoing.undo(services.database, identity(), merge_id)
    except MergeRefused as error:
        return undo_page(merge_id, error)
    return redirect(url_for("web.desk_merges", lang=lang, done=merge_id), 303)


@blueprint.get(SPLIT)
@permits(Action.MERGE_PEOPLE)
def desk_split(lang: str, person_id: str) -> ResponseReturnValue:
    return split_page(person_id)


@blueprint.post(SPLIT)
@permits(Action.MERGE_PEOPLE)
def desk_split_send(lang: str, person_id: str) -> ResponseReturnValue:
    database, who, base = services.database, identity(), whole("base")
    try:
        made = splitting.split(database, who, person_id, base, choices(), reason())
    except (EditConflict, RecordRefused) as error:
        return split_page(person_id, error)
    return redirect(url_for("web.desk_split", lang=lang, person_id=person_id, new=made.new_id), 303)
