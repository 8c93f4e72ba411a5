"""The page on which a record that mixes two people is split, part by part."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import g, request
from flask.typing import ResponseReturnValue

from biobank.editorial.merging.merge_plan import load_present
from biobank.editorial.merging.split import SplitItem, get_splittable, list_split_items
from biobank.errors import BiobankError, EditConflict
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.web.core.gettext import _
from biobank.web.core.record_labels import RecordNames, field_title, part_title, sort_fields
from biobank.web.core.record_labels import ValuePart as TextPart
from biobank.web.core.record_labels import value_parts as text_parts
from biobank.web.desk.layout import render_desk
from biobank.web.desk.merging.forms import MERGE_CHOICE_PREFIX, submitted_choices, submitted_reason
from biobank.web.desk.merging.labels import field_errors
from biobank.web.desk.merging.preview import (
    RecordSummary,
    SideOption,
    merge_url,
    record_summary,
    resolve_names,
)


@dataclass(frozen=True)
class SplitPartRow:
    """A part of the record and the person it is assigned to."""

    name: str
    title: str
    parts: tuple[TextPart, ...]
    options: tuple[SideOption, ...]


@dataclass(frozen=True)
class SplitSection:
    field: str
    title: str
    rows: tuple[SplitPartRow, ...]


@dataclass(frozen=True)
class SplitPage:
    """The view model of a split.

    After the split `new_person` is the new record and `undo_url` the link that undoes it.
    """

    summary: RecordSummary
    sections: tuple[SplitSection, ...]
    text: str
    new_person: RecordSummary | None = None
    undo_url: str = ""


def split_page(person_id: str, error: BiobankError | None = None) -> ResponseReturnValue:
    """Render the split form of a record.

    Raises:
        NotFound: if there is no such person.
        MergeRefused: if the person is withdrawn.
    """
    revision = get_splittable(services.database, identity(), person_id)
    choices_by_key = submitted_choices()
    new_id = request.args.get("new", "")[:120]
    with services.database.read() as session:
        names = resolve_names(session, services, [revision.record], g.lang)
        new_revision = load_present(session, [new_id]).get(new_id)
    page = SplitPage(
        summary=record_summary(revision, g.lang),
        sections=_sections(list_split_items(revision.record), choices_by_key, names),
        text=submitted_reason(),
        new_person=record_summary(new_revision, g.lang) if new_revision else None,
        undo_url=merge_url(g.lang, person_id, new_id) if new_revision else "",
    )
    status = 409 if isinstance(error, EditConflict) else 200
    title = _("Split %(name)s", name=page.summary.name)
    return render_desk("merging/split.html", title, field_errors(error), status, page=page)


def _sections(
    split_parts: list[SplitItem], chosen: Mapping[str, str], names: RecordNames
) -> tuple[SplitSection, ...]:
    labels = {
        "stays": _("Applies to this person"),
        "goes": _("Applies to the new person"),
        "both": _("Applies to both"),
    }
    by_field: dict[str, list[SplitPartRow]] = {}
    for part in split_parts:
        owner = chosen.get(part.key, "stays")
        row = SplitPartRow(
            name=f"{MERGE_CHOICE_PREFIX}{part.key}",
            title=part_title(part.path, names.lang),
            parts=text_parts(part.path, part.value, names),
            options=tuple(SideOption(value, label, value == owner) for value, label in labels.items()),
        )
        by_field.setdefault(str(part.path[0]), []).append(row)
    return tuple(
        SplitSection(field, field_title(field), tuple(by_field[field])) for field in sort_fields(by_field)
    )
