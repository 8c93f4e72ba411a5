"""The page that compares two revisions: text before and after, by field."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from biobank.bootstrap import Services
from biobank.editorial import history
from biobank.editorial.differences import Change, Path, difference
from biobank.editorial.models import Revision
from biobank.editorial.summary import TEXTS
from biobank.editorial.wording import Run, word_runs
from biobank.i18n import LANGUAGES
from biobank.records.catalogue import Catalogue
from biobank.records.people.mapping import preferred_name
from biobank.web.links import history_url, person_url
from biobank.web.names import NameForm, shown_name
from biobank.web.revisions.revision_page import RevisionLink, revision_link
from biobank.web.revisions.titles import change_kinds, field_title, in_order, part_title
from biobank.web.revisions.values import Names, Part, item_words, names_of, parts, values_of
from biobank.web.text import _
from biobank.web.words import day_words
from biobank.web.words import number as number_words

#: Unchanged words in a row that are shown in full; of more, only the context of a change.
SAME_MOST = 80
BESIDE = 30
#: Revisions offered for comparison; older ones are reachable by URL.
CHOICES_MOST = 200
#: Total characters up to which two texts are shown side by side, not as one diff.
APART_MOST = 160


@dataclass(frozen=True)
class Row:
    """A change of `part` of a list `item`; `runs` are the word diff of a text."""

    kind: str
    item: str
    part: str
    before: tuple[Part, ...] = ()
    after: tuple[Part, ...] = ()
    runs: tuple[Run, ...] = ()
    lang: str = ""


@dataclass(frozen=True)
class Section:
    """The changes of a field; `field` is also the anchor on the page."""

    field: str
    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Choice:
    """A revision to compare with; `chosen` marks the selected one."""

    number: int
    day: str
    chosen: bool


@dataclass(frozen=True)
class ChangesPage:
    """A comparison; `start` is None if `end` is the first revision."""

    id: str
    name: NameForm
    person_url: str
    history_url: str
    start: RevisionLink | None
    end: RevisionLink
    #: Revisions that `end` can be compared with.
    others: tuple[Choice, ...]
    sections: tuple[Section, ...]
    kinds: Mapping[str, str]


def make_changes_page(
    services: Services, person_id: str, number: int, start: int | None, lang: str
) -> ChangesPage:
    """Build the comparison of revision `number` with `start`, by default the one before it.

    Raises:
        NotFound: if one of the revisions does not exist or is not public.
    """
    catalogue = services.catalogue()
    with services.database.read() as session:
        end = history.at(session, person_id, number)
        begin = _start(session, end, start)
        before: Mapping[str, Any] = begin.record if begin else {"id": person_id}
        sections = make_sections(session, before, end.record, catalogue, lang)
        days = history.days(session, person_id, CHOICES_MOST)
    return ChangesPage(
        id=person_id,
        name=shown_name(end.record["names"], preferred_name(end.record, lang), lang),
        person_url=person_url(person_id, lang),
        history_url=history_url(person_id, lang),
        start=revision_link(begin, lang) if begin else None,
        end=revision_link(end, lang),
        others=tuple(
            Choice(other, day_words(day, lang), begin is not None and other == begin.number)
            for other, day in days
            if other != number
        ),
        sections=sections,
        kinds=change_kinds(),
    )


def _start(session: Session, end: Revision, start: int | None) -> Revision | None:
    number = start or history.before(session, end.person_id, end.number)
    return history.at(session, end.person_id, number) if number else None


def make_sections(
    session: Session,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    catalogue: Catalogue,
    lang: str,
    *,
    public: bool = True,
) -> tuple[Section, ...]:
    """Return the differences between two records as text, by field.

    Unless `public`, people who are not public are named too.
    """
    changes = [it for it in difference(before, after) if it.path != ("id",)]
    values = values_of(changes, before, after)
    names = names_of(session, values, catalogue, lang, public=public)
    return _sections(changes, after, names)


def _sections(
    changes: Iterable[Change], record: Mapping[str, Any], names: Names
) -> tuple[Section, ...]:
    by_field: dict[str, list[Row]] = {}
    for change in changes:
        rows = by_field.setdefault(str(change.path[0]), [])
        rows += [_row(it, record, names) for it in _single(change)]
    return tuple(
        Section(field, field_title(field), tuple(by_field[field])) for field in in_order(by_field)
    )


def _single(change: Change) -> Iterable[Change]:
    """Split an added or removed list or text into changes of its items or languages."""
    whole = change.after if change.kind == "added" else change.before
    steps: Iterable[Any] = ()
    if len(change.path) == 1 and change.kind in ("added", "removed"):
        steps = range(len(whole)) if isinstance(whole, list) else whole
    if not isinstance(whole, list | dict) or not steps:
        return [change]
    before, after = (change.before or {}), (change.after or {})
    if change.kind == "added":
        return [Change((*change.path, step), "added", after=after[step]) for step in steps]
    return [Change((*change.path, step), "removed", before=before[step]) for step in steps]


def _row(change: Change, record: Mapping[str, Any], names: Names) -> Row:
    path = change.path
    item = ""
    if len(path) > 1 and isinstance(path[1], int) and (len(path) > 2 or change.kind == "moved"):
        item = item_words(path[:2], record[str(path[0])][path[1]], names)
    if change.kind == "moved":
        return Row("moved", item, part_title(path, names.lang), *_places(change))
    if change.kind == "changed" and path[-1] in LANGUAGES and _is_long(change):
        runs = tuple(_shortened(word_runs(str(change.before), str(change.after))))
        return Row("changed", item, part_title(path, names.lang), runs=runs, lang=str(path[-1]))
    return Row(
        change.kind,
        item,
        part_title(path, names.lang),
        before=_told(path, change.before, names),
        after=_told(path, change.after, names),
    )


def _is_long(change: Change) -> bool:
    """Return whether the two texts are shown as one word diff."""
    length = len(str(change.before)) + len(str(change.after))
    return change.path[0] in TEXTS or length > APART_MOST


def _told(path: Path, value: Any, names: Names) -> tuple[Part, ...]:
    return () if value is None else parts(path, value, names)


def _places(change: Change) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Return the old and new position of a moved item, counted from 1."""
    before, after = (
        (Part("", _("place %(number)s", number=number_words(place + 1))),)
        for place in (change.before, change.after)
    )
    return before, after


def _shortened(runs: Sequence[Run]) -> Iterable[Run]:
    """Abridge long unchanged runs to the words next to a change."""
    for index, run in enumerate(runs):
        words = run.text.split(" ")
        if run.kind != "same" or len(words) <= SAME_MOST:
            yield run
            continue
        head = " ".join(words[:BESIDE]) if index else ""
        tail = " ".join(words[-BESIDE:]) if index < len(runs) - 1 else ""
        yield Run("same", f"{head} […] {tail}")
