"""The page of conflicting edits: both versions field by field, and saving of the choices."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from biobank.access import identity
from biobank.editorial import joining, saving, working_copies
from biobank.editorial.joining import Meeting, Path
from biobank.editorial.three_way import Conflict
from biobank.editorial.wording import Run, word_runs
from biobank.errors import EditConflict, NotFound, Problem, RecordRefused
from biobank.extensions import services
from biobank.records.fields import BIOGRAPHY
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
from biobank.web.account.words import moment
from biobank.web.desk.page import Mistake, render_desk
from biobank.web.desk.review.deciding import long_text, whole_number
from biobank.web.desk.review.record import desk_url
from biobank.web.desk.review.rows import name_of
from biobank.web.desk.writing.form import Form, form_kept
from biobank.web.links import Link
from biobank.web.revisions.changes_page import Row, make_sections
from biobank.web.revisions.titles import change_kinds, field_title, part_title
from biobank.web.text import _

#: Prefixes of the form fields of a conflict.
CHOICE, TEXT = "choice-", "text-"


@dataclass(frozen=True)
class Taken:
    """A field merged automatically from one side or from both."""

    title: str
    whose: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Met:
    """A field that both sides changed differently; `runs` is the word diff from theirs to mine."""

    name: str
    title: str
    mine: tuple[Row, ...]
    theirs: tuple[Row, ...]
    choice: str
    is_text: bool
    lang: str
    runs: tuple[Run, ...]
    text: str


def conflict_page(person_id: str, mistakes: Sequence[Mistake] = ()) -> ResponseReturnValue:
    """Render both edits of a record.

    Raises:
        NotFound: if the working copy belongs to another person record.
    """
    form, ours = _mine(person_id)
    if ours is None or form.base is None:
        return redirect(_copy_url(form.copy), 303)
    with services.database.read() as session:
        meeting = joining.meet(session, person_id, form.base, ours)
        if meeting.head.number == form.base:
            return redirect(_copy_url(form.copy), 303)
        return _render(session, meeting, form, mistakes)


def join(person_id: str) -> ResponseReturnValue:
    """Save the submitted choices; render the page again if one is missing or the record changed."""
    form, ours = _mine(person_id)
    if ours is None or form.base is None:
        return redirect(_copy_url(form.copy), 303)
    with services.database.read() as session:
        meeting = joining.meet(session, person_id, form.base, ours)
    try:
        if meeting.head.number != whole_number("theirs"):
            raise EditConflict(person_id, whole_number("theirs"), meeting.head.number)
        record = joining.joined(meeting, _sent(CHOICE), _sent(TEXT))
        _save(form, load(person_schema, record), meeting.head.number)
    except EditConflict as error:
        text = _("Revision %(number)s was saved meanwhile. Choose once more.", number=error.head)
        return conflict_page(person_id, [Mistake(text)])
    except RecordRefused as error:
        return conflict_page(person_id, [_mistake(problem) for problem in error.problems])
    return redirect(desk_url(person_id, g.lang, done="saved"), 303)


def _mine(person_id: str) -> tuple[Form, dict[str, Any] | None]:
    """Return the form of the working copy and its record; None if it is not valid yet."""
    key = request.values.get("copy", "")[:40]
    copy = working_copies.open_copy(services.database, identity(), key)
    if copy.person_id != person_id:
        raise NotFound(_("There is no such person in the bank."))
    form = form_kept(copy)
    picks, unclear = form.settle()
    read = form.read(picks)
    try:
        record = load(person_schema, read.record)
    except RecordRefused:
        return form, None
    return form, None if unclear or read.problems else record


def _save(form: Form, record: dict[str, Any], base: int) -> None:
    saving.save_draft(
        services.database,
        identity(),
        record,
        base,
        message=form.message.strip(),
        agrees=form.agrees,
        working_copy=form.copy,
    )


def _render(
    session: Session, meeting: Meeting, form: Form, mistakes: Sequence[Mistake]
) -> ResponseReturnValue:
    head, merged = meeting.head, meeting.merged
    return render_desk(
        "review/conflict.html",
        _("Two edits met"),
        mistakes,
        person=Link(
            name_of(head.record, head.person_id, g.lang).text, desk_url(head.person_id, g.lang)
        ),
        person_id=head.person_id,
        copy=form.copy,
        copy_url=_copy_url(form.copy),
        base=meeting.base.number,
        theirs=head.number,
        by=head.author,
        at=moment(head.at),
        met=[_met(session, conflict) for conflict in merged.conflicts],
        taken=[
            _taken(session, meeting, path)
            for path in dict.fromkeys((*merged.from_ours, *merged.from_theirs))
        ],
        kinds=change_kinds(),
    )


def _met(session: Session, it: Conflict) -> Met:
    name, is_text = ".".join(it.path), joining.is_text(it)
    ours, theirs = str(it.ours or ""), str(it.theirs or "")
    return Met(
        name=name,
        title=_title(it.path),
        mine=_rows(session, it.path, it.base, it.ours),
        theirs=_rows(session, it.path, it.base, it.theirs),
        choice=_sent(CHOICE).get(name, ""),
        is_text=is_text,
        lang=it.path[-1] if is_text else "",
        runs=word_runs(theirs, ours) if is_text else (),
        text=_sent(TEXT).get(name, ours) if is_text else "",
    )


def _taken(session: Session, meeting: Meeting, path: Path) -> Taken:
    mine, theirs = path in meeting.merged.from_ours, path in meeting.merged.from_theirs
    whose = _("from both") if mine and theirs else _("yours") if mine else _("theirs")
    before, after = (_at(it, path) for it in (meeting.base.record, meeting.merged.record))
    return Taken(_title(path), whose, _rows(session, path, before, after))


def _rows(session: Session, path: Path, before: Any, after: Any) -> tuple[Row, ...]:
    """Return the changes of one field as rows."""
    records = (_alone(path, before), _alone(path, after))
    sections = make_sections(session, *records, services.catalogue(), g.lang, public=False)
    return tuple(row for section in sections for row in section.rows)


def _at(record: Mapping[str, Any], path: Path) -> Any:
    value: Any = record
    for step in path:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _alone(path: Path, value: Any) -> dict[str, Any]:
    """Return a record that holds only the field at the path."""
    if value is None:
        return {}
    return {path[0]: value if len(path) == 1 else {path[1]: value}}


def _title(path: Path) -> str:
    """Return the title of a field with its language, such as "Headline, English"."""
    inner = part_title(path, g.lang)
    return f"{field_title(path[0])}, {inner}" if inner else field_title(path[0])


def _sent(prefix: str) -> dict[str, str]:
    """Return the submitted values of the conflicts, by conflict name."""
    return {
        name.removeprefix(prefix): long_text(name, BIOGRAPHY)
        for name in request.form
        if name.startswith(prefix)
    }


def _mistake(problem: Problem) -> Mistake:
    if problem.code == "not_chosen":
        path: Path = tuple(problem.path.split("."))
        return Mistake(_("%(field)s: choose one.", field=_title(path)), f"{CHOICE}{problem.path}")
    return Mistake(str(problem))


def _copy_url(key: str) -> str:
    return url_for("web.desk_working_copy", lang=g.lang, key=key)
