"""The pages of merging: the preview of a merge, or the choice of two records."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import g, request
from flask.typing import ResponseReturnValue

from biobank.access import identity
from biobank.editorial.merging import finding
from biobank.errors import BiobankError, EditConflict, MergeRefused, NotFound
from biobank.extensions import services
from biobank.security import CONTROL
from biobank.web.desk.merging.lines import Line, line
from biobank.web.desk.merging.preview import PreviewPage, make_preview
from biobank.web.desk.merging.sent import Sent
from biobank.web.desk.merging.words import mistakes_of
from biobank.web.desk.page import Mistake, render_desk
from biobank.web.text import _

#: Maximum length of a searched name, in characters.
ASKED_MOST = 200


@dataclass(frozen=True)
class Slot:
    """The search box for one of the two records, with the selected record and the matches."""

    name: str
    title: str
    asked: str
    chosen: str
    offered: Sequence[Line]


def merge_page(sent: Sent, error: BiobankError | None = None) -> ResponseReturnValue:
    """Render the preview of a merge, or the choice of records if two are not selected."""
    if not (sent.kept and sent.gone) or request.args.get("do") == "search":
        return choose_page(sent)
    try:
        page = make_preview(services, sent, g.lang)
    except (NotFound, MergeRefused) as refusal:
        return choose_page(sent, refusal)
    error = error or _stale(sent, page)
    mistakes = mistakes_of(error or page.refused)
    status = 409 if isinstance(error, EditConflict | MergeRefused) else 200
    title = _("Merge %(gone)s into %(kept)s", gone=page.gone.name, kept=page.kept.name)
    return render_desk("merging/preview.html", title, mistakes, status, page=page)


def _stale(sent: Sent, page: PreviewPage) -> EditConflict | None:
    """Return a conflict if a record was saved since the form was rendered.

    The submitted choices may then refer to other items.
    """
    for side, base in ((page.kept, sent.base_kept), (page.gone, sent.base_gone)):
        if base and base != side.number:
            return EditConflict(side.id, base, side.number)
    return None


def choose_page(sent: Sent, error: BiobankError | None = None) -> ResponseReturnValue:
    slots = (
        _slot("kept", _("The one that stays"), sent.kept, other=sent.gone),
        _slot("gone", _("The one that goes"), sent.gone, other=sent.kept),
    )
    mistakes = mistakes_of(error)
    for slot in slots:
        if slot.asked and not slot.offered:
            text = (
                _("Nobody else here is called “%(name)s”.", name=slot.asked)
                if sent.kept or sent.gone
                else _("Nobody here is called “%(name)s”.", name=slot.asked)
            )
            mistakes.append(Mistake(text, f"q_{slot.name}"))
    status = 200 if error is None else 404 if isinstance(error, NotFound) else 409
    return render_desk("merging/choose.html", _("Merge two records"), mistakes, status, slots=slots)


def _slot(name: str, title: str, chosen: str, other: str) -> Slot:
    """Return the picker of one record, leaving out the one selected as the `other_id`."""
    database, who = services.database, identity()
    asked = CONTROL.sub("", request.args.get(f"q_{name}", ""))[:ASKED_MOST].strip()
    found = finding.find(database, services.search, who, asked, g.lang) if asked else []
    with database.read() as session:
        present = finding.present(session, [chosen]) if chosen else {}
    offered = {it.person_id: it for it in (*present.values(), *found)}
    lines = [line(it, g.lang) for id_, it in offered.items() if id_ != other or id_ == chosen]
    return Slot(name, title, asked, chosen if present else "", lines)
