"""The pages of reference lists: the list, a new entry, one entry with its uses and history, and a merge."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from biobank.accounts.policy import Action, is_allowed, is_allowed_in_any_state
from biobank.common.clock import as_utc
from biobank.editorial.reference import listing, service
from biobank.editorial.reference.listing import (
    ReferenceDetail,
    ReferenceListQuery,
    ReferenceListRow,
    list_reference_records,
    record_label,
)
from biobank.editorial.reference.merge import ReferenceMergePreview
from biobank.errors import FieldError
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.records.countries import country_name
from biobank.records.reference.kinds import SOURCE_KIND, TERM_KIND, ReferenceKind
from biobank.records.vocabulary.models import VOCABULARIES
from biobank.web.core.labels import ORGANISATION_KIND_LABELS, format_timestamp
from biobank.web.core.pagination import make_pagination, page_number
from biobank.web.core.person_cards import people_cards
from biobank.web.core.urls import Link, filter_url, with_query
from biobank.web.desk.forms.builder import FormBuilder, display_lines, label_of
from biobank.web.desk.forms.mapping import format_csl_date
from biobank.web.desk.forms.references import reference_choices
from biobank.web.desk.forms.schema import iter_parts
from biobank.web.desk.forms.tree import iter_fields
from biobank.web.desk.layout import render_desk
from biobank.web.desk.reference.entity_types import (
    ENTITY_TYPE_BY_KIND,
    ENTITY_TYPES,
    EntityType,
    choice_options,
)
from biobank.web.desk.reference.forms import ReferenceForm, form_from_record
from biobank.web.desk.reference.labels import PLACE_KIND_TITLES, VOCABULARY_TITLES, edit_label

ENTRIES_PER_PAGE = 50
#: Maximum length of the filter text, in characters.
MAX_REFERENCE_FILTER_CHARS = 200


@dataclass(frozen=True)
class ReferenceRow:
    """A record in the list."""

    label: str
    url: str
    id: str
    note: str
    depth: int
    people: int
    unreviewed: bool


def list_page(entity_type: EntityType) -> ResponseReturnValue:
    """Render the records of a type that match the filters of the request."""
    query = _list_query(entity_type)
    result = list_reference_records(
        services.database, identity(), entity_type.kind, query, g.lang, ENTRIES_PER_PAGE
    )
    return render_desk(
        "reference/list.html",
        str(entity_type.title),
        entity_type=entity_type,
        type_links=_type_links(entity_type),
        vocabularies=_vocabulary_links(entity_type, query),
        query=query,
        rows=[_row(entity_type, entry) for entry in result.rows],
        total=result.total,
        unreviewed=result.unreviewed,
        unreviewed_url=_list_url(entity_type, query, 1, only_unreviewed=True),
        all_url=_list_url(entity_type, ReferenceListQuery(vocabulary=query.vocabulary), 1),
        paging=make_pagination(
            query.page, ENTRIES_PER_PAGE, result.total, lambda number: _list_url(entity_type, query, number)
        ),
        new_url=with_query(_base_url(entity_type), [*_vocabulary_args(query), ("new", "1")]),
        may_add=is_allowed_in_any_state(identity(), Action.ADD_REFERENCE),
    )


def new_page(
    entity_type: EntityType, form: ReferenceForm | None = None, errors: Sequence[FieldError] = ()
) -> ResponseReturnValue:
    """Render the form for a new record, empty or as it was submitted."""
    if form is None:
        defaults: dict[str, Any] = (
            {"vocabulary": _list_query(entity_type).vocabulary} if entity_type.kind is TERM_KIND else {}
        )
        form = form_from_record(entity_type, defaults)
    return render_desk(
        "reference/new.html",
        str(entity_type.add_label),
        errors,
        entity_type=entity_type,
        type_links=_type_links(entity_type),
        vocabulary_options=list(VOCABULARY_TITLES.items()),
        url=_base_url(entity_type),
        **form_context(form),
    )


def _type_links(entity_type: EntityType) -> tuple[Link, ...]:
    """Return links to the lists of all types."""
    return tuple(
        Link(str(other.title), _base_url(other), other is entity_type) for other in ENTITY_TYPES.values()
    )


def _list_query(entity_type: EntityType) -> ReferenceListQuery:
    vocabulary = request.args.get("vocabulary", "")
    if entity_type.kind is not TERM_KIND:
        vocabulary = ""
    elif vocabulary not in VOCABULARIES:
        vocabulary = VOCABULARIES[0]
    text = request.args.get("q", "").strip()[:MAX_REFERENCE_FILTER_CHARS]
    return ReferenceListQuery(text, vocabulary, "unreviewed" in request.args, page_number(request.args))


def _row(entity_type: EntityType, entry: ReferenceListRow) -> ReferenceRow:
    return ReferenceRow(
        record_label(entity_type.kind, entry.record, g.lang),
        entry_url(entity_type, entry.key),
        entry.record["id"],
        _disambiguation(entity_type, entry.record),
        entry.depth,
        entry.people,
        entry.unreviewed,
    )


def _disambiguation(entity_type: EntityType, record: Any) -> str:
    """Return what distinguishes a record from others of its name."""
    if entity_type.kind is TERM_KIND:
        other_labels = (text for lang, text in record["labels"].items() if lang != g.lang)
        return " · ".join(other_labels)
    if entity_type.kind is SOURCE_KIND:
        csl = record["csl"]
        authors = [
            str(author.get("literal") or author.get("family") or "") for author in csl.get("author") or ()
        ]
        parts = (", ".join(authors[:2]), csl.get("container-title"), format_csl_date(csl.get("issued")))
        return " · ".join(str(part) for part in parts if part)
    kind_labels = PLACE_KIND_TITLES if entity_type.name == "places" else ORGANISATION_KIND_LABELS
    kind = str(kind_labels.get(record["kind"], record["kind"]))
    country = record.get("country")
    return f"{kind} · {country_name(country, g.lang)}" if country else kind


def _vocabulary_links(entity_type: EntityType, query: ReferenceListQuery) -> tuple[Link, ...]:
    if entity_type.kind is not TERM_KIND:
        return ()
    return tuple(
        Link(str(title), with_query(_base_url(entity_type), [("vocabulary", name)]), name == query.vocabulary)
        for name, title in VOCABULARY_TITLES.items()
    )


def _list_url(
    entity_type: EntityType, query: ReferenceListQuery, page: int, *, only_unreviewed: bool = False
) -> str:
    args = _vocabulary_args(query) + ([("q", query.text)] if query.text else [])
    if query.only_unreviewed or only_unreviewed:
        args.append(("unreviewed", "1"))
    return with_query(_base_url(entity_type), args + ([("page", str(page))] if page > 1 else []))


def _vocabulary_args(query: ReferenceListQuery) -> list[tuple[str, str]]:
    return [("vocabulary", query.vocabulary)] if query.vocabulary else []


def _base_url(entity_type: EntityType) -> str:
    return url_for("desk.reference", lang=g.lang, room=entity_type.name)


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
    finished: bool


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
        type_links=_type_links(entity_type),
        detail=entry_detail,
        notice=notice,
        url=entry_url(entity_type, key),
        version=service.record_version(entry_detail.record),
        differing=_comparisons(current, form) if conflict and form else (),
        may_edit=is_allowed(identity(), Action.EDIT_REFERENCE),
        people=_people(entry_detail),
        more_url=_more_url(entity_type, entry_detail),
        referring=[_link(item.kind, item.key, item.record) for item in entry_detail.referring],
        picker_kind=key.rpartition("/")[0] or entity_type.kind.name,
        merges=[_merge_row(item) for item in entry_detail.merges],
        edits=[_edit_row(item) for item in entry_detail.edits],
        displayed=_displayed(current),
        **form_context(form or current),
    )


def merge_page(entity_type: EntityType, key: str, preview: ReferenceMergePreview) -> ResponseReturnValue:
    """Render the preview of a merge."""
    plan = preview.plan
    current, after = (form_from_record(entity_type, record) for record in (plan.survivor, plan.after))
    return render_desk(
        "reference/merge.html",
        record_label(entity_type.kind, plan.survivor, g.lang),
        entity_type=entity_type,
        type_links=_type_links(entity_type),
        url=entry_url(entity_type, key),
        duplicate=plan.duplicate,
        duplicate_label=record_label(entity_type.kind, plan.duplicate, g.lang),
        republished_count=len(preview.people),
        updated_draft_count=len(preview.drafts),
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
        "datalist_options": {
            name: reference_choices(kind, g.lang) for name, kind in references.items() if name
        },
        "ambiguous": {},
        "opened": (),
        "focus": "",
    }


def entry_url(entity_type: EntityType, key: str) -> str:
    return url_for("desk.reference_entry", lang=g.lang, room=entity_type.name, key=key)


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
        merge.finished_at is not None,
    )


def _edit_row(edit: Any) -> ReferenceEditRow:
    return ReferenceEditRow(
        as_utc(edit.at).isoformat(), format_timestamp(edit.at), edit_label(edit.what), edit.author
    )
