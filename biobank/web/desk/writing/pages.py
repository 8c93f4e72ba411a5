"""The page of the writing form with its notices, and the list of working copies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import g, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from biobank.accounts.policy import Action, is_allowed_in_any_state
from biobank.common.i18n import LANGUAGE_NAMES
from biobank.editorial.models import Revision
from biobank.editorial.revisions import lookup, working_copies
from biobank.editorial.revisions.drafts import MAX_REVISION_MESSAGE_CHARS
from biobank.editorial.revisions.working_copies import WorkingCopyData
from biobank.errors import CopyRefused, FieldError
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_timestamp
from biobank.web.desk.forms.builder import ROW_NUMBER_PLACEHOLDER, FormBuilder, RowView, count_filled
from biobank.web.desk.forms.references import AmbiguousReference
from biobank.web.desk.forms.schema import Repeat
from biobank.web.desk.forms.tree import empty_value, is_filled
from biobank.web.desk.inbox.message_view import get_suggestion_view
from biobank.web.desk.layout import render_desk
from biobank.web.desk.writing.forms import PersonForm
from biobank.web.desk.writing.person_schema import CITATIONS, PERSON_FORM, choice_options, datalist_options

#: Placeholder of the parent name in the citation template.
PARENT_PLACEHOLDER: Final = "WITHIN"
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


@dataclass(frozen=True)
class CopyRow:
    """A working copy: the person, when it was saved, and the URL to continue."""

    key: str
    title: str
    saved_at: str
    url: str


def form_page(
    form: PersonForm,
    errors: Iterable[FieldError] = (),
    ambiguous: Mapping[str, AmbiguousReference] | None = None,
    focus: str = "",
    notice: str = "",
) -> ResponseReturnValue:
    """Render the form; `focus` is the id of the field that receives the focus."""
    sorted_errors = sorted(errors, key=lambda error: _field_position(error.path))
    error_by_field = {error.path: error.message for error in sorted_errors}
    new = form.person_id is None
    builder = FormBuilder(lambda field: choice_options(field.target, g.lang))
    return render_desk(
        "writing/form.html",
        _("New biography") if new else _("Edit: %(name)s", name=_display_name(form, g.lang)),
        sorted_errors,
        form=form,
        action=_submit_url(form),
        form_sections=build_sections(builder, form, error_by_field),
        citation=citation_template(builder),
        datalist_options=datalist_options(g.lang),
        ambiguous=ambiguous or {},
        focus=focus,
        opened=_unfolded_ids([*error_by_field, focus]),
        notice=notice,
        suggestion=get_suggestion_view(form.suggestion, form.person_id),
        languages=LANGUAGE_NAMES,
        max_message_chars=MAX_REVISION_MESSAGE_CHARS,
        others=[row for row in copy_rows(form.person_id) if row.key != form.copy],
    )


@dataclass(frozen=True)
class SectionView:
    """Fields of the record under one heading; `open` sections are expanded at first."""

    id: str
    title: str
    parts: tuple[Any, ...]
    count: int
    open: bool


def build_sections(builder: FormBuilder, form: PersonForm, errors: Iterable[str]) -> list[SectionView]:
    """Return the sections of a form; those with content or errors are expanded."""
    sections, first_keys = [], {name.partition("-")[0] for name in errors}
    for name, title, keys in FORM_SECTIONS:
        nodes = {key: PERSON_FORM.fields[key] for key in keys}
        lists = {key: node for key, node in nodes.items() if isinstance(node, Repeat)}
        is_open = (
            name in OPEN_SECTIONS
            or not first_keys.isdisjoint(keys)
            or any(form.tree[key] for key in lists)
            or any(is_filled(node, form.tree[key]) for key, node in nodes.items())
        )
        parts = tuple(
            builder.part(node, form.tree[key], key, key, key)
            for key, node in nodes.items()
            if key != "id" or form.person_id is None
        )
        count = sum(count_filled(node, form.tree[key]) for key, node in lists.items())
        sections.append(SectionView(f"part-{name}", str(title), parts, count, is_open))
    return sections


def citation_template(builder: FormBuilder) -> RowView:
    """Return the row that JavaScript copies to add a citation anywhere."""
    name = f"{PARENT_PLACEHOLDER}-cites-{ROW_NUMBER_PLACEHOLDER}"
    return builder.row(CITATIONS, empty_value(CITATIONS.item), name, name, ROW_NUMBER_PLACEHOLDER)


def _field_position(field: str) -> int:
    """Return the position of a field in the form; -1, the first, for the whole form."""
    order = [key for _name, _title, keys in FORM_SECTIONS for key in keys]
    first = field.partition("-")[0]
    return order.index(first) if first in order else -1


def _unfolded_ids(names: Iterable[str]) -> frozenset[str]:
    """Return the ids of all groups to expand, such as `events-2-cites` for a field inside it."""
    ids: set[str] = set()
    for name in names:
        steps = name.split("-")
        ids |= {"-".join(steps[:length]) for length in range(1, len(steps))}
    return frozenset(ids)


def copy_rows(person_id: str | None = "") -> list[CopyRow]:
    """Return the user's working copies, latest first; of one person (None: a new one) if given."""
    if not is_allowed_in_any_state(identity(), Action.WRITE_PEOPLE):
        return []
    copies = working_copies.list_copies(services.database, identity())
    if person_id != "":
        copies = [copy for copy in copies if copy.person_id == person_id]
    with services.database.read() as session:
        people = lookup.get_person_cards(session, {copy.person_id for copy in copies if copy.person_id})
    names = {id_: card.name(g.lang) for id_, card in people.items()}
    return [_copy_row(copy, names) for copy in copies]


