"""Builders of the form's view models: sections with fields, groups and rows."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from flask_babel import lazy_gettext

from biobank.records.media.urls import SQUARE, picture_file_path, sha_from_url
from biobank.web.desk.writing.form_schema import (
    PERSON_FORM,
    SELF_KEY,
    Field,
    FormNode,
    Group,
    Repeat,
    join_name,
)
from biobank.web.desk.writing.form_tree import Tree, add_button_id, empty_value
from biobank.web.desk.writing.form_view import FieldView, GroupView, RepeatView, RowView, SectionView
from biobank.web.desk.writing.labels import (
    choice_options,
    field_hint,
    field_label,
    language_titles,
    row_labels,
)
from biobank.web.desk.writing.record_mapping import is_filled

#: Placeholder of the row number in a template row; JavaScript replaces it.
ROW_NUMBER_PLACEHOLDER: Final = "NUMBER"
#: Placeholder of the parent name in the citation template.
PARENT_PLACEHOLDER: Final = "WITHIN"
#: Height of textareas, in lines.
TEXTAREA_ROWS: Final = {"passage": 3, "markdown": 16}
#: Groups that are collapsed at first.
FOLDED_KEYS: Final = frozenset({"original", "cites", "csl"})
#: Fields with suggested values that also accept others.
DATALISTS: Final = {"lang": "lang", "script": "script", "licence": "licence"}
#: Sections with the record fields of each.
FORM_SECTIONS: Final = (
    ("who", lazy_gettext("Names"), ("names", "id")),
    ("life", lazy_gettext("Birth and death"), ("gender", "birth", "death", "floruit")),
    ("work", lazy_gettext("Professions and countries"), ("professions", "countries")),
    ("texts", lazy_gettext("Texts"), ("headline", "connection", "biography")),
    ("events", lazy_gettext("Events"), ("events",)),
    ("relations", lazy_gettext("Related people"), ("relations",)),
    ("memberships", lazy_gettext("Education, positions, memberships"), ("memberships",)),
    ("works", lazy_gettext("Works"), ("works",)),
    ("awards", lazy_gettext("Awards"), ("awards",)),
    ("media", lazy_gettext("Pictures and recordings"), ("media",)),
    ("identifiers", lazy_gettext("In other catalogues"), ("identifiers",)),
    ("sources", lazy_gettext("Sources"), ("sources",)),
    ("checked", lazy_gettext("Last verified"), ("checked",)),
)
#: Sections that are expanded on an empty form.
OPEN_SECTIONS: Final = frozenset({"who", "life", "texts", "sources"})


def build_sections(tree: Tree, errors: Mapping[str, str], lang: str, *, new: bool) -> list[SectionView]:
    """Return the sections of a form; those with content or errors are expanded."""
    sections = []
    for name, title, keys in FORM_SECTIONS:
        visible_keys = [key for key in keys if key != "id" or new]
        parts = tuple(
            _node_view(PERSON_FORM.fields[key], tree[key], "", key, key, lang) for key in visible_keys
        )
        rows = [row for key in keys if _is_list(key) for row in tree[key]]
        count = sum(_count(PERSON_FORM.fields[key], tree[key]) for key in keys if _is_list(key))
        has_error = any(key.split("-")[0] in keys for key in errors if key)
        typed = any(is_filled(PERSON_FORM.fields[key], tree[key]) for key in keys)
        is_open = typed or name in OPEN_SECTIONS or has_error or bool(rows)
        sections.append(SectionView(f"part-{name}", str(title), parts, count, is_open))
    return sections


def citation_template(lang: str) -> RowView:
    """Return the row that JavaScript copies to add a citation anywhere."""
    cites = PERSON_FORM.fields["birth"]
    assert isinstance(cites, Group)
    rows = cites.fields["cites"]
    assert isinstance(rows, Repeat)
    return _row_view(
        rows,
        empty_value(rows.item),
        f"{PARENT_PLACEHOLDER}-cites-{ROW_NUMBER_PLACEHOLDER}",
        "cites",
        ROW_NUMBER_PLACEHOLDER,
        lang,
    )


def _node_view(node: FormNode, value: Any, parent: str, key: str, name: str, lang: str) -> Any:
    if isinstance(node, Field):
        return _field_view(node, value, parent, key, name, lang)
    if isinstance(node, Group):
        return _group_view(node, value, parent, key, name, lang)
    return _repeat_view(node, value, parent, key, name, lang)


def _field_view(node: Field, text: str, parent: str, key: str, name: str, lang: str) -> FieldView:
    language = key if key in language_titles() else ""
    choices = choice_options(node.target, lang) if node.kind == "choice" else ()
    if choices and text and text not in dict(choices):
        choices = ((text, text), *choices)
    return FieldView(
        id=name,
        key=key or "id",
        kind=node.kind,
        label=field_label(parent, key, lang),
        text=text,
        max_length=node.max_length,
        autocomplete="" if node.target == "country" else node.target if node.kind == "pick" else "",
        offered="country" if node.target == "country" else DATALISTS.get(key, ""),
        hint=field_hint(parent, key, lang),
        lang=language,
        lines=TEXTAREA_ROWS.get(node.kind, 1) if node.max_length > 300 else 1,
        options=choices,
        empty=not node.default,
        picture=picture_file_path(sha, SQUARE) if (sha := sha_from_url(text)) else "",
    )


def _group_view(node: Group, value: Any, parent: str, key: str, name: str, lang: str) -> GroupView:
    inner_parent = parent if node.by_language else key
    parts = tuple(
        _node_view(inner, value[inner_key], inner_parent, inner_key, join_name(name, inner_key), lang)
        for inner_key, inner in node.fields.items()
    )
    return GroupView(
        id=name,
        key=key,
        label=field_label(parent, key, lang),
        hint=field_hint(parent, key, lang),
        parts=parts,
        count=_count(node, value),
        by_language=node.by_language,
        folded=key in FOLDED_KEYS,
    )


def _repeat_view(node: Repeat, value: Any, parent: str, key: str, name: str, lang: str) -> RepeatView:
    rows = tuple(
        _row_view(node, row, join_name(name, index), key, str(index + 1), lang)
        for index, row in enumerate(value)
    )
    template = None
    if key != "cites":
        template = _row_view(
            node,
            empty_value(node.item),
            join_name(name, ROW_NUMBER_PLACEHOLDER),
            key,
            ROW_NUMBER_PLACEHOLDER,
            lang,
        )
    return RepeatView(
        id=name,
        key=key,
        label=field_label(parent, key, lang),
        hint=field_hint(parent, key, lang),
        add=row_labels(key, lang)[1],
        button=add_button_id(name),
        rows=rows,
        max_length=node.max_items,
        single=isinstance(node.item, Field),
        folded=key in FOLDED_KEYS,
        template=template,
    )


def _row_view(node: Repeat, value: Any, name: str, key: str, number: str, lang: str) -> RowView:
    row_label = row_labels(key, lang)[0]
    if isinstance(node.item, Field):
        field = _field_view(node.item, value, "", key, name, lang)
        single = replace(field, label=f"{row_label} {number}", key="single")
        return RowView(name, number, row_label, (single,))
    assert isinstance(node.item, Group)
    parts = (
        _node_view(inner, value[inner_key], key, inner_key, join_name(name, inner_key), lang)
        for inner_key, inner in node.item.fields.items()
    )
    return RowView(name, number, row_label, tuple(parts))


def _is_list(key: str) -> bool:
    return isinstance(PERSON_FORM.fields[key], Repeat)


def _count(node: FormNode, value: Any) -> int:
    """Return how much was entered: the rows of a list, the fields of a group."""
    if isinstance(node, Field):
        return int(is_filled(node, value))
    if isinstance(node, Repeat):
        return sum(is_filled(node.item, row) for row in value)
    return sum(_count(inner, value[key]) for key, inner in node.fields.items() if key != SELF_KEY)
