"""The preview of a merge: both records, the origin of each part, and the result."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from biobank.bootstrap import Services
from biobank.common.i18n import best_with_language
from biobank.editorial.merging.field_choices import LIST_FIELDS, FieldChoice
from biobank.editorial.merging.merge import preview_merge
from biobank.editorial.merging.merge_plan import MergePlan
from biobank.editorial.models import Revision
from biobank.editorial.review.desk_queries import latest_names
from biobank.editorial.revisions.record_diff import iter_leaves
from biobank.errors import RecordRefused
from biobank.http.auth import identity
from biobank.records.people.mapping import preferred_name
from biobank.web.core.labels import format_years
from biobank.web.core.record_labels import (
    RecordNames,
    ValuePart,
    field_title,
    load_record_names,
    sort_fields,
    value_parts,
)
from biobank.web.desk.merging.forms import MERGE_CHOICE_PREFIX, MergeForm
from biobank.web.desk.merging.labels import option_label, outcome_label, part_label
from biobank.web.desk.review.labels import state_label
from biobank.web.desk.review.record_page import desk_person_url


@dataclass(frozen=True)
class RecordSummary:
    """A record in one line; `url` is its page at the desk."""

    id: str
    name: str
    years: str
    headline: str
    headline_lang: str
    state: str
    number: int
    url: str


def record_summary(revision: Revision, lang: str) -> RecordSummary:
    record = revision.record
    born, died = ((record.get(fact) or {}).get("date") for fact in ("birth", "death"))
    headline, headline_lang = best_with_language(record.get("headline") or {}, lang)
    return RecordSummary(
        id=revision.person_id,
        name=preferred_name(record, lang) if record.get("names") else revision.person_id,
        years=format_years(born, died, lang, living=died is None),
        headline=headline,
        headline_lang=headline_lang,
        state=state_label(revision.state),
        number=revision.number,
        url=desk_person_url(revision.person_id, lang),
    )


def resolve_names(
    session: Session, services: Services, records: Iterable[Mapping[str, Any]], lang: str
) -> RecordNames:
    """Return the names of ids in the records, including those of people who are not public."""
    values = [leaf for record in records for leaf in iter_leaves(record)]
    names = load_record_names(session, values, services.catalogue(), lang)
    people = {str(value) for path, value in values if path[-1] == "person"} - set(names.people)
    preferred = {
        id_: preferred_name({"names": person_names}, lang)
        for id_, person_names in latest_names(session, sorted(people)).items()
    }
    return replace(names, people={**names.people, **preferred})


def merge_url(lang: str, survivor_id: str, duplicate_id: str) -> str:
    return url_for("desk.merge", lang=lang, kept=survivor_id, gone=duplicate_id)


@dataclass(frozen=True)
class SideOption:
    """One selectable side of a choice."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class MergePartRow:
    """One part of both records; `outcome` is set if there is nothing to choose."""

    name: str
    title: str
    survivor: tuple[ValuePart, ...]
    duplicate: tuple[ValuePart, ...]
    options: tuple[SideOption, ...]
    outcome: str
    same: bool

    @property
    def is_unchanged(self) -> bool:
        """Return whether the part stays as it is in the surviving record."""
        return not self.options and bool(self.survivor) and (self.same or not self.duplicate)


@dataclass(frozen=True)
class MergeSection:
    """The parts of one field and the resulting items.

    `unchanged` holds the parts that stay as they are in the surviving record.
    """

    field: str
    title: str
    rows: tuple[MergePartRow, ...] = ()
    unchanged: tuple[MergePartRow, ...] = ()
    result: tuple[tuple[ValuePart, ...], ...] = ()


@dataclass(frozen=True)
class MergePreviewPage:
    """The view model of a merge preview; `refused` says why the chosen result is invalid."""

    survivor: RecordSummary
    duplicate: RecordSummary
    sections: tuple[MergeSection, ...]
    result: tuple[MergeSection, ...]
    affected: tuple[RecordSummary, ...]
    publishes: bool
    swap_url: str
    submission: MergeForm
    refused: RecordRefused | None = None


def build_preview(services: Services, submission: MergeForm, lang: str) -> MergePreviewPage:
    """Return the preview of a merge with the submitted choices.

    Raises:
        NotFound, MergeRefused: if the records cannot be merged.
    """
    plan = preview_merge(services.database, identity(), submission.survivor_id, submission.duplicate_id)
    refused: RecordRefused | None = None
    try:
        result = plan.merged_record(submission.choices)
    except RecordRefused as error:
        refused, result = error, {}
    with services.database.read() as session:
        records = (plan.survivor.record, plan.duplicate.record, result)
        names = resolve_names(session, services, records, lang)
    affected = {
        rewriting.revision.person_id: record_summary(rewriting.revision, lang) for rewriting in plan.rewrites
    }
    return MergePreviewPage(
        survivor=record_summary(plan.survivor, lang),
        duplicate=record_summary(plan.duplicate, lang),
        sections=_sections(plan, submission.choices, names),
        result=result_sections(result, names),
        affected=tuple(affected.values()),
        publishes=plan.publishes,
        swap_url=merge_url(lang, submission.duplicate_id, submission.survivor_id),
        submission=submission,
        refused=refused,
    )


def result_sections(record: Mapping[str, Any], names: RecordNames) -> tuple[MergeSection, ...]:
    """Return a record as text, field by field."""
    return tuple(
        MergeSection(field, field_title(field), result=tuple(_items(field, record[field], names)))
        for field in sort_fields(field for field in record if field != "id")
    )


def _items(field: str, value: Any, names: RecordNames) -> Sequence[tuple[ValuePart, ...]]:
    if field in LIST_FIELDS:
        return [value_parts((field, index), item, names) for index, item in enumerate(value)]
    return [value_parts((field,), value, names)]


def _sections(plan: MergePlan, choices: Mapping[str, str], names: RecordNames) -> tuple[MergeSection, ...]:
    by_field: dict[str, list[MergePartRow]] = {}
    for part in plan.field_choices:
        by_field.setdefault(str(part.path[0]), []).append(_row(part, choices, names))
    return tuple(
        MergeSection(
            field,
            field_title(field),
            rows=tuple(row for row in by_field[field] if not row.is_unchanged),
            unchanged=tuple(row for row in by_field[field] if row.is_unchanged),
        )
        for field in sort_fields(by_field)
    )


def _row(part: FieldChoice, choices: Mapping[str, str], names: RecordNames) -> MergePartRow:
    side = part.selected_side(choices)
    survivor, duplicate = (
        () if value is None else value_parts(part.path, value, names)
        for value in (part.survivor, part.duplicate)
    )
    return MergePartRow(
        name=f"{MERGE_CHOICE_PREFIX}{part.key}",
        title=part_label(part, names.lang),
        survivor=survivor,
        duplicate=duplicate,
        options=tuple(
            SideOption(option, option_label(part, option), option == side) for option in part.options
        ),
        outcome="" if part.options else outcome_label(part),
        same=part.survivor == part.duplicate,
    )
