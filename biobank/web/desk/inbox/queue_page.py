"""The page of the inbox: filters with counts, and messages with urgent ones first."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from flask import g, request, url_for

from biobank.bootstrap import Services
from biobank.common.clock import as_utc
from biobank.editorial.inbox.queue import AGE_FILTER_DAYS, QUEUE_PAGE_SIZE, QueueFilter, list_messages
from biobank.editorial.inbox.triage import MESSAGE_STATES
from biobank.editorial.models import MESSAGE_KINDS, InboxMessage
from biobank.http.auth import identity
from biobank.records.people.browse_queries import load_cards
from biobank.web.core.gettext import _
from biobank.web.core.labels import MESSAGE_KIND_LABELS as KIND_LABELS
from biobank.web.core.labels import format_day
from biobank.web.core.pagination import Pagination, make_pagination, page_number
from biobank.web.core.record_labels import field_title
from biobank.web.core.urls import with_query
from biobank.web.desk.inbox.labels import MESSAGE_AGE_LABELS as AGE_LABELS
from biobank.web.desk.inbox.labels import MESSAGE_STATE_LABELS as STATE_LABELS
from biobank.web.desk.inbox.labels import SPAM_FLAG_LABELS
from biobank.web.desk.inbox.message_view import message_subject

#: Maximum length of the excerpt of a message, in characters.
MAX_EXCERPT_CHARS = 160
#: Entries that an excerpt is taken from; the first one present is used.
EXCERPT_ENTRIES = ("text", "what", "why", "about", "dates")


@dataclass(frozen=True)
class InboxFacetValue:
    """A filter value with the number of messages it matches."""

    label: str
    url: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class InboxRow:
    """A message in the list of the inbox."""

    url: str
    kind: str
    state: str
    state_label: str
    about: str
    excerpt: str
    day: str
    sent_on: str
    flags: tuple[str, ...]
    is_urgent: bool


@dataclass(frozen=True)
class InboxPage:
    """The view model of the inbox."""

    total: int
    #: Pairs of group title and filter values.
    groups: tuple[tuple[str, tuple[InboxFacetValue, ...]], ...]
    rows: tuple[InboxRow, ...]
    paging: Pagination


def build_inbox_page(services: Services) -> InboxPage:
    query = _parse_query()
    result = list_messages(services.database, identity(), query)
    with services.database.read() as session:
        person_ids = {message.person_id for message in result.messages if message.person_id}
        names = {id_: card.name(g.lang) for id_, card in load_cards(session, sorted(person_ids)).items()}
    non_spam_count = sum(number for state, number in result.states.items() if state != "spam")
    states = {"": non_spam_count, **{state: result.states.get(state, 0) for state in MESSAGE_STATES}}
    kinds = {"": sum(result.kinds.values()), **{kind: result.kinds.get(kind, 0) for kind in MESSAGE_KINDS}}
    return InboxPage(
        total=result.total,
        groups=(
            (_("Status"), _facet_values(query, "state", states, {"": _("all except spam"), **STATE_LABELS})),
            (_("Type"), _facet_values(query, "kind", kinds, {"": _("all types"), **KIND_LABELS})),
            (
                _("Waiting time"),
                _facet_values(query, "age", result.ages, {"": _("any length of time"), **AGE_LABELS}),
            ),
        ),
        rows=tuple(_row(message, names) for message in result.messages),
        paging=make_pagination(
            query.page, QUEUE_PAGE_SIZE, result.total, lambda page: _url(replace(query, page=page))
        ),
    )


def _parse_query() -> QueueFilter:
    """Return the filters of the request; unknown values are ignored."""
    state, kind = request.args.get("state", "new"), request.args.get("kind", "")
    age = request.args.get("age", "")
    return QueueFilter(
        kind=kind if kind in MESSAGE_KINDS else "",
        state=state if state in (*MESSAGE_STATES, "") else "new",
        age=age if age in AGE_FILTER_DAYS else "",
        page=page_number(request.args),
    )


def _url(query: QueueFilter) -> str:
    values = [("state", query.state), ("kind", query.kind), ("age", query.age)]
    parameters = [pair for pair in values if pair[1] or pair[0] == "state"]
    if query.page > 1:
        parameters.append(("page", str(query.page)))
    return with_query(url_for("desk.inbox", lang=g.lang), parameters)


def _facet_values(
    query: QueueFilter, name: str, counts: Mapping[str, int], labels: Mapping[str, object]
) -> tuple[InboxFacetValue, ...]:
    chosen = getattr(query, name)
    return tuple(
        InboxFacetValue(
            label=str(labels[value]),
            url=_url(replace(query, page=1, **{name: value})),
            count=count,
            chosen=value == chosen,
        )
        for value, count in counts.items()
    )


def _row(message: InboxMessage, names: Mapping[str, str]) -> InboxRow:
    person_id = message.person_id or ""
    sent_at = as_utc(message.sent_at)
    text = next((message.content[entry] for entry in EXCERPT_ENTRIES if message.content.get(entry)), "")
    field = field_title(message.field.partition(".")[0]) if message.field else ""
    subject = names.get(person_id, person_id) or message_subject(message)
    return InboxRow(
        url=url_for("desk.message", lang=g.lang, message_id=message.id),
        kind=str(KIND_LABELS[message.kind]),
        state=message.state,
        state_label=str(STATE_LABELS[message.state]),
        about=" · ".join(part for part in (subject, field) if part),
        excerpt=text if len(text) <= MAX_EXCERPT_CHARS else text[: MAX_EXCERPT_CHARS - 1] + "…",
        day=format_day(sent_at, g.lang),
        sent_on=f"{sent_at:%Y-%m-%d}",
        flags=tuple(str(SPAM_FLAG_LABELS.get(flag, flag)) for flag in message.marks),
        is_urgent=message.kind == "objection" and message.state == "new",
    )
