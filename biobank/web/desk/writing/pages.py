"""The page of the writing form with its notices, and the list of working copies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import g, url_for
from flask.typing import ResponseReturnValue

from biobank.accounts.policy import Action, is_allowed_in_any_state
from biobank.common.i18n import LANGUAGE_NAMES
from biobank.editorial.models import Revision
from biobank.editorial.revisions import lookup, working_copies
from biobank.editorial.revisions.drafts import MAX_REVISION_MESSAGE_CHARS
from biobank.editorial.revisions.working_copies import WorkingCopyData
from biobank.errors import CopyRefused, FieldError
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.web.account.labels import format_timestamp
from biobank.web.core.gettext import _
from biobank.web.desk.inbox.message_view import get_suggestion_view
from biobank.web.desk.layout import render_desk
from biobank.web.desk.writing.form_sections import FORM_SECTIONS, build_sections, citation_template
from biobank.web.desk.writing.forms import PersonForm
from biobank.web.desk.writing.labels import datalist_options
from biobank.web.desk.writing.reference_lookup import AmbiguousReference


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
    return render_desk(
        "writing.html",
        _("New biography") if new else _("Edit: %(name)s", name=_display_name(form, g.lang)),
        sorted_errors,
        form=form,
        action=_submit_url(form),
        form_sections=build_sections(form.tree, error_by_field, g.lang, new=new),
        citation=citation_template(g.lang),
        offered=datalist_options(g.lang),
        unclear=ambiguous or {},
        focus=focus,
        opened=_unfolded_ids([*error_by_field, focus]),
        notice=notice,
        suggestion=get_suggestion_view(form.suggestion, form.person_id),
        languages=LANGUAGE_NAMES,
        message_most=MAX_REVISION_MESSAGE_CHARS,
        others=[row for row in copy_rows(form.person_id) if row.key != form.copy],
    )


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
    url = url_for("web.desk_working_copy", lang=g.lang, key=copy.key)
    return CopyRow(copy.key, title, format_timestamp(copy.saved_at), url)


def _submit_url(form: PersonForm) -> str:
    if form.person_id is None:
        return url_for("web.desk_new_person_post", lang=g.lang)
    return url_for("web.desk_edit_post", lang=g.lang, person_id=form.person_id)


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
