"""The history page of a person, newest revision first, and the page that compares two revisions."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy.orm import Session

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
from biobank.web.core.record_changes import (
    ChangeSection,
    RevisionLink,
    make_sections,
    published_at,
    revision_link,
)
from biobank.web.core.record_labels import change_kind_labels, changed_field_label, sort_fields
from biobank.web.core.urls import Link, changes_url, history_url, person_url, revision_url, with_query

#: Revisions per page.
HISTORY_PAGE_SIZE = 20
#: Revisions offered for comparison; older ones are reachable by URL.
MAX_COMPARE_CHOICES = 200


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
class CompareChoice:
    """A revision to compare with; `chosen` marks the selected one."""

    number: int
    day: str
    chosen: bool


@dataclass(frozen=True)
class ChangesPage:
    """A comparison; `start` is None if `end` is the first revision."""

    id: str
    name: NameForm
    person_url: str
    history_url: str
    start: RevisionLink | None
    end: RevisionLink
    #: Revisions that `end` can be compared with.
    compare_choices: tuple[CompareChoice, ...]
    sections: tuple[ChangeSection, ...]
    kinds: Mapping[str, str]


def make_changes_page(
    services: Services, person_id: str, number: int, start: int | None, lang: str
) -> ChangesPage:
    """Build the comparison of revision `number` with `start`, by default the one before it.

    Raises:
        NotFound: if one of the revisions does not exist or is not public.
    """
    catalogue = services.catalogue()
    with services.database.read() as session:
        end_revision = history.get_revision(session, person_id, number)
        start_revision = _load_start(session, end_revision, start)
        before: Mapping[str, Any] = start_revision.record if start_revision else {"id": person_id}
        sections = make_sections(session, before, end_revision.record, catalogue, lang)
        days = history.publication_dates(session, person_id, MAX_COMPARE_CHOICES)
    return ChangesPage(
        id=person_id,
        name=find_name_form(end_revision.record["names"], preferred_name(end_revision.record, lang), lang),
        person_url=person_url(person_id, lang),
        history_url=history_url(person_id, lang),
        start=revision_link(start_revision, lang) if start_revision else None,
        end=revision_link(end_revision, lang),
        compare_choices=tuple(
            CompareChoice(
                other_number,
                format_day(day, lang),
                start_revision is not None and other_number == start_revision.number,
            )
            for other_number, day in days
            if other_number != number
        ),
        sections=sections,
        kinds=change_kind_labels(),
    )


def _load_start(session: Session, end: Revision, start: int | None) -> Revision | None:
    number = start or history.previous_number(session, end.person_id, end.number)
    return history.get_revision(session, end.person_id, number) if number else None
