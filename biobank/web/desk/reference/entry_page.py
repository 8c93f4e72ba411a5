"""The page of one reference record: form, usage, merging and edit history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, url_for
from flask.typing import ResponseReturnValue

from biobank.accounts.policy import Action, is_allowed
from biobank.common.clock import as_utc
from biobank.common.i18n import LANGUAGE_NAMES
from biobank.editorial.reference import listing, service
from biobank.editorial.reference.listing import ReferenceDetail, record_label
from biobank.editorial.reference.merge import ReferenceMergePreview
from biobank.errors import FieldError
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.records.reference.kinds import TERM_KIND, ReferenceKind
from biobank.web.account.labels import format_timestamp
from biobank.web.core.person_cards import people_cards
from biobank.web.core.urls import Link, filter_url
from biobank.web.desk.layout import render_desk
from biobank.web.desk.reference import reference_values
from biobank.web.desk.reference.entity_types import ENTITY_TYPE_BY_KIND, ENTITY_TYPES, EntityType
from biobank.web.desk.reference.fields import EMPTY_ROW_COUNT, ReferenceField, ReferenceFormField, RowsField
from biobank.web.desk.reference.forms import FormInputs, inputs_from_record
from biobank.web.desk.reference.labels import edit_label

#: Search facets that find the people who use a record.
USAGE_FACETS = {"place": "place", "organisation": "organisation", "profession": "profession"}


@dataclass(frozen=True)
class ReferenceEditRow:
    """An entry of the edit history."""

    at: str
    timestamp: str
    what: str
    author: str


@dataclass(frozen=True)
class ReferenceMergeRow:
    """A merge that can be undone."""

    id: int
    duplicate_id: str
    label: str
    timestamp: str
    renamed: bool


@dataclass(frozen=True)
class FieldComparison:
    """A field that differs between two versions: the current value and the submitted one."""

    label: str
    now: Sequence[str]
    typed: Sequence[str]


def entry_page(
    entity_type: EntityType,
    key: str,
    inputs: FormInputs | None = None,
    errors: Sequence[FieldError] = (),
    *,
    conflict: bool = False,
    notice: str = "",
) -> ResponseReturnValue:
    """Render a record as it is stored, or with the form as it was submitted."""
    entry_detail = listing.get_reference_detail(services.database, identity(), entity_type.kind, key, g.lang)
    current = inputs_from_record(entity_type, entry_detail.record)
    return render_desk(
        "reference_entry.html",
        record_label(entity_type.kind, entry_detail.record, g.lang),
        errors,
        status=409 if conflict else 200,
        room=entity_type,
        rooms=_type_links(entity_type),
        key=key,
        look=entry_detail,
        notice=notice,
        url=entry_url(entity_type, key),
        version=service.record_version(entry_detail.record),
        differing=_differing(entity_type, current, inputs) if conflict and inputs else (),
        may_edit=is_allowed(identity(), Action.EDIT_REFERENCE),
        people=_people(entry_detail),
        more_url=_more_url(entity_type, entry_detail),
        referring=[_link(item.kind, item.key, item.record) for item in entry_detail.referring],
        of=key.rpartition("/")[0] or entity_type.kind.name,
        merges=[_merge_row(item) for item in entry_detail.merges],
        edits=[_edit_row(item) for item in entry_detail.edits],
        told=[(item.label, _display_lines(item, current)) for item in entity_type.fields],
        **form_context(entity_type, inputs or current),
    )


def merge_page(entity_type: EntityType, key: str, preview: ReferenceMergePreview) -> ResponseReturnValue:
    """Render the preview of a merge."""
    plan = preview.plan
    after, current = (
        inputs_from_record(entity_type, plan.after),
        inputs_from_record(entity_type, plan.survivor),
    )
    return render_desk(
        "reference_merge.html",
        record_label(entity_type.kind, plan.survivor, g.lang),
        room=entity_type,
        rooms=_type_links(entity_type),
        key=key,
        url=entry_url(entity_type, key),
        gone=plan.duplicate,
        gone_label=record_label(entity_type.kind, plan.duplicate, g.lang),
        gone_people=len(preview.people),
        gone_drafts=len(preview.drafts),
        referring=[_link(item.kind, item.key, item.record) for item in plan.referring],
        changes=[
            FieldComparison(str(item.label), _display_lines(item, current), _display_lines(item, after))
            for item in entity_type.fields
            if current.values[item.name] != after.values[item.name]
        ],
    )


def form_context(entity_type: EntityType, inputs: FormInputs) -> dict[str, Any]:
    """Return the template variables of the form."""
    return {
        "inputs": inputs,
        "fields": entity_type.fields,
        "options": {
            field.name: field.options(g.lang) for field in entity_type.fields if hasattr(field, "options")
        },
        "column_options": {
            f"{field.name}.{column.name}": column.options(g.lang)
            for field in entity_type.fields
            if isinstance(field, RowsField)
            for column in field.columns
            if column.options
        },
        "said": {
            field.name: reference_values.display_value(field, inputs.values[field.name], inputs.vocabulary)
            for field in entity_type.fields
        },
        "picks": {
            field.name: reference_values.lookup_kind(field, inputs.vocabulary)
            for field in entity_type.fields
            if isinstance(field, ReferenceField)
        },
        "choices": {
            field.target: reference_values.list_choices(field.target, inputs.vocabulary)
            for field in entity_type.fields
            if isinstance(field, ReferenceField)
        },
        "empty_rows": EMPTY_ROW_COUNT,
        "tongues": LANGUAGE_NAMES,
    }


def entry_url(entity_type: EntityType, key: str) -> str:
    return url_for("web.desk_reference_entry", lang=g.lang, room=entity_type.name, key=key)


def _type_links(entity_type: EntityType) -> tuple[Link, ...]:
    return tuple(
        Link(
            str(other.title),
            url_for("web.desk_reference", lang=g.lang, room=other.name),
            other is entity_type,
        )
        for other in ENTITY_TYPES.values()
    )


def _differing(entity_type: EntityType, current: FormInputs, submitted: FormInputs) -> list[FieldComparison]:
    return [
        FieldComparison(str(field.label), _display_lines(field, current), _display_lines(field, submitted))
        for field in entity_type.fields
        if current.values[field.name] != submitted.values[field.name]
    ]


def _display_lines(field: ReferenceFormField, inputs: FormInputs) -> Sequence[str]:
    return field.display_lines(
        reference_values.display_value(field, inputs.values[field.name], inputs.vocabulary)
    )


def _people(detail: ReferenceDetail) -> list[Any]:
    with services.database.read() as session:
        cards = people_cards(session, detail.people, services.catalogue(), g.lang)
    return list(cards.values())


def _more_url(entity_type: EntityType, detail: ReferenceDetail) -> str:
    """Return the search for all people who use the record; empty if there is none."""
    name = detail.record["vocabulary"] if entity_type.kind is TERM_KIND else entity_type.kind.name
    facet = USAGE_FACETS.get(name)
    return filter_url(g.lang, **{facet: detail.record["id"]}) if facet and detail.people else ""


def _link(kind: ReferenceKind, key: str, record: Mapping[str, Any]) -> Link:
    return Link(record_label(kind, record, g.lang), entry_url(ENTITY_TYPE_BY_KIND[kind.name], key))


def _merge_row(merge: Any) -> ReferenceMergeRow:
    duplicate_record: Mapping[str, Any] = next(
        (before for _, key, before, after in merge.changed if after is None), {}
    )
    kind = ENTITY_TYPE_BY_KIND[merge.kind].kind
    return ReferenceMergeRow(
        merge.id,
        merge.gone.rpartition("/")[2],
        record_label(kind, duplicate_record, g.lang) if duplicate_record else "",
        format_timestamp(merge.at),
        merge.renamed,
    )


def _edit_row(edit: Any) -> ReferenceEditRow:
    return ReferenceEditRow(
        as_utc(edit.at).isoformat(), format_timestamp(edit.at), edit_label(edit.what), edit.author
    )
