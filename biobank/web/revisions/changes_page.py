"""The page that compares two revisions: text before and after, by field."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from biobank.bootstrap import Services
from biobank.common.i18n import LANGUAGES
from biobank.editorial.models import Revision
from biobank.editorial.revisions import history
from biobank.editorial.revisions.record_diff import LOCALIZED_FIELDS, RecordChange, RecordPath, diff_records
from biobank.editorial.revisions.word_diff import DiffRun, diff_words
from biobank.records.catalogue import Catalogue
from biobank.records.people.mapping import preferred_name
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_day
from biobank.web.core.labels import format_number as number_words
from biobank.web.core.name_forms import NameForm, find_name_form
from biobank.web.core.urls import history_url, person_url
from biobank.web.revisions.labels import change_kind_labels, field_title, part_title, sort_fields
from biobank.web.revisions.revision_page import RevisionLink, revision_link
from biobank.web.revisions.value_labels import (
    RecordNames,
    ValuePart,
    changed_values,
    item_label,
    load_record_names,
    value_parts,
)

#: Unchanged words in a row that are shown in full; of more, only the context of a change.
MAX_UNCHANGED_WORDS = 80
CONTEXT_WORDS = 30
#: Revisions offered for comparison; older ones are reachable by URL.
MAX_COMPARE_CHOICES = 200
#: Total characters up to which two texts are shown side by side, not as one diff.
MAX_SIDE_BY_SIDE_CHARS = 160


@dataclass(frozen=True)
class ChangeRow:
    """A change of `part` of a list `item`; `runs` are the word diff of a text."""

    kind: str
    item: str
    part: str
    before: tuple[ValuePart, ...] = ()
    after: tuple[ValuePart, ...] = ()
    runs: tuple[DiffRun, ...] = ()
    lang: str = ""


@dataclass(frozen=True)
class ChangeSection:
    """The changes of a field; `field` is also the anchor on the page."""

    field: str
    title: str
    rows: tuple[ChangeRow, ...]


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


def make_sections(
    session: Session,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    catalogue: Catalogue,
    lang: str,
    *,
    public: bool = True,
) -> tuple[ChangeSection, ...]:
    """Return the differences between two records as text, by field.

    Unless `public`, people who are not public are named too.
    """
    changes = [change for change in diff_records(before, after) if change.path != ("id",)]
    values = changed_values(changes, before, after)
    names = load_record_names(session, values, catalogue, lang, public=public)
    return _sections(changes, after, names)


def _sections(
    changes: Iterable[RecordChange], record: Mapping[str, Any], names: RecordNames
) -> tuple[ChangeSection, ...]:
    by_field: dict[str, list[ChangeRow]] = {}
    for change in changes:
        rows = by_field.setdefault(str(change.path[0]), [])
        rows += [_change_row(single, record, names) for single in _split_whole(change)]
    return tuple(
        ChangeSection(field, field_title(field), tuple(by_field[field])) for field in sort_fields(by_field)
    )


def _split_whole(change: RecordChange) -> Iterable[RecordChange]:
    """Split an added or removed list or text into changes of its items or languages."""
    value = change.after if change.kind == "added" else change.before
    keys: Iterable[Any] = ()
    if len(change.path) == 1 and change.kind in ("added", "removed"):
        keys = range(len(value)) if isinstance(value, list) else value
    if not isinstance(value, list | dict) or not keys:
        return [change]
    before, after = (change.before or {}), (change.after or {})
    if change.kind == "added":
        return [RecordChange((*change.path, key), "added", after=after[key]) for key in keys]
    return [RecordChange((*change.path, key), "removed", before=before[key]) for key in keys]


def _change_row(change: RecordChange, record: Mapping[str, Any], names: RecordNames) -> ChangeRow:
    path = change.path
    item = ""
    if len(path) > 1 and isinstance(path[1], int) and (len(path) > 2 or change.kind == "moved"):
        item = item_label(path[:2], record[str(path[0])][path[1]], names)
    if change.kind == "moved":
        return ChangeRow("moved", item, part_title(path, names.lang), *_positions(change))
    if change.kind == "changed" and path[-1] in LANGUAGES and _is_long(change):
        runs = tuple(_abridge_unchanged(diff_words(str(change.before), str(change.after))))
        return ChangeRow("changed", item, part_title(path, names.lang), runs=runs, lang=str(path[-1]))
    return ChangeRow(
        change.kind,
        item,
        part_title(path, names.lang),
        before=_parts_or_empty(path, change.before, names),
        after=_parts_or_empty(path, change.after, names),
    )


def _is_long(change: RecordChange) -> bool:
    """Return whether the two texts are shown as one word diff."""
    length = len(str(change.before)) + len(str(change.after))
    return change.path[0] in LOCALIZED_FIELDS or length > MAX_SIDE_BY_SIDE_CHARS


def _parts_or_empty(path: RecordPath, value: Any, names: RecordNames) -> tuple[ValuePart, ...]:
    return () if value is None else value_parts(path, value, names)


def _positions(change: RecordChange) -> tuple[tuple[ValuePart, ...], tuple[ValuePart, ...]]:
    """Return the old and new position of a moved item, counted from 1."""
    before, after = (
        (ValuePart("", _("position %(number)s", number=number_words(position + 1))),)
        for position in (change.before, change.after)
    )
    return before, after


def _abridge_unchanged(runs: Sequence[DiffRun]) -> Iterable[DiffRun]:
    """Abridge long unchanged runs to the words next to a change."""
    for index, run in enumerate(runs):
        words = run.text.split(" ")
        if run.kind != "same" or len(words) <= MAX_UNCHANGED_WORDS:
            yield run
            continue
        start = " ".join(words[:CONTEXT_WORDS]) if index else ""
        end = " ".join(words[-CONTEXT_WORDS:]) if index < len(runs) - 1 else ""
        yield DiffRun("same", f"{start} […] {end}")
