"""The history page of a person: published revisions and changed fields, newest first."""

from dataclasses import dataclass, replace

from biobank.bootstrap import Services
from biobank.editorial import history
from biobank.editorial.summary import Touched, touched
from biobank.errors import NotFound
from biobank.records.people.mapping import preferred_name
from biobank.web.links import (
    Link,
    changes_url,
    history_url,
    person_url,
    revision_url,
    with_parameters,
)
from biobank.web.names import NameForm, shown_name
from biobank.web.paging import Paging, make_paging
from biobank.web.revisions.revision_page import published_at
from biobank.web.revisions.titles import in_order, touched_words
from biobank.web.text import _
from biobank.web.words import day_words

#: Revisions per page.
SIZE = 20


@dataclass(frozen=True)
class Entry:
    """A revision in the list. `changed_fields` link to each change; empty for the first revision,
    a redacted one, and one that equals its predecessor, e.g. after an undone merge.

    `credit` names the person who suggested the change, if they agreed to be named.
    """

    number: int
    credit: str
    day: str
    day_on: str
    current: bool
    first: bool
    redacted: bool
    url: str
    changes_url: str
    touched: tuple[Link, ...]


@dataclass(frozen=True)
class HistoryPage:
    id: str
    name: NameForm
    person_url: str
    entries: tuple[Entry, ...]
    paging: Paging


def make_history_page(services: Services, person_id: str, page: int, lang: str) -> HistoryPage:
    """Build a page of the history of a public person.

    Raises:
        NotFound: if there is no such person, or no such page of the history.
    """
    with services.database.read() as session:
        current = history.current(session, person_id)
        total = history.count(session, person_id)
        steps = history.steps(session, person_id, (page - 1) * SIZE, SIZE)
        # The last revision of a page is not necessarily the first one: check for an older one.
        first = history.before(session, person_id, steps[-1].revision.number) if steps else 0
    if not steps:
        raise NotFound(_("There is no such page in the list."))
    entries = [_entry(step, current.number, lang) for step in steps]
    if first is None:
        oldest = _entry(history.Step(steps[-1].revision, ()), current.number, lang)
        entries[-1] = replace(oldest, first=True)
    names = current.record["names"]
    address = history_url(person_id, lang)
    return HistoryPage(
        id=person_id,
        name=shown_name(names, preferred_name(current.record, lang), lang),
        person_url=person_url(person_id, lang),
        entries=tuple(entries),
        paging=make_paging(
            page, SIZE, total, lambda number: with_parameters(address, [("page", str(number))])
        ),
    )


def _entry(step: history.Step, current: int, lang: str) -> Entry:
    revision = step.revision
    changes = changes_url(revision.person_id, revision.number, lang)
    by_field: dict[str, Touched] = {it.field: it for it in touched(step.changes)}
    published = published_at(revision)
    return Entry(
        number=revision.number,
        credit=revision.credit,
        day=day_words(published, lang),
        day_on=f"{published:%Y-%m-%d}",
        current=revision.number == current,
        first=False,
        redacted=revision.redacted_at is not None,
        url=revision_url(revision.person_id, revision.number, lang),
        changes_url=changes,
        touched=tuple(
            Link(touched_words(by_field[field], lang), f"{changes}#{field}")
            for field in in_order(by_field)
        ),
    )
