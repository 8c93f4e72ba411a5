"""View models of forms: fields, groups, rows and lists, built from a schema and a tree."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from biobank.common.i18n import LANGUAGE_NAMES, LANGUAGES
from biobank.records.media.urls import SQUARE, picture_file_path, sha_from_url
from biobank.web.core.record_labels import PART_TITLES
from biobank.web.desk.forms.schema import (
    SELF_KEY,
    Field,
    FormNode,
    Group,
    Repeat,
    add_button_id,
    join_name,
    steps_to,
)
from biobank.web.desk.forms.tree import Tree, empty_value, is_filled

#: Placeholder of the row number in a template row; JavaScript replaces it.
ROW_NUMBER_PLACEHOLDER: Final = "NUMBER"
#: Height of textareas, in lines.
TEXTAREA_ROWS: Final = {"passage": 3, "markdown": 16}
#: Values of the `inputmode` attribute.
INPUT_MODES: Final = {"date": "text", "address": "url", "number": "decimal"}
#: Names of the languages by key of a `by_language` group.
LANGUAGE_TITLES: Final = {str(lang): name for lang, name in LANGUAGE_NAMES.items()}
#: Groups that are collapsed at first.
FOLDED_KEYS: Final = frozenset({"original", "cites", "csl"})

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class FieldView:
    """One field; `lang` is the language of the typed text, if known."""

    id: str
    name: str
    key: str
    field: Field
    label: str
    hint: str
    text: str
    lang: str
    lines: int
    mode: str
    options: Options
    #: Whether no option may be chosen.
    optional: bool
    #: The square thumbnail, if the value is the address of a picture of the bank.
    picture: str
    shape: str = "field"


@dataclass(frozen=True)
class GroupView:
    """Related fields; `folded` groups are collapsed at first."""

    id: str
    key: str
    label: str
    hint: str
    parts: tuple[Any, ...]
    count: int
    by_language: bool
    folded: bool
    shape: str


@dataclass(frozen=True)
class RowView:
    """One row of a list; `number` counts from 1."""

    id: str
    number: str
    label: str
    parts: tuple[Any, ...]


@dataclass(frozen=True)
class RepeatView:
    """Rows, the button that adds one, and the template row that JavaScript copies."""

    id: str
    key: str
    label: str
    hint: str
    add: str
    button: str
    rows: tuple[RowView, ...]
    max_items: int
    single: bool
    folded: bool
    #: None for citations, which share one template, and for lists with blank rows.
    template: RowView | None
    shape: str


class FormBuilder:
    """Builds the view models of one form; labels are translated once."""

    def __init__(self, options: Callable[[Field], Options], *, repeated_names: bool = False) -> None:
        """Prepare a form; with `repeated_names`, rows repeat the names of fields: `names.text`."""
        self._options = options
        self._repeated_names = repeated_names
        self._labels: dict[tuple[int, str], tuple[str, str]] = {}

    def part(self, node: FormNode, value: Any, key: str, id_: str, name: str) -> Any:
        """Return the view of a node and of all in it."""
        if isinstance(node, Field):
            return self._field(node, value, key, id_, name)
        if isinstance(node, Group):
            return self._group(node, value, key, id_, name)
        return self._repeat(node, value, key, id_, name)

    def parts(self, schema: Group, tree: Tree, id_: str = "", name: str = "") -> tuple[Any, ...]:
        """Return the views of all members of a group."""
        return tuple(
            self.part(node, tree[key], key, join_name(id_, key), self._join(name, key))
            for key, node in schema.fields.items()
        )

    def flat_parts(self, schema: Group, tree: Tree, id_: str = "", name: str = "") -> Iterator[Any]:
        """Yield the views of all members of a group, with those of inner groups in their place."""
        for key, node in schema.fields.items():
            inner_id, inner_name = join_name(id_, key), self._join(name, key)
            if isinstance(node, Group) and not node.by_language:
                yield from self.flat_parts(node, tree[key], inner_id, inner_name)
            else:
                yield self.part(node, tree[key], key, inner_id, inner_name)

    def row(self, node: Repeat, value: Any, id_: str, name: str, number: str) -> RowView:
        """Return the view of one row of a list."""
        if isinstance(node.item, Field):
            field = self._field(node.item, value, "single", id_, name, f"{node.row} {number}")
            return RowView(id_, number, str(node.row), (field,))
        assert isinstance(node.item, Group)
        return RowView(id_, number, str(node.row or node.label), self.parts(node.item, value, id_, name))

    def _field(self, node: Field, text: str, key: str, id_: str, name: str, label: str = "") -> FieldView:
        own_label, hint = self._texts(node, key)
        options = self._options(node) if node.kind == "choice" else ()
        if options and text and text not in dict(options):
            options = ((text, text), *options)
        return FieldView(
            id=id_,
            name=name,
            key=key or "id",
            field=node,
            label=label or own_label,
            hint=hint,
            text=text,
            lang=key if key in LANGUAGE_TITLES else "",
            lines=TEXTAREA_ROWS.get(node.kind, 1),
            mode=INPUT_MODES.get(node.kind, ""),
            options=options,
            optional=not (node.default or node.required),
            picture=picture_file_path(sha, SQUARE) if (sha := sha_from_url(text)) else "",
        )

    def _group(self, node: Group, value: Any, key: str, id_: str, name: str) -> GroupView:
        label, hint = self._texts(node, key)
        return GroupView(
            id=id_,
            key=key,
            label=label,
            hint=hint,
            parts=self.parts(node, value, id_, name),
            count=count_filled(node, value),
            by_language=node.by_language,
            folded=key in FOLDED_KEYS,
            shape="box" if self._repeated_names else "group",
        )

    def _repeat(self, node: Repeat, value: Any, key: str, id_: str, name: str) -> RepeatView:
        label, hint = self._texts(node, key)
        values = [*value, *blank_rows(node, value)]
        has_template = key != "cites" and not node.blank_rows
        return RepeatView(
            id=id_,
            key=key,
            label=label,
            hint=hint,
            add=str(node.add or ""),
            button=add_button_id(id_),
            rows=tuple(self._numbered_row(node, row, id_, name, n) for n, row in enumerate(values)),
            max_items=node.max_items,
            single=isinstance(node.item, Field),
            folded=key in FOLDED_KEYS,
            template=self._template(node, id_) if has_template else None,
            shape="blanks" if node.blank_rows else "list",
        )

    def _numbered_row(self, node: Repeat, value: Any, id_: str, name: str, number: int) -> RowView:
        row_id = join_name(id_, number)
        return self.row(node, value, row_id, name if self._repeated_names else row_id, str(number + 1))

    def _template(self, node: Repeat, id_: str) -> RowView:
        row_id = join_name(id_, ROW_NUMBER_PLACEHOLDER)
        return self.row(node, empty_value(node.item), row_id, row_id, ROW_NUMBER_PLACEHOLDER)

    def _join(self, name: str, key: str) -> str:
        return f"{name}.{key}" if self._repeated_names and name else join_name(name, key)

    def _texts(self, node: FormNode, key: str) -> tuple[str, str]:
        """Return the label and the hint of a node."""
        # A form needs the same labels a thousand times; translation took a quarter of its time.
        texts = self._labels.get((id(node), key))
        if texts is None:
            texts = self._labels[id(node), key] = (label_of(node, key), str(node.hint or ""))
        return texts


def label_of(node: FormNode, key: str) -> str:
    """Return the label of a node, by default the one of its key in lists of changes."""
    if key in LANGUAGE_TITLES:
        return LANGUAGE_TITLES[key]
    return str(PART_TITLES.get(key, key) if node.label is None else node.label)


def title_of(schema: Group, name: str) -> str:
    """Return the title of a field from outside in, such as `Event 3, Place`."""
    titles: list[str] = []
    parent: FormNode = schema
    for step, node in steps_to(schema, name):
        if isinstance(parent, Repeat):
            titles[-1] = f"{parent.row or titles[-1]} {int(step) + 1}"
        else:
            titles.append(label_of(node, step))
        parent = node
    return ", ".join(filter(None, titles))


def blank_rows(node: Repeat, rows: Sequence[Any]) -> list[Any]:
    """Return the empty rows below the filled ones; for names, one for each missing language."""
    if not node.blank_rows:
        return []
    blanks: list[Any] = []
    if isinstance(node.item, Group) and "lang" in node.item.fields:
        used = {row["lang"] for row in rows}
        blanks = [{**empty_value(node.item), "lang": lang} for lang in LANGUAGES if lang not in used]
    return blanks + [empty_value(node.item) for _ in range(node.blank_rows - len(blanks))]


def count_filled(node: FormNode, value: Any) -> int:
    """Return how much was entered: the rows of a list, the fields of a group."""
    if isinstance(node, Field):
        return int(is_filled(node, value))
    if isinstance(node, Repeat):
        return sum(is_filled(node.item, row) for row in value)
    return sum(count_filled(inner, value[key]) for key, inner in node.fields.items() if key != SELF_KEY)


def display_lines(node: FormNode, value: Any) -> list[str]:
    """Return a part of a form as lines of text for users who may only read."""
    if isinstance(node, Field):
        return [value] if value else []
    if isinstance(node, Group):
        # A list of texts is typed one a line; other texts keep their paragraphs.
        has_lines = any(isinstance(inner, Field) and inner.converter for inner in node.fields.values())
        texts = [(lang, ", ".join(text.splitlines()) if has_lines else text) for lang, text in value.items()]
        return [f"{lang}: {text}" for lang, text in texts if text]
    return [row if isinstance(row, str) else " · ".join(filter(None, row.values())) for row in value]
