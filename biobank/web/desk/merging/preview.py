"""The preview of a merge: where each part comes from, and the resulting record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from biobank.access import identity
from biobank.bootstrap import Services
from biobank.editorial.merging.merge import preview
from biobank.editorial.merging.parts import LISTS, Part
from biobank.editorial.merging.planning import Plan
from biobank.errors import RecordRefused
from biobank.web.desk.merging.lines import Line, line, merge_url, names_at_desk
from biobank.web.desk.merging.sent import TAKE, Sent
from biobank.web.desk.merging.words import fate_words, option_words, part_words
from biobank.web.revisions.titles import field_title, in_order
from biobank.web.revisions.values import Names
from biobank.web.revisions.values import Part as Words
from biobank.web.revisions.values import parts as words_of


@dataclass(frozen=True)
class Option:
    """One selectable side of a choice."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True)
class Row:
    """One part of both records; `outcome` is set if there is nothing to choose."""

    name: str
    title: str
    kept: tuple[Words, ...]
    gone: tuple[Words, ...]
    options: tuple[Option, ...]
    fate: str
    same: bool

    @property
    def stays(self) -> bool:
        """Return whether the part stays as it is in the surviving record."""
        return not self.options and bool(self.kept) and (self.same or not self.gone)


@dataclass(frozen=True)
class Section:
    """The parts of one field and the resulting items.

    `unchanged` holds the parts that stay as they are in the surviving record.
    """

    field: str
    title: str
    rows: tuple[Row, ...] = ()
    stay: tuple[Row, ...] = ()
    result: tuple[tuple[Words, ...], ...] = ()


@dataclass(frozen=True)
class PreviewPage:
    """The view model of a merge preview; `refused` says why the chosen result is invalid."""

    kept: Line
    gone: Line
    sections: tuple[Section, ...]
    result: tuple[Section, ...]
    others: tuple[Line, ...]
    publishes: bool
    swap_url: str
    sent: Sent
    refused: RecordRefused | None = None


def make_preview(services: Services, sent: Sent, lang: str) -> PreviewPage:
    """Return the preview of a merge with the submitted choices.

    Raises:
        NotFound, MergeRefused: if the records cannot be merged.
    """
    plan = preview(services.database, identity(), sent.kept, sent.gone)
    refused: RecordRefused | None = None
    try:
        result = plan.result(sent.choices)
    except RecordRefused as error:
        refused, result = error, {}
    with services.database.read() as session:
        records = (plan.kept.record, plan.gone.record, result)
        names = names_at_desk(session, services, records, lang)
    others = {it.revision.person_id: line(it.revision, lang) for it in plan.rewritings}
    return PreviewPage(
        kept=line(plan.kept, lang),
        gone=line(plan.gone, lang),
        sections=_sections(plan, sent.choices, names),
        result=result_sections(result, names),
        others=tuple(others.values()),
        publishes=plan.publishes,
        swap_url=merge_url(lang, sent.gone, sent.kept),
        sent=sent,
        refused=refused,
    )


def result_sections(record: Mapping[str, Any], names: Names) -> tuple[Section, ...]:
    """Return a record as text, field by field."""
    return tuple(
        Section(field, field_title(field), result=tuple(_items(field, record[field], names)))
        for field in in_order(field for field in record if field != "id")
    )


def _items(field: str, value: Any, names: Names) -> Sequence[tuple[Words, ...]]:
    if field in LISTS:
        return [words_of((field, place), item, names) for place, item in enumerate(value)]
    return [words_of((field,), value, names)]


def _sections(plan: Plan, choices: Mapping[str, str], names: Names) -> tuple[Section, ...]:
    by_field: dict[str, list[Row]] = {}
    for part in plan.parts:
        by_field.setdefault(str(part.path[0]), []).append(_row(part, choices, names))
    return tuple(
        Section(
            field,
            field_title(field),
            rows=tuple(row for row in by_field[field] if not row.stays),
            stay=tuple(row for row in by_field[field] if row.stays),
        )
        for field in in_order(by_field)
    )


def _row(part: Part, choices: Mapping[str, str], names: Names) -> Row:
    side = part.side(choices)
    kept, gone = (
        () if value is None else words_of(part.path, value, names)
        for value in (part.kept, part.gone)
    )
    return Row(
        name=f"{TAKE}{part.key}",
        title=part_words(part, names.lang),
        kept=kept,
        gone=gone,
        options=tuple(Option(it, option_words(part, it), it == side) for it in part.options),
        fate="" if part.options else fate_words(part),
        same=part.kept == part.gone,
    )
