"""The history page of a person: published revisions and changed fields, newest first."""

from dataclasses import dataclass, replace

from biobank.bootstrap import Services
from biobank.editorial.revisions import history
from biobank.editorial.revisions.record_diff import ChangedField, summarize_changes
from biobank.errors import NotFound
from biobank.records.people.mapping import preferred_name
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_day
from biobank.web.core.name_forms import NameForm, find_name_form
from biobank.web.core.pagination import Pagination, make_pagination
from biobank.web.core.urls import Link, changes_url, history_url, person_url, revision_url, with_query
from biobank.web.revisions.labels import changed_field_label, sort_fields
from biobank.web.revisions.revision_page import published_at

#: Revisions per page.
HISTORY_PAGE_SIZE = 20


@dataclass(frozen=True)
class HistoryEntry:
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
    changed_fields: tuple[Link, ...]


@dataclass(frozen=True)
class HistoryPage:
    id: str
    name: NameForm
    person_url: str
    entries: tuple[HistoryEntry, ...]
    paging: Pagination


def make_history_page(services: Services, person_id: str, page: int, lang: str) -> HistoryPage:
    """Build a page of the history of a public person.

    Raises:
        NotFound: if there is no such person, or no such page of the history.
    """
    with services.database.read() as session:
        current = history.get_current_revision(session, person_id)
        total = history.count_revisions(session, person_id)
        steps = history.list_revisions(session, person_id, (page - 1) * HISTORY_PAGE_SIZE, HISTORY_PAGE_SIZE)
        # The last revision of a page is not necessarily the first one: check for an older one.
        previous_number = (
            history.previous_number(session, person_id, steps[-1].revision.number) if steps else 0
        )
    if not steps:
        raise NotFound(_("This page of the list does not exist."))
    entries = [_history_entry(step, current.number, lang) for step in steps]
    if previous_number is None:
        oldest = _history_entry(history.RevisionChanges(steps[-1].revision, ()), current.number, lang)
        entries[-1] = replace(oldest, first=True)
    names = current.record["names"]
    address = history_url(person_id, lang)
    return HistoryPage(
        id=person_id,
        name=find_name_form(names, preferred_name(current.record, lang), lang),
        person_url=person_url(person_id, lang),
        entries=tuple(entries),
        paging=make_pagination(
            page, HISTORY_PAGE_SIZE, total, lambda number: with_query(address, [("page", str(number))])
        ),
    )


def _history_entry(step: history.RevisionChanges, current: int, lang: str) -> HistoryEntry:
    revision = step.revision
    changes = changes_url(revision.person_id, revision.number, lang)
    by_field: dict[str, ChangedField] = {
        changed.field: changed for changed in summarize_changes(step.changes)
    }
    published = published_at(revision)
    return HistoryEntry(
        number=revision.number,
        credit=revision.credit,
        day=format_day(published, lang),
        day_on=f"{published:%Y-%m-%d}",
        current=revision.number == current,
        first=False,
        redacted=revision.redacted_at is not None,
        url=revision_url(revision.person_id, revision.number, lang),
        changes_url=changes,
        changed_fields=tuple(
            Link(changed_field_label(by_field[field], lang), f"{changes}#{field}")
            for field in sort_fields(by_field)
        ),
    )
