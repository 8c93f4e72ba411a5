"""Builders of the form's view models: sections with fields, groups and rows."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from flask_babel import lazy_gettext

from biobank.records.media.addresses import SQUARE, file_address, sha_of
from biobank.web.desk.writing.drawn import Field, Group, Listing, Row, Section
from biobank.web.desk.writing.record import is_typed
from biobank.web.desk.writing.rows import add_button
from biobank.web.desk.writing.shape import FORM, SELF, Leaf, Node, Part, Rows, joined
from biobank.web.desk.writing.tree import Tree, empty
from biobank.web.desk.writing.words import hint, label, language_titles, options, row_words

#: Placeholder of the row number in a template row; JavaScript replaces it.
NUMBER: Final = "NUMBER"
#: Placeholder of the parent name in the citation template.
WITHIN: Final = "WITHIN"
#: Height of textareas, in lines.
LINES: Final = {"passage": 3, "markdown": 16}
#: Groups that are collapsed at first.
FOLDED: Final = frozenset({"original", "cites", "csl"})
#: Fields with suggested values that also accept others.
OFFERED: Final = {"lang": "lang", "script": "script", "licence": "licence"}
#: Sections with the record fields of each.
SECTIONS: Final = (
    ("who", lazy_gettext("Names"), ("names", "id")),
    ("life", lazy_gettext("Birth and death"), ("gender", "birth", "death", "floruit")),
    ("work", lazy_gettext("Professions and countries"), ("professions", "countries")),
    ("texts", lazy_gettext("Texts"), ("headline", "connection", "biography")),
    ("events", lazy_gettext("Events"), ("events",)),
    ("relations", lazy_gettext("People in this life"), ("relations",)),
    ("memberships", lazy_gettext("Studies, posts, memberships"), ("memberships",)),
    ("works", lazy_gettext("Works"), ("works",)),
    ("awards", lazy_gettext("Awards"), ("awards",)),
    ("media", lazy_gettext("Pictures and recordings"), ("media",)),
    ("identifiers", lazy_gettext("In other catalogues"), ("identifiers",)),
    ("sources", lazy_gettext("Sources"), ("sources",)),
    ("checked", lazy_gettext("Compared with the sources"), ("checked",)),
)
#: Sections that are expanded on an empty form.
OPEN: Final = frozenset({"who", "life", "texts", "sources"})


def sections_of(tree: Tree, wrong: Mapping[str, str], lang: str, *, new: bool) -> list[Section]:
    """Return the sections of a form; those with content or errors are expanded."""
    made = []
    for name, title, keys in SECTIONS:
        drawn = [it for it in keys if it != "id" or new]
        parts = tuple(_view(FORM.fields[it], tree[it], "", it, it, lang) for it in drawn)
        rows = [row for it in keys if _is_list(it) for row in tree[it]]
        count = sum(_count(FORM.fields[it], tree[it]) for it in keys if _is_list(it))
        faulty = any(it.split("-")[0] in keys for it in wrong if it)
        typed = any(is_typed(FORM.fields[it], tree[it]) for it in keys)
        is_open = typed or name in OPEN or faulty or bool(rows)
        made.append(Section(f"part-{name}", str(title), parts, count, is_open))
    return made


def citation_template(lang: str) -> Row:
    """Return the row that JavaScript copies to add a citation anywhere."""
    cites = FORM.fields["birth"]
    assert isinstance(cites, Part)
    rows = cites.fields["cites"]
    assert isinstance(rows, Rows)
    return _row(rows, empty(rows.row), f"{WITHIN}-cites-{NUMBER}", "cites", NUMBER, lang)


def _view(node: Node, value: Any, within: str, key: str, name: str, lang: str) -> Any:
    if isinstance(node, Leaf):
        return _field(node, value, within, key, name, lang)
    if isinstance(node, Part):
        return _group(node, value, within, key, name, lang)
    return _listing(node, value, within, key, name, lang)


def _field(node: Leaf, text: str, within: str, key: str, name: str, lang: str) -> Field:
    language = key if key in language_titles() else ""
    chosen = options(node.of, lang) if node.kind == "choice" else ()
    if chosen and text and text not in dict(chosen):
        chosen = ((text, text), *chosen)
    return Field(
        id=name,
        key=key or "id",
        kind=node.kind,
        label=label(within, key, lang),
        text=text,
        most=node.most,
        pick="" if node.of == "country" else node.of if node.kind == "pick" else "",
        offered="country" if node.of == "country" else OFFERED.get(key, ""),
        hint=hint(within, key, lang),
        lang=language,
        lines=LINES.get(node.kind, 1) if node.most > 300 else 1,
        options=chosen,
        empty=not node.start,
        picture=file_address(sha, SQUARE) if (sha := sha_of(text)) else "",
    )


def _group(node: Part, value: Any, within: str, key: str, name: str, lang: str) -> Group:
    inside = within if node.by_language else key
    parts = tuple(
        _view(inner, value[it], inside, it, joined(name, it), lang)
        for it, inner in node.fields.items()
    )
    return Group(
        id=name,
        key=key,
        label=label(within, key, lang),
        hint=hint(within, key, lang),
        parts=parts,
        count=_count(node, value),
        by_language=node.by_language,
        folded=key in FOLDED,
    )


def _listing(node: Rows, value: Any, within: str, key: str, name: str, lang: str) -> Listing:
    rows = tuple(
        _row(node, row, joined(name, at), key, str(at + 1), lang) for at, row in enumerate(value)
    )
    template = None
    if key != "cites":
        template = _row(node, empty(node.row), joined(name, NUMBER), key, NUMBER, lang)
    return Listing(
        id=name,
        key=key,
        label=label(within, key, lang),
        hint=hint(within, key, lang),
        add=row_words(key, lang)[1],
        button=add_button(name),
        rows=rows,
        most=node.most,
        single=isinstance(node.row, Leaf),
        folded=key in FOLDED,
        template=template,
    )


def _row(node: Rows, value: Any, name: str, key: str, number: str, lang: str) -> Row:
    words = row_words(key, lang)[0]
    if isinstance(node.row, Leaf):
        field = _field(node.row, value, "", key, name, lang)
        single = replace(field, label=f"{words} {number}", key="single")
        return Row(name, number, words, (single,))
    assert isinstance(node.row, Part)
    parts = (
        _view(inner, value[it], key, it, joined(name, it), lang)
        for it, inner in node.row.fields.items()
    )
    return Row(name, number, words, tuple(parts))


def _is_list(key: str) -> bool:
    return isinstance(FORM.fields[key], Rows)


def _count(node: Node, value: Any) -> int:
    """Return how much was entered: the rows of a list, the fields of a group."""
    if isinstance(node, Leaf):
        return int(is_typed(node, value))
    if isinstance(node, Rows):
        return sum(is_typed(node.row, row) for row in value)
    return sum(_count(inner, value[key]) for key, inner in node.fields.items() if key != SELF)
