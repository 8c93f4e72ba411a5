"""The page of one reference record: form, usage, merging and edit history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, url_for
from flask.typing import ResponseReturnValue

from biobank.access import identity
from biobank.accounts.clock import as_utc
from biobank.accounts.policy import Action, allows
from biobank.editorial.reference import keeping, looking
from biobank.editorial.reference.listing import label_of
from biobank.editorial.reference.looking import Look
from biobank.editorial.reference.merging import Preview
from biobank.extensions import services
from biobank.i18n import LANGUAGE_NAMES
from biobank.records.reference.kinds import TERM, Kind
from biobank.web.account.words import moment
from biobank.web.cards import people_cards
from biobank.web.desk.page import Mistake, render_desk
from biobank.web.desk.reference import refs
from biobank.web.desk.reference.fields import EMPTY_ROWS, Field, Ref, Rows
from biobank.web.desk.reference.forms import Inputs, inputs_of
from biobank.web.desk.reference.room import Room
from biobank.web.desk.reference.rooms import ROOM_OF, ROOMS
from biobank.web.desk.reference.words import edit_words
from biobank.web.links import Link, filter_url

#: Search facets that find the people who use a record.
FACETS = {"place": "place", "organisation": "organisation", "profession": "profession"}


@dataclass(frozen=True)
class EditRow:
    """An entry of the edit history."""

    at: str
    moment: str
    what: str
    author: str


@dataclass(frozen=True)
class MergeRow:
    """A merge that can be undone."""

    id: int
    gone: str
    label: str
    moment: str
    renamed: bool


@dataclass(frozen=True)
class Told:
    """A field that differs between two versions: the current value and the submitted one."""

    label: str
    now: Sequence[str]
    typed: Sequence[str]


def entry_page(
    room: Room,
    key: str,
    inputs: Inputs | None = None,
    mistakes: Sequence[Mistake] = (),
    *,
    conflict: bool = False,
    notice: str = "",
) -> ResponseReturnValue:
    """Render a record as it is stored, or with the form as it was submitted."""
    found = looking.look(services.database, identity(), room.kind, key, g.lang)
    now = inputs_of(room, found.record)
    return render_desk(
        "reference_entry.html",
        label_of(room.kind, found.record, g.lang),
        mistakes,
        status=409 if conflict else 200,
        room=room,
        rooms=_rooms(room),
        key=key,
        look=found,
        notice=notice,
        url=entry_url(room, key),
        version=keeping.version(found.record),
        differing=_differing(room, now, inputs) if conflict and inputs else (),
        may_edit=allows(identity(), Action.EDIT_REFERENCE),
        people=_people(found),
        more_url=_more_url(room, found),
        referring=[_link(it.kind, it.key, it.record) for it in found.referring],
        of=key.rpartition("/")[0] or room.kind.name,
        merges=[_merge_row(it) for it in found.merges],
        edits=[_edit_row(it) for it in found.edits],
        told=[(it.label, _told(it, now)) for it in room.fields],
        **form_context(room, inputs or now),
    )


def merge_page(room: Room, key: str, preview: Preview) -> ResponseReturnValue:
    """Render the preview of a merge."""
    plan = preview.plan
    after, now = inputs_of(room, plan.after), inputs_of(room, plan.kept)
    return render_desk(
        "reference_merge.html",
        label_of(room.kind, plan.kept, g.lang),
        room=room,
        rooms=_rooms(room),
        key=key,
        url=entry_url(room, key),
        gone=plan.gone,
        gone_label=label_of(room.kind, plan.gone, g.lang),
        gone_people=len(preview.people),
        gone_drafts=len(preview.drafts),
        referring=[_link(it.kind, it.key, it.record) for it in plan.referring],
        changes=[
            Told(str(it.label), _told(it, now), _told(it, after))
            for it in room.fields
            if now.shown[it.name] != after.shown[it.name]
        ],
    )


def form_context(room: Room, inputs: Inputs) -> dict[str, Any]:
    """Return the template variables of the form."""
    return {
        "inputs": inputs,
        "fields": room.fields,
        "options": {it.name: it.options(g.lang) for it in room.fields if hasattr(it, "options")},
        "column_options": {
            f"{it.name}.{column.name}": column.options(g.lang)
            for it in room.fields
            if isinstance(it, Rows)
            for column in it.columns
            if column.options
        },
        "said": {
            it.name: refs.said(it, inputs.shown[it.name], inputs.vocabulary) for it in room.fields
        },
        "picks": {
            it.name: refs.pick_of(it, inputs.vocabulary)
            for it in room.fields
            if isinstance(it, Ref)
        },
        "choices": {
            it.to: refs.choices(it.to, inputs.vocabulary)
            for it in room.fields
            if isinstance(it, Ref)
        },
        "empty_rows": EMPTY_ROWS,
        "tongues": LANGUAGE_NAMES,
    }


def entry_url(room: Room, key: str) -> str:
    return url_for("web.desk_reference_entry", lang=g.lang, room=room.name, key=key)


def _rooms(room: Room) -> tuple[Link, ...]:
    return tuple(
        Link(str(it.title), url_for("web.desk_reference", lang=g.lang, room=it.name), it is room)
        for it in ROOMS.values()
    )


def _differing(room: Room, now: Inputs, typed: Inputs) -> list[Told]:
    return [
        Told(str(it.label), _told(it, now), _told(it, typed))
        for it in room.fields
        if now.shown[it.name] != typed.shown[it.name]
    ]


def _told(field: Field, inputs: Inputs) -> Sequence[str]:
    return field.told(refs.said(field, inputs.shown[field.name], inputs.vocabulary))


def _people(found: Look) -> list[Any]:
    with services.database.read() as session:
        cards = people_cards(session, found.people, services.catalogue(), g.lang)
    return list(cards.values())


def _more_url(room: Room, found: Look) -> str:
    """Return the search for all people who use the record; empty if there is none."""
    name = found.record["vocabulary"] if room.kind is TERM else room.kind.name
    facet = FACETS.get(name)
    return filter_url(g.lang, **{facet: found.record["id"]}) if facet and found.people else ""


def _link(kind: Kind, key: str, record: Mapping[str, Any]) -> Link:
    return Link(label_of(kind, record, g.lang), entry_url(ROOM_OF[kind.name], key))


def _merge_row(it: Any) -> MergeRow:
    gone: Mapping[str, Any] = next(
        (before for _, key, before, after in it.changed if after is None), {}
    )
    kind = ROOM_OF[it.kind].kind
    return MergeRow(
        it.id,
        it.gone.rpartition("/")[2],
        label_of(kind, gone, g.lang) if gone else "",
        moment(it.at),
        it.renamed,
    )


def _edit_row(it: Any) -> EditRow:
    return EditRow(as_utc(it.at).isoformat(), moment(it.at), edit_words(it.what), it.author)
