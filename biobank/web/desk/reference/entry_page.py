"""The page of one reference record: form, usage, merging and edit history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, url_for
from flask.typing import ResponseReturnValue

from biobank.accounts.policy import Action, is_allowed
from biobank.common.clock import as_utc
from biobank.editorial.reference import listing, service
from biobank.editorial.reference.listing import ReferenceDetail, record_label
from biobank.editorial.reference.merge import ReferenceMergePreview
from biobank.errors import FieldError
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.records.reference.kinds import TERM_KIND, ReferenceKind
from biobank.web.core.labels import format_timestamp
from biobank.web.core.person_cards import people_cards
from biobank.web.core.urls import Link, filter_url
from biobank.web.desk.forms.references import reference_choices
from biobank.web.desk.forms.schema import iter_parts
from biobank.web.desk.forms.tree import iter_fields
from biobank.web.desk.forms.views import FormBuilder, display_lines, label_of
from biobank.web.desk.layout import render_desk
from biobank.web.desk.reference.entity_types import (
    ENTITY_TYPE_BY_KIND,
    ENTITY_TYPES,
    EntityType,
    choice_options,
)
from biobank.web.desk.reference.forms import ReferenceForm, form_from_record
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
    form: ReferenceForm | None = None,
    errors: Sequence[FieldError] = (),
    *,
    conflict: bool = False,
    notice: str = "",
) -> ResponseReturnValue:
    """Render a record as it is stored, or with the form as it was submitted."""
    entry_detail = listing.get_reference_detail(services.database, identity(), entity_type.kind, key, g.lang)
    current = form_from_record(entity_type, entry_detail.record)
    return render_desk(
        "reference/entry.html",
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
        differing=_comparisons(current, form) if conflict and form else (),
        may_edit=is_allowed(identity(), Action.EDIT_REFERENCE),
        people=_people(entry_detail),
        more_url=_more_url(entity_type, entry_detail),
        referring=[_link(item.kind, item.key, item.record) for item in entry_detail.referring],
        of=key.rpartition("/")[0] or entity_type.kind.name,
        merges=[_merge_row(item) for item in entry_detail.merges],
        edits=[_edit_row(item) for item in entry_detail.edits],
        told=_displayed(current),
        **form_context(form or current),
    )


def merge_page(entity_type: EntityType, key: str, preview: ReferenceMergePreview) -> ResponseReturnValue:
    """Render the preview of a merge."""
    plan = preview.plan
    current, after = (form_from_record(entity_type, record) for record in (plan.survivor, plan.after))
    return render_desk(
        "reference/merge.html",
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
        changes=_comparisons(current, after),
    )


def form_context(form: ReferenceForm) -> dict[str, Any]:
    """Return the template variables of the form."""
    builder = FormBuilder(lambda field: choice_options(field.target, g.lang), repeated_names=True)
    references = {
        field.suggestions: field.target for _name, field, _text in iter_fields(form.schema, form.tree)
    }
    return {
        "form": form,
        "parts": builder.flat_parts(form.schema, form.tree),
        "offered": {name: reference_choices(kind, g.lang) for name, kind in references.items() if name},
        "unclear": {},
        "opened": (),
        "focus": "",
    }


def entry_url(entity_type: EntityType, key: str) -> str:
    return url_for("desk.reference_entry", lang=g.lang, room=entity_type.name, key=key)


def _type_links(entity_type: EntityType) -> tuple[Link, ...]:
    return tuple(
        Link(
            str(other.title),
            url_for("desk.reference", lang=g.lang, room=other.name),
            other is entity_type,
        )
        for other in ENTITY_TYPES.values()
    )


def _displayed(form: ReferenceForm) -> list[tuple[str, Sequence[str]]]:
    """Return the label and the lines of text of every part of a form."""
    return [
        (label_of(node, key), display_lines(node, value))
        for key, node, value in iter_parts(form.schema, form.tree)
    ]


def _comparisons(current: ReferenceForm, other: ReferenceForm) -> list[FieldComparison]:
    """Return the parts that differ."""
    pairs = zip(_displayed(current), _displayed(other), strict=True)
    return [FieldComparison(label, now, typed) for (label, now), (_label, typed) in pairs if now != typed]


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
