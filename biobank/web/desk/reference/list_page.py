"""The list of reference records of one type, and the form for a new one."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, request, url_for
from flask.typing import ResponseReturnValue

from biobank.accounts.policy import Action, is_allowed_in_any_state
from biobank.editorial.reference.listing import (
    ReferenceListQuery,
    ReferenceListRow,
    list_reference_records,
    record_label,
)
from biobank.errors import FieldError
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.records.countries import country_name
from biobank.records.reference.kinds import SOURCE_KIND, TERM_KIND
from biobank.records.vocabulary.models import VOCABULARIES
from biobank.web.core.labels import ORGANISATION_KIND_LABELS
from biobank.web.core.pagination import make_pagination, page_number
from biobank.web.core.urls import Link, with_query
from biobank.web.desk.forms.csl import format_csl_date
from biobank.web.desk.layout import render_desk
from biobank.web.desk.reference.entity_types import ENTITY_TYPES, EntityType
from biobank.web.desk.reference.entry_page import entry_url, form_context
from biobank.web.desk.reference.forms import ReferenceForm, form_from_record
from biobank.web.desk.reference.labels import PLACE_KIND_TITLES, VOCABULARY_TITLES

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
    query, page = _list_query(entity_type), page_number(request.args)
    result = list_reference_records(
        services.database, identity(), entity_type.kind, query, g.lang, page, ENTRIES_PER_PAGE
    )
    return render_desk(
        "reference/list.html",
        str(entity_type.title),
        room=entity_type,
        rooms=entity_type_links(entity_type),
        vocabularies=_vocabulary_links(entity_type, query),
        wish=query,
        rows=[_row(entity_type, entry) for entry in result.rows],
        total=result.total,
        unreviewed=result.unreviewed,
        unreviewed_url=_list_url(entity_type, query, 1, only_unreviewed=True),
        all_url=_list_url(entity_type, ReferenceListQuery(vocabulary=query.vocabulary), 1),
        paging=make_pagination(
            page, ENTRIES_PER_PAGE, result.total, lambda number: _list_url(entity_type, query, number)
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
        room=entity_type,
        rooms=entity_type_links(entity_type),
        vocabulary_options=list(VOCABULARY_TITLES.items()),
        url=_base_url(entity_type),
        **form_context(form),
    )


def entity_type_links(entity_type: EntityType | None) -> tuple[Link, ...]:
    """Return links to the lists of all types."""
    return tuple(
        Link(str(other.title), _base_url(other), other is entity_type) for other in ENTITY_TYPES.values()
    )


def is_new_requested() -> bool:
    return "new" in request.args


def _list_query(entity_type: EntityType) -> ReferenceListQuery:
    vocabulary = request.args.get("vocabulary", "")
    if entity_type.kind is not TERM_KIND:
        vocabulary = ""
    elif vocabulary not in VOCABULARIES:
        vocabulary = VOCABULARIES[0]
    text = request.args.get("q", "").strip()[:MAX_REFERENCE_FILTER_CHARS]
    return ReferenceListQuery(text, vocabulary, "unreviewed" in request.args)


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
