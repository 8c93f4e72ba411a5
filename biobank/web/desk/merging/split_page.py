"""The page on which a record that mixes two people is split, part by part."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import g, request
from flask.typing import ResponseReturnValue

from biobank.access import identity
from biobank.editorial.merging.dividing import Piece, pieces
from biobank.editorial.merging.finding import present
from biobank.editorial.merging.split import to_split
from biobank.errors import BiobankError, EditConflict
from biobank.extensions import services
from biobank.web.desk.merging.lines import Line, line, merge_url, names_at_desk
from biobank.web.desk.merging.preview import Option
from biobank.web.desk.merging.sent import TAKE, choices, reason
from biobank.web.desk.merging.words import mistakes_of
from biobank.web.desk.page import render_desk
from biobank.web.revisions.titles import field_title, in_order, part_title
from biobank.web.revisions.values import Names
from biobank.web.revisions.values import Part as Words
from biobank.web.revisions.values import parts as words_of
from biobank.web.text import _


@dataclass(frozen=True)
class Row:
    """A part of the record and the person it is assigned to."""

    name: str
    title: str
    words: tuple[Words, ...]
    options: tuple[Option, ...]


@dataclass(frozen=True)
class Section:
    field: str
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class SplitPage:
    """The view model of a split.

    After the split `new_person` is the new record and `undo_url` the link that undoes it.
    """

    line: Line
    sections: tuple[Section, ...]
    text: str
    made: Line | None = None
    undo_url: str = ""


def split_page(person_id: str, error: BiobankError | None = None) -> ResponseReturnValue:
    """Render the split form of a record.

    Raises:
        NotFound: if there is no such person.
        MergeRefused: if the person is withdrawn.
    """
    revision = to_split(services.database, identity(), person_id)
    chosen = choices()
    new_id = request.args.get("new", "")[:120]
    with services.database.read() as session:
        names = names_at_desk(session, services, [revision.record], g.lang)
        made = present(session, [new_id]).get(new_id)
    page = SplitPage(
        line=line(revision, g.lang),
        sections=_sections(pieces(revision.record), chosen, names),
        text=reason(),
        made=line(made, g.lang) if made else None,
        undo_url=merge_url(g.lang, person_id, new_id) if made else "",
    )
    status = 409 if isinstance(error, EditConflict) else 200
    title = _("Split %(name)s", name=page.line.name)
    return render_desk("merging/split.html", title, mistakes_of(error), status, page=page)


def _sections(found: list[Piece], chosen: Mapping[str, str], names: Names) -> tuple[Section, ...]:
    labels = {
        "stays": _("Stays here"),
        "goes": _("Of the new person"),
        "both": _("Of both"),
    }
    by_field: dict[str, list[Row]] = {}
    for piece in found:
        whose = chosen.get(piece.key, "stays")
        row = Row(
            name=f"{TAKE}{piece.key}",
            title=part_title(piece.path, names.lang),
            words=words_of(piece.path, piece.value, names),
            options=tuple(Option(it, label, it == whose) for it, label in labels.items()),
        )
        by_field.setdefault(str(piece.path[0]), []).append(row)
    return tuple(
        Section(field, field_title(field), tuple(by_field[field])) for field in in_order(by_field)
    )
