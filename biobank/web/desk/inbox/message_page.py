"""The page of one message: its content, its history and the possible actions."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from biobank.access import identity
from biobank.bootstrap import Services
from biobank.editorial import saving
from biobank.editorial.inbox.applying import Proposed, is_simple, place_of, proposed
from biobank.editorial.inbox.models import Message, MessageNote
from biobank.editorial.inbox.notes import person_now
from biobank.editorial.inbox.queue import one
from biobank.editorial.inbox.registering import record_of
from biobank.editorial.inbox.states import steps
from biobank.editorial.summary import TEXTS
from biobank.extensions import services as its
from biobank.i18n import LANGUAGES
from biobank.records.organisations.registrations import registration_of
from biobank.records.organisations.schemas import KINDS
from biobank.web.account.words import moment
from biobank.web.desk.inbox.told import Told, told
from biobank.web.desk.inbox.words import MARKS, NOTES, STATES
from biobank.web.desk.page import Mistake, render_desk
from biobank.web.desk.review.record import desk_url
from biobank.web.links import organisation_url
from biobank.web.words import ORGANISATION_KINDS, language_name


@dataclass(frozen=True)
class Done:
    """An entry in the history of a message; `not_mailed` marks a reply that was not e-mailed."""

    what: str
    text: str
    author: str
    at: str
    by_hand: bool


@dataclass(frozen=True)
class MessagePage:
    """The view model of the page of one message."""

    told: Told
    kind: str
    state: str
    state_label: str
    outcome: str
    #: The sender's e-mail address; empty if none was given or it was erased.
    address: str
    marks: tuple[str, ...]
    same: int
    done: tuple[Done, ...]
    steps: tuple[str, ...]
    edit_url: str
    revision_url: str
    #: The page on which the resulting draft is submitted.
    record_url: str
    revision: int | None
    #: The resulting value, if the message proposes a single value.
    proposed: Proposed | None
    long_value: bool
    #: The register number of the organisation.
    number: str
    struck: bool
    organisation_url: str


def message_page(
    message_id: int, mistakes: Sequence[Mistake] = (), status: int = 200
) -> ResponseReturnValue:
    """Render the page of a message, with error messages if there are any."""
    message, notes, same = one(its.database, identity(), message_id)
    page = make_message_page(its, message, notes, same)
    tongues = {lang: language_name(lang, g.lang) for lang in LANGUAGES}
    context = {"record": record_of(message), "kinds": _kinds(), "tongues": tongues}
    return render_desk(
        "message.html",
        _title(page.told),
        mistakes,
        status,
        page=page,
        typed=request.form,
        mails=its.mailer is not None,
        **(context if message.kind == "registration" else {}),
    )


def make_message_page(
    services: Services, message: Message, notes: Sequence[MessageNote], same: int
) -> MessagePage:
    with services.database.read() as session:
        person_id = person_now(session, message)
        newest = saving.head(session, person_id) if person_id else None
        entry = registration_of(session, message.organisation_id or "")
        words = told(session, message)
    fits = newest is not None and is_simple(message) and message.state == "new"
    return MessagePage(
        told=words,
        kind=message.kind,
        state=message.state,
        state_label=str(STATES[message.state]),
        outcome=str(STATES[message.outcome]) if message.outcome else "",
        address=message.address,
        marks=tuple(str(MARKS.get(mark, mark)) for mark in message.marks),
        same=same,
        done=tuple(map(_done, notes)),
        steps=steps(message.state),
        edit_url=edit_url(message, person_id),
        revision_url=_revision_url(message),
        record_url=desk_url(message.person_id, g.lang) if message.person_id else "",
        revision=message.revision,
        proposed=proposed(message, newest.record) if newest is not None and fits else None,
        long_value=place_of(message)[0] in TEXTS,
        number=entry.number if entry else "",
        struck=entry is not None and entry.state == "struck",
        organisation_url=organisation_url(entry.organisation_id, g.lang) if entry else "",
    )


def edit_url(message: Message, person_id: str | None) -> str:
    """Return the URL of the person's form with the message beside it; empty if none applies."""
    beside = {"lang": g.lang, "suggestion": str(message.id)}
    if message.kind == "proposal" and person_id is None:
        return url_for("web.desk_new_person", **beside)
    if message.kind in ("correction", "proposal"):
        return url_for("web.desk_edit", person_id=person_id, **beside)
    return ""


def _revision_url(message: Message) -> str:
    if message.revision is None or message.person_id is None:
        return ""
    return url_for(
        "web.desk_revision", lang=g.lang, person_id=message.person_id, number=message.revision
    )


def _done(note: MessageNote) -> Done:
    return Done(
        what=str(NOTES[note.kind]),
        text=note.text,
        author=note.author,
        at=moment(note.at),
        by_hand=note.kind == "replied" and not note.mailed,
    )


def _kinds() -> list[tuple[str, str]]:
    return [(kind, str(ORGANISATION_KINDS.get(kind, kind))) for kind in KINDS]


def _title(message: Told) -> str:
    whom = message.person.label if message.person else message.named
    return f"{message.kind}: {whom}" if whom else message.kind
