"""The page of the writing form, and the list of working copies."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import g, url_for
from flask.typing import ResponseReturnValue

from biobank.access import identity
from biobank.accounts.policy import Action, allows_somewhere
from biobank.editorial import called, working_copies
from biobank.editorial.saving import MESSAGE_MOST
from biobank.editorial.working_copies import Copy
from biobank.extensions import services
from biobank.i18n import LANGUAGE_NAMES
from biobank.web.account.words import moment
from biobank.web.desk.inbox.suggestion import shown
from biobank.web.desk.page import Mistake, render_desk
from biobank.web.desk.writing.form import Form
from biobank.web.desk.writing.picks import Unclear
from biobank.web.desk.writing.view import SECTIONS, citation_template, sections_of
from biobank.web.desk.writing.words import offered
from biobank.web.text import _


@dataclass(frozen=True)
class CopyRow:
    """A working copy: the person, when it was saved, and the URL to continue."""

    key: str
    title: str
    kept: str
    url: str


def form_page(
    form: Form,
    mistakes: Iterable[Mistake] = (),
    unclear: Mapping[str, Unclear] | None = None,
    focus: str = "",
    notice: str = "",
) -> ResponseReturnValue:
    """Render the form; `focus` is the id of the field that receives the focus."""
    told = sorted(mistakes, key=lambda it: _place(it.field))
    wrong = {it.field: it.text for it in told}
    new = form.person_id is None
    return render_desk(
        "writing.html",
        _("New person") if new else _("Edit: %(name)s", name=_name(form, g.lang)),
        told,
        form=form,
        action=_address(form),
        form_sections=sections_of(form.tree, wrong, g.lang, new=new),
        citation=citation_template(g.lang),
        offered=offered(g.lang),
        unclear=unclear or {},
        focus=focus,
        opened=_opened([*wrong, focus]),
        notice=notice,
        suggestion=shown(form.suggestion, form.person_id),
        languages=LANGUAGE_NAMES,
        message_most=MESSAGE_MOST,
        others=[row for row in copy_rows(form.person_id) if row.key != form.copy],
    )


def _place(field: str) -> int:
    """Return the position of a field in the form; -1, the first, for the whole form."""
    order = [key for _name, _title, keys in SECTIONS for key in keys]
    first = field.partition("-")[0]
    return order.index(first) if first in order else -1


def _opened(names: Iterable[str]) -> frozenset[str]:
    """Return the ids of all groups to expand, such as `events-2-cites` for a field inside it."""
    found: set[str] = set()
    for name in names:
        steps = name.split("-")
        found |= {"-".join(steps[:length]) for length in range(1, len(steps))}
    return frozenset(found)


def copy_rows(person_id: str | None = "") -> list[CopyRow]:
    """Return the user's working copies, latest first; of one person (None: a new one) if given."""
    if not allows_somewhere(identity(), Action.WRITE_PEOPLE):
        return []
    copies = working_copies.own(services.database, identity())
    if person_id != "":
        copies = [copy for copy in copies if copy.person_id == person_id]
    with services.database.read() as session:
        people = called.people(session, {copy.person_id for copy in copies if copy.person_id})
    names = {id_: card.name(g.lang) for id_, card in people.items()}
    return [_row(copy, names) for copy in copies]


def _row(copy: Copy, names: Mapping[str, str]) -> CopyRow:
    typed = next((text for name, text in copy.fields if name.endswith("-text") and text), "")
    title = names.get(copy.person_id or "", "") or typed.strip()[:200] or _("New person")
    url = url_for("web.desk_working_copy", lang=g.lang, key=copy.key)
    return CopyRow(copy.key, title, moment(copy.saved_at), url)


def _address(form: Form) -> str:
    if form.person_id is None:
        return url_for("web.desk_new_person_send", lang=g.lang)
    return url_for("web.desk_edit_send", lang=g.lang, person_id=form.person_id)


def _name(form: Form, lang: str) -> str:
    """Return the person's name in the form: preferred, in the page language if possible."""
    called = [name for name in form.tree["names"] if name["text"].strip()]
    called.sort(key=lambda name: (name["kind"] != "preferred", name["lang"] != lang))
    return str(called[0]["text"]).strip()[:200] if called else form.person_id or ""
