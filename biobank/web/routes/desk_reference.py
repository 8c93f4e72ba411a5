"""Routes of the reference lists: terms, places, organisations and sources."""

from flask import redirect, request
from flask.typing import ResponseReturnValue

from biobank.access import identity, permits
from biobank.accounts.policy import Action
from biobank.editorial.reference import looking
from biobank.errors import NotFound, RecordRefused
from biobank.extensions import services
from biobank.web.blueprint import LANG, blueprint
from biobank.web.desk.reference import acts, list_page
from biobank.web.desk.reference.entry_page import entry_page, entry_url, merge_page
from biobank.web.desk.reference.rooms import ROOMS

ROOM = f"/{LANG}/desk/<any(terms, places, organisations, sources):room>"
#: The key of a term is `vocabulary/id`.
ENTRY = f"{ROOM}/<path:key>"


@blueprint.get(ROOM)
@permits(Action.SEE_DESK)
def desk_reference(lang: str, room: str) -> ResponseReturnValue:
    found = ROOMS[room]
    return list_page.new_page(found) if list_page.wants_new() else list_page.list_page(found)


@blueprint.post(ROOM)
@permits(Action.ADD_REFERENCE)
def desk_reference_send(lang: str, room: str) -> ResponseReturnValue:
    return acts.add(ROOMS[room])


@blueprint.get(ENTRY)
@permits(Action.SEE_DESK)
def desk_reference_entry(lang: str, room: str, key: str) -> ResponseReturnValue:
    """Render one record or, with the argument `merge`, the preview of a merge into it."""
    found, other = ROOMS[room], request.args.get("merge", "")
    if new := looking.led_on_to(services.database, identity(), found.kind, key[:200]):
        return redirect(entry_url(found, new), 301)
    try:
        return (
            merge_page(found, key, acts.preview_of(found, key, other))
            if other
            else entry_page(found, key)
        )
    except (RecordRefused, NotFound) as error:
        if other:
            return acts.refused_merge(found, key, error)
        raise


@blueprint.post(ENTRY)
@permits(Action.EDIT_REFERENCE)
def desk_reference_entry_send(lang: str, room: str, key: str) -> ResponseReturnValue:
    return acts.act(ROOMS[room], key)
