"""The history page of a person: published revisions and changed fields, newest first."""

from dataclasses import dataclass, replace
from datetime import datetime

from biobank.bootstrap import Services
from biobank.editorial.models import Revision
from biobank.editorial.revisions import history
from biobank.editorial.revisions.record_diff import ChangedField, summarize_changes
from biobank.errors import NotFound
from biobank.records.people.mapping import preferred_name
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_day
from biobank.web.core.name_forms import NameForm, find_name_form
from biobank.web.core.pagination import Pagination, make_pagination
from biobank.web.core.record_labels import changed_field_label, sort_fields
from biobank.web.core.urls import Link, changes_url, history_url, person_url, revision_url, with_query

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


@dataclass(frozen=True)
class RevisionLink:
    """A revision with its publication date and URL."""

    number: int
    day: str
    day_on: str
    url: str


def revision_link(revision: Revision, lang: str, url: str = "") -> RevisionLink:
    """Return a link to a revision, at `url` if given, otherwise at its own page."""
    return RevisionLink(
        number=revision.number,
        day=format_day(published_at(revision), lang),
        day_on=f"{published_at(revision):%Y-%m-%d}",
        url=url or revision_url(revision.person_id, revision.number, lang),
    )


def published_at(revision: Revision) -> datetime:
    """Return when a revision was published; its draft may be much older."""
    return revision.published_at or revision.at
