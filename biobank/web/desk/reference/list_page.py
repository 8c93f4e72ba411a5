"""The list of reference records of one type, and the form for a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from biobank.access import identity
from biobank.accounts.policy import Action, allows_somewhere
from biobank.editorial.reference.listing import Listed, Wish, label_of, listing
from biobank.extensions import services
from biobank.records.countries import country_name
from biobank.records.reference.kinds import SOURCE, TERM
from biobank.records.vocabulary.models import VOCABULARIES
from biobank.web.desk.page import Mistake, render_desk
from biobank.web.desk.reference.csl import date_text
from biobank.web.desk.reference.entry_page import entry_url, form_context
from biobank.web.desk.reference.forms import Inputs, inputs_of
from biobank.web.desk.reference.room import Room
from biobank.web.desk.reference.rooms import ROOMS
from biobank.web.desk.reference.words import PLACE_KINDS, VOCABULARY_TITLES
from biobank.web.links import Link, with_parameters
from biobank.web.paging import make_paging, page_of
from biobank.web.words import ORGANISATION_KINDS

SIZE = 50
#: Maximum length of the filter text, in characters.
SOUGHT_MOST = 200


@dataclass(frozen=True)
class Row:
    """A record in the list."""

    label: str
    url: str
    id: str
    note: str
    depth: int
    people: int
    unreviewed: bool


def list_page(room: Room) -> ResponseReturnValue:
    """Render the records of a type that match the filters of the request."""
    wish, page = _wish(room), page_of(request.args)
    found = listing(services.database, identity(), room.kind, wish, g.lang, page, SIZE)
    return render_desk(
        "reference_list.html",
        str(room.title),
        room=room,
        rooms=room_links(room),
        vocabularies=_vocabularies(room, wish),
        wish=wish,
        rows=[_row(room, it) for it in found.rows],
        total=found.total,
        unreviewed=found.unreviewed,
        unreviewed_url=_url(room, wish, 1, only_unreviewed=True),
        all_url=_url(room, Wish(vocabulary=wish.vocabulary), 1),
        paging=make_paging(page, SIZE, found.total, lambda number: _url(room, wish, number)),
        new_url=with_parameters(_room_url(room), [*_vocabulary(wish), ("new", "1")]),
        may_add=allows_somewhere(identity(), Action.ADD_REFERENCE),
    )


def new_page(
    room: Room, inputs: Inputs | None = None, mistakes: Sequence[Mistake] = ()
) -> ResponseReturnValue:
    """Render the form for a new record, empty or as it was submitted."""
    if inputs is None:
        start: dict[str, Any] = {"vocabulary": _wish(room).vocabulary} if room.kind is TERM else {}
        inputs = inputs_of(room, start)
    return render_desk(
        "reference_new.html",
        str(room.new),
        mistakes,
        room=room,
        rooms=room_links(room),
        vocabulary_options=list(VOCABULARY_TITLES.items()),
        url=_room_url(room),
        **form_context(room, inputs),
    )


def room_links(room: Room | None) -> tuple[Link, ...]:
    """Return links to the lists of all types."""
    return tuple(Link(str(it.title), _room_url(it), it is room) for it in ROOMS.values())


def wants_new() -> bool:
    return "new" in request.args


def _wish(room: Room) -> Wish:
    vocabulary = request.args.get("vocabulary", "")
    if room.kind is not TERM:
        vocabulary = ""
    elif vocabulary not in VOCABULARIES:
        vocabulary = VOCABULARIES[0]
    sought = request.args.get("q", "").strip()[:SOUGHT_MOST]
    return Wish(sought, vocabulary, "unreviewed" in request.args)


def _row(room: Room, it: Listed) -> Row:
    return Row(
        label_of(room.kind, it.record, g.lang),
        entry_url(room, it.key),
        it.record["id"],
        _note(room, it.record),
        it.depth,
        it.people,
        it.unreviewed,
    )


def _note(room: Room, record: Any) -> str:
    """Return what distinguishes a record from others of its name."""
    if room.kind is TERM:
        others = (text for lang, text in record["labels"].items() if lang != g.lang)
        return " · ".join(others)
    if room.kind is SOURCE:
        csl = record["csl"]
        authors = [
            str(it.get("literal") or it.get("family") or "") for it in csl.get("author") or ()
        ]
        parts = (", ".join(authors[:2]), csl.get("container-title"), date_text(csl.get("issued")))
        return " · ".join(str(part) for part in parts if part)
    words = PLACE_KINDS if room.name == "places" else ORGANISATION_KINDS
    kind = str(words.get(record["kind"], record["kind"]))
    country = record.get("country")
    return f"{kind} · {country_name(country, g.lang)}" if country else kind


def _vocabularies(room: Room, wish: Wish) -> tuple[Link, ...]:
    if room.kind is not TERM:
        return ()
    return tuple(
        Link(
            str(title),
            with_parameters(_room_url(room), [("vocabulary", name)]),
            name == wish.vocabulary,
        )
        for name, title in VOCABULARY_TITLES.items()
    )


def _url(room: Room, wish: Wish, page: int, *, only_unreviewed: bool = False) -> str:
    parts = _vocabulary(wish) + ([("q", wish.text)] if wish.text else [])
    if wish.only_unreviewed or only_unreviewed:
        parts.append(("unreviewed", "1"))
    return with_parameters(_room_url(room), parts + ([("page", str(page))] if page > 1 else []))


def _vocabulary(wish: Wish) -> list[tuple[str, str]]:
    return [("vocabulary", wish.vocabulary)] if wish.vocabulary else []


def _room_url(room: Room) -> str:
    return url_for("web.desk_reference", lang=g.lang, room=room.name)
