"""The origin of each value of a record: revision, author and time."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import g, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from biobank.editorial import history
from biobank.editorial.differences import Path, leaves, path_text
from biobank.editorial.models import Revision
from biobank.extensions import services
from biobank.web.account.words import moment
from biobank.web.desk.page import render_desk
from biobank.web.desk.review.record import desk_url, held
from biobank.web.desk.review.rows import name_of
from biobank.web.links import Link
from biobank.web.revisions.titles import field_title, in_order, part_title
from biobank.web.revisions.values import Names, item_words, names_of, words
from biobank.web.text import _

#: Maximum length of a displayed text, in characters.
SHOWN_MOST = 160


@dataclass(frozen=True)
class Origin:
    """The revision in which values were introduced; `url` is its list of changes."""

    number: int
    by: str
    at: str
    url: str


@dataclass(frozen=True)
class Value:
    """A value as text with its origin."""

    part: str
    text: str
    lang: str
    origin: Origin


@dataclass(frozen=True)
class Item:
    """The values of a field, or of one item of a list field."""

    title: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Field:
    field: str
    title: str
    items: tuple[Item, ...]


def blame_page(person_id: str) -> ResponseReturnValue:
    """Render every value of the latest revision with the revision that introduced it.

    Raises:
        NotFound: if there is no such record.
    """
    with services.database.read() as session:
        _person, newest = held(session, person_id)
        record = newest.record
        came = history.blame(session, person_id)
        origins = _origins(session, person_id, set(came.values()))
        found = [(path, value) for path, value in leaves(record) if path != ("id",)]
        names = names_of(session, found, services.catalogue(), g.lang, public=False)
    by_field: dict[str, dict[Path, list[Value]]] = {}
    for path, value in found:
        item = path[:2] if len(path) > 1 and isinstance(path[1], int) else path[:1]
        values = by_field.setdefault(str(path[0]), {}).setdefault(item, [])
        values.append(_value(path, value, origins[came[path_text(path)]], names))
    return render_desk(
        "review/blame.html",
        _("Where each value comes from"),
        person=Link(name_of(record, person_id, g.lang).text, desk_url(person_id, g.lang)),
        number_of_head=newest.number,
        fields=[
            Field(
                field,
                field_title(field),
                tuple(
                    Item(_title(item, record, names), tuple(values))
                    for item, values in by_field[field].items()
                ),
            )
            for field in in_order(by_field)
        ],
    )


def _value(path: Path, value: Any, origin: Origin, names: Names) -> Value:
    text, lang = words(path, value, names)
    short = text if len(text) <= SHOWN_MOST else f"{text[: SHOWN_MOST - 1].rstrip()}…"
    return Value(part_title(path, names.lang), short, lang, origin)


def _title(item: Path, record: Mapping[str, Any], names: Names) -> str:
    """Return the title of a list item; empty for a field and for an item of a single value."""
    if len(item) == 1:
        return ""
    its = record[str(item[0])][item[1]]
    return item_words(item, its, names) if isinstance(its, Mapping) else ""


def _origins(session: Session, person_id: str, numbers: set[int]) -> dict[int, Origin]:
    query = select(Revision.number, Revision.author, Revision.at).where(
        Revision.person_id == person_id, Revision.number.in_(numbers)
    )
    return {
        row.number: Origin(
            row.number,
            row.author,
            moment(row.at),
            url_for("web.desk_changes", lang=g.lang, person_id=person_id, number=row.number),
        )
        for row in session.execute(query)
    }
