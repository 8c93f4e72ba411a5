"""Routes of the reference lists: terms, places, organisations and sources."""

from flask import redirect, request
from flask.typing import ResponseReturnValue

from biobank.accounts.policy import Action
from biobank.editorial.reference import detail
from biobank.errors import NotFound, RecordRefused
from biobank.http.auth import identity, requires
from biobank.http.extensions import services
from biobank.web.core.blueprint import LANG_RULE, blueprint
from biobank.web.desk.reference import actions, list_page
from biobank.web.desk.reference.entity_types import ENTITY_TYPES
from biobank.web.desk.reference.entry_page import entry_page, entry_url, merge_page

LIST_PATH = f"/{LANG_RULE}/desk/<any(terms, places, organisations, sources):room>"
#: The key of a term is `vocabulary/id`.
ENTRY_PATH = f"{LIST_PATH}/<path:key>"


@blueprint.get(LIST_PATH)
@requires(Action.SEE_DESK)
def desk_reference(lang: str, room: str) -> ResponseReturnValue:
    entity_type = ENTITY_TYPES[room]
    return (
        list_page.new_page(entity_type)
        if list_page.is_new_requested()
        else list_page.list_page(entity_type)
    )


@blueprint.post(LIST_PATH)
@requires(Action.ADD_REFERENCE)
def desk_reference_post(lang: str, room: str) -> ResponseReturnValue:
    return actions.add(ENTITY_TYPES[room])


@blueprint.get(ENTRY_PATH)
@requires(Action.SEE_DESK)
def desk_reference_entry(lang: str, room: str, key: str) -> ResponseReturnValue:
    """Render one record or, with the argument `merge`, the preview of a merge into it."""
    entity_type, merge_query = ENTITY_TYPES[room], request.args.get("merge", "")
    if new_key := detail.find_redirect_target(
        services.database, identity(), entity_type.kind, key[:200]
    ):
        return redirect(entry_url(entity_type, new_key), 301)
    try:
        return (
            merge_page(entity_type, key, actions.preview_merge(entity_type, key, merge_query))
            if merge_query
            else entry_page(entity_type, key)
        )
    except (RecordRefused, NotFound) as error:
        if merge_query:
            return actions.merge_refused_page(entity_type, key, error)
        raise


@blueprint.post(ENTRY_PATH)
@requires(Action.EDIT_REFERENCE)
def desk_reference_entry_post(lang: str, room: str, key: str) -> ResponseReturnValue:
    return actions.handle_action(ENTITY_TYPES[room], key)
