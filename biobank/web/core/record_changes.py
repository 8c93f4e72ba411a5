"""Links to revisions of a record, and the differences between two records as text, by field."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from biobank.common.i18n import LANGUAGES
from biobank.editorial.models import Revision
from biobank.editorial.revisions.record_diff import LOCALIZED_FIELDS, RecordChange, RecordPath, diff_records
from biobank.editorial.revisions.word_diff import DiffRun, diff_words
from biobank.records.catalogue import Catalogue
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_day, format_number
from biobank.web.core.record_labels import (
    RecordNames,
    ValuePart,
    changed_values,
    field_title,
    item_label,
    load_record_names,
    part_title,
    sort_fields,
    value_parts,
)
from biobank.web.core.urls import revision_url

#: Unchanged words in a row that are shown in full; of more, only the context of a change.
MAX_UNCHANGED_WORDS = 80
CONTEXT_WORDS = 30
#: Total characters up to which two texts are shown side by side, not as one diff.
MAX_SIDE_BY_SIDE_CHARS = 160


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
        (ValuePart("", _("position %(number)s", number=format_number(position + 1))),)
        for position in (change.before, change.after)
    )
    return before, after


def _abridge_unchanged(runs: Sequence[DiffRun]) -> Iterable[DiffRun]:
    """Abridge long unchanged runs to the words next to a change."""
    for index, run in enumerate(runs):
        if run.kind != "same" or run.text.count(" ") < MAX_UNCHANGED_WORDS:
            yield run
            continue
        start = " ".join(run.text.split(" ", CONTEXT_WORDS)[:-1]) if index else ""
        end = " ".join(run.text.rsplit(" ", CONTEXT_WORDS)[1:]) if index < len(runs) - 1 else ""
        yield DiffRun("same", f"{start} […] {end}")
