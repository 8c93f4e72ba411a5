"""The page that compares two revisions: text before and after, by field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from biobank.bootstrap import Services
from biobank.editorial.models import Revision
from biobank.editorial.revisions import history
from biobank.records.people.mapping import preferred_name
from biobank.web.core.labels import format_day
from biobank.web.core.name_forms import NameForm, find_name_form
from biobank.web.core.record_changes import ChangeSection, make_sections
from biobank.web.core.record_labels import change_kind_labels
from biobank.web.core.urls import history_url, person_url
from biobank.web.revisions.pages import RevisionLink, revision_link

#: Revisions offered for comparison; older ones are reachable by URL.
MAX_COMPARE_CHOICES = 200


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
