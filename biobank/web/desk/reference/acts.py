"""Actions of the buttons of a reference record; each redirects or renders the page again."""

from collections.abc import Callable
from dataclasses import replace

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from biobank.access import identity
from biobank.editorial.reference import keeping, looking, merging, undoing
from biobank.editorial.reference.merging import Preview
from biobank.errors import (
    NotFound,
    Problem,
    RecordRefused,
    ReferenceChanged,
    StillUsed,
    WrongState,
)
from biobank.extensions import services
from biobank.records.vocabulary.models import term_key
from biobank.web.account.forms import row_id
from biobank.web.desk.page import Mistake
from biobank.web.desk.reference import reading
from biobank.web.desk.reference.entry_page import entry_page, entry_url
from biobank.web.desk.reference.forms import (
    ID_MOST,
    inputs_typed,
    mistakes_of,
    record_of,
)
from biobank.web.desk.reference.list_page import new_page
from biobank.web.desk.reference.room import Room
from biobank.web.desk.reference.words import problem_words
from biobank.web.desk.writing.picks import Picks, id_picked
from biobank.web.desk.writing.shape import PICK
from biobank.web.text import _, ngettext


def add(room: Room) -> ResponseReturnValue:
    """Save a new record."""
    inputs = inputs_typed(room, request.form)
    try:
        record = record_of(room, inputs, {})
        key = keeping.add(services.database, identity(), room.kind, record)
    except RecordRefused as refused:
        return new_page(room, inputs, mistakes_of(room, inputs, refused.problems))
    return _to(room, key)


def save(room: Room, key: str) -> ResponseReturnValue:
    """Save the submitted record; on a concurrent change both versions are shown."""
    before = looking.look(services.database, identity(), room.kind, key, g.lang).record
    # The form cannot change the vocabulary of a term.
    typed = inputs_typed(room, request.form, before.get("vocabulary", ""))
    inputs = replace(typed, id=before["id"])
    try:
        record = record_of(room, inputs, before)
        keeping.change(services.database, identity(), room.kind, key, record, _seen())
    except ReferenceChanged:
        return entry_page(room, key, inputs, [Mistake(_meanwhile())], conflict=True)
    except RecordRefused as refused:
        return entry_page(room, key, inputs, mistakes_of(room, inputs, refused.problems))
    return _to(room, key)


def accept(room: Room, key: str) -> ResponseReturnValue:
    keeping.accept(services.database, identity(), room.kind, key)
    return _to(room, key)


def remove(room: Room, key: str) -> ResponseReturnValue:
    try:
        keeping.remove(services.database, identity(), room.kind, key, _seen())
    except (StillUsed, ReferenceChanged) as error:
        used = isinstance(error, StillUsed)
        text = _("Something refers to it still. Merge it into another one instead.")
        return entry_page(room, key, None, [Mistake(text if used else _meanwhile())])
    return redirect(url_for("web.desk_reference", lang=g.lang, room=room.name), 303)


def rename(room: Room, key: str) -> ResponseReturnValue:
    new = reading.line(request.form, "new_id", ID_MOST)
    try:
        key = merging.rename(services.database, identity(), room.kind, key, new)
    except RecordRefused as refused:
        words = [Mistake(problem_words(it), "new_id") for it in refused.problems]
        return entry_page(room, key, None, words)
    return _to(room, key)


def merge(room: Room, key: str) -> ResponseReturnValue:
    keep_names = "keep_names" in request.form
    gone = _other(room, key, reading.line(request.form, "merge", ID_MOST))
    try:
        merging.merge(services.database, identity(), room.kind, key, gone, keep_names=keep_names)
    except (RecordRefused, NotFound) as error:
        return refused_merge(room, key, error)
    return _to(room, key)


def undo(room: Room, key: str) -> ResponseReturnValue:
    number = row_id(reading.line(request.form, "undo", 9))
    try:
        undone = undoing.undo(services.database, identity(), number)
    except WrongState:
        text = _(
            "It cannot be undone any more: the id is taken, or what it was merged into is gone."
        )
        return entry_page(room, key, None, [Mistake(text)])
    if left := len(undone.people_left) + len(undone.records_left):
        text = ngettext(
            "It is undone. %(count)s record changed since and stays as it is now: %(names)s.",
            "It is undone. %(count)s records changed since and stay as they are now: %(names)s.",
            left,
            count=left,
            names=", ".join((*undone.people_left, *undone.records_left)[:20]),
        )
        return entry_page(room, undone.key, notice=text)
    return _to(room, undone.key)


def preview_of(room: Room, key: str, other: str) -> Preview:
    """Return the preview of a merge.

    Raises:
        RecordRefused, NotFound: if the two records cannot be merged.
    """
    gone = _other(room, key, _meant(room, key, other[:PICK].strip())[:ID_MOST])
    return merging.preview(services.database, identity(), room.kind, key, gone)


def refused_merge(room: Room, key: str, error: RecordRefused | NotFound) -> ResponseReturnValue:
    """Render the page with the reason why the two records cannot be merged."""
    problems = getattr(error, "problems", (Problem("merge", "unknown", ""),))
    words = [
        problem_words(it) or _("There is no such record to merge with. Write its id.")
        for it in problems
    ]
    return entry_page(room, key, None, [Mistake(text, "merge") for text in words])


ACTS: dict[str, Callable[[Room, str], ResponseReturnValue]] = {
    "save": save,
    "accept": accept,
    "remove": remove,
    "rename": rename,
    "merge": merge,
    "undo": undo,
}


def act(room: Room, key: str) -> ResponseReturnValue:
    """Perform the action of the button that was pressed; without one, save."""
    return ACTS.get(request.form.get("do", ""), save)(room, key)


def _meant(room: Room, key: str, text: str) -> str:
    """Return the id of the only other record that the text matches, else the text as an id."""
    vocabulary, _stroke, own = key.rpartition("/")
    of = vocabulary or room.kind.name
    picks = Picks(g.lang)
    picks.look_up([(of, text)])
    meant = [id_ for id_ in picks.ids(of, text) if id_ != own]
    return meant[0] if len(meant) == 1 else id_picked(text)


def _other(room: Room, key: str, id_: str) -> str:
    """Return the key of another record of the same type and vocabulary."""
    vocabulary, stroke, _id = key.rpartition("/")
    return term_key(vocabulary, id_) if stroke else id_


def _seen() -> str:
    return reading.line(request.form, "version", keeping.VERSION)


def _meanwhile() -> str:
    return _("Somebody changed it meanwhile. Nothing was saved yet; see both below, then decide.")


def _to(room: Room, key: str) -> ResponseReturnValue:
    return redirect(entry_url(room, key), 303)