def _copy_row(copy: WorkingCopyData, names: Mapping[str, str]) -> CopyRow:
    typed = next((text for name, text in copy.fields if name.endswith("-text") and text), "")
    title = names.get(copy.person_id or "", "") or typed.strip()[:200] or _("New biography")
    url = url_for("desk.working_copy", lang=g.lang, key=copy.key)
    return CopyRow(copy.key, title, format_timestamp(copy.saved_at), url)


def _submit_url(form: PersonForm) -> str:
    if form.person_id is None:
        return url_for("desk.new_person_post", lang=g.lang)
    return url_for("desk.edit_post", lang=g.lang, person_id=form.person_id)


def _display_name(form: PersonForm, lang: str) -> str:
    """Return the person's name in the form: preferred, in the page language if possible."""
    names = [name for name in form.tree["names"] if name["text"].strip()]
    names.sort(key=lambda name: (name["kind"] != "preferred", name["lang"] != lang))
    return str(names[0]["text"]).strip()[:200] if names else form.person_id or ""


def edit_notice(latest: Revision, arguments: Mapping[str, str]) -> str:
    """Return the notice for a form of the latest revision, which may just have been saved."""
    number = str(latest.number)
    if arguments.get("saved") == number:
        return _("Saved as version %(number)s.", number=number)
    if latest.state == "review":
        return _("This record is in review. If you save it, it becomes a draft again.")
    return ""


def copy_notice(copy: WorkingCopyData, latest: Revision | None) -> str:
    """Return the notice for a form opened from a working copy."""
    notice = _(
        "You are editing an unsaved form from %(moment)s. It is not yet saved as a version.",
        moment=format_timestamp(copy.saved_at),
    )
    if latest is not None and latest.number != copy.base:
        return (
            notice
            + " "
            + _(
                "Someone else has saved this record in the meantime. When you "
                "save, you will see both versions."
            )
        )
    return notice


def copy_error_text(error: CopyRefused) -> str:
    """Return why a working copy was refused."""
    if error.code == "too_many_copies":
        return _("You have too many unsaved forms. Discard some of them on the editors’ desk first.")
    return _("This form is too long to be saved for later.")
