"""The page of the inbox: filters with counts, and messages with urgent ones first."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import g, request, url_for

from biobank.access import identity
from biobank.accounts.clock import as_utc
from biobank.bootstrap import Services
from biobank.editorial.inbox.models import KINDS, Message
from biobank.editorial.inbox.queue import AGES, PAGE, Asked, queue
from biobank.editorial.inbox.states import STATES
from biobank.records.people.browsing import cards
from biobank.web.desk.inbox.told import named
from biobank.web.desk.inbox.words import AGES as AGE_WORDS
from biobank.web.desk.inbox.words import MARKS
from biobank.web.desk.inbox.words import STATES as STATE_WORDS
from biobank.web.links import with_parameters
from biobank.web.paging import Paging, make_paging, page_of
from biobank.web.public.words import KINDS as KIND_WORDS
from biobank.web.revisions.titles import field_title
from biobank.web.text import _
from biobank.web.words import day_words

#: Maximum length of the excerpt of a message, in characters.
GIST = 160
#: Entries that an excerpt is taken from; the first one present is used.
TELLING = ("text", "what", "why", "about", "dates")


@dataclass(frozen=True)
class Choice:
    """A filter value with the number of messages it matches."""

    label: str
    url: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Row:
    """A message in the list of the inbox."""

    url: str
    kind: str
    state: str
    state_label: str
    about: str
    gist: str
    day: str
    on: str
    marks: tuple[str, ...]
    pressing: bool


@dataclass(frozen=True)
class InboxPage:
    """The view model of the inbox."""

    total: int
    #: Pairs of group title and filter values.
    groups: tuple[tuple[str, tuple[Choice, ...]], ...]
    rows: tuple[Row, ...]
    paging: Paging


def make_inbox_page(services: Services) -> InboxPage:
    asked = _asked()
    found = queue(services.database, identity(), asked)
    with services.database.read() as session:
        about = {message.person_id for message in found.messages if message.person_id}
        names = {id_: card.name(g.lang) for id_, card in cards(session, sorted(about)).items()}
    everything = sum(number for state, number in found.states.items() if state != "spam")
    states = {"": everything, **{state: found.states.get(state, 0) for state in STATES}}
    kinds = {"": sum(found.kinds.values()), **{it: found.kinds.get(it, 0) for it in KINDS}}
    return InboxPage(
        total=found.total,
        groups=(
            (_("State"), _choices(asked, "state", states, {"": _("all but spam"), **STATE_WORDS})),
            (_("Kind"), _choices(asked, "kind", kinds, {"": _("all kinds"), **KIND_WORDS})),
            (_("How long"), _choices(asked, "age", found.ages, {"": _("any time"), **AGE_WORDS})),
        ),
        rows=tuple(_row(message, names) for message in found.messages),
        paging=make_paging(
            asked.page, PAGE, found.total, lambda page: _url(replace(asked, page=page))
        ),
    )


def _asked() -> Asked:
    """Return the filters of the request; unknown values are ignored."""
    state, kind = request.args.get("state", "new"), request.args.get("kind", "")
    age = request.args.get("age", "")
    return Asked(
        kind=kind if kind in KINDS else "",
        state=state if state in (*STATES, "") else "new",
        age=age if age in AGES else "",
        page=page_of(request.args),
    )


def _url(asked: Asked) -> str:
    values = [("state", asked.state), ("kind", asked.kind), ("age", asked.age)]
    parameters = [pair for pair in values if pair[1] or pair[0] == "state"]
    if asked.page > 1:
        parameters.append(("page", str(asked.page)))
    return with_parameters(url_for("web.desk_inbox", lang=g.lang), parameters)


def _choices(
    asked: Asked, name: str, counts: Mapping[str, int], words: Mapping[str, object]
) -> tuple[Choice, ...]:
    chosen = getattr(asked, name)
    return tuple(
        Choice(
            label=str(words[value]),
            url=_url(replace(asked, page=1, **{name: value})),
            count=count,
            chosen=value == chosen,
        )
        for value, count in counts.items()
    )


def _row(message: Message, names: Mapping[str, str]) -> Row:
    person_id = message.person_id or ""
    sent_at = as_utc(message.sent_at)
    said = next((message.content[entry] for entry in TELLING if message.content.get(entry)), "")
    field = field_title(message.field.partition(".")[0]) if message.field else ""
    whom = names.get(person_id, person_id) or named(message)
    return Row(
        url=url_for("web.desk_message", lang=g.lang, message_id=message.id),
        kind=str(KIND_WORDS[message.kind]),
        state=message.state,
        state_label=str(STATE_WORDS[message.state]),
        about=" · ".join(part for part in (whom, field) if part),
        gist=said if len(said) <= GIST else said[: GIST - 1] + "…",
        day=day_words(sent_at, g.lang),
        on=f"{sent_at:%Y-%m-%d}",
        marks=tuple(str(MARKS.get(mark, mark)) for mark in message.marks),
        pressing=message.kind == "objection" and message.state == "new",
    )
