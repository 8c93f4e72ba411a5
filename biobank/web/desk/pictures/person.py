"""The page on which a picture is attached to a person, optionally as the portrait."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from biobank.access import identity
from biobank.editorial.models import Revision
from biobank.editorial.newest import lately_written, newest_of
from biobank.extensions import services
from biobank.i18n import best
from biobank.records.people.mapping import preferred_name
from biobank.search.query import TEXT_MOST
from biobank.web.desk.page import Mistake, render_desk
from biobank.web.desk.pictures.pages import picture_url, shown_picture
from biobank.web.text import _
from biobank.web.words import years

#: Maximum number of people offered.
OFFERED = 10


@dataclass(frozen=True)
class Candidate:
    """A person the picture may be attached to; `number` is the latest revision."""

    id: str
    name: str
    years: str
    headline: str
    number: int


def picture_person_page(
    picture_id: int, mistakes: Sequence[Mistake] = (), person_id: str = ""
) -> ResponseReturnValue:
    """Render the search results, the recently edited people, or the person of `person_id`."""
    question = request.args.get("q", "")[:TEXT_MOST].strip()
    with services.database.read() as session:
        candidates = [_candidate(head) for head in _offered(session, question, person_id)]
    return render_desk(
        "picture_person.html",
        _("Put the picture on a person"),
        mistakes,
        view=shown_picture(picture_id),
        picture_id=picture_id,
        back_url=picture_url(picture_id),
        question=question,
        candidates=candidates,
    )


def _offered(session: Session, question: str, person_id: str) -> Iterable[Revision]:
    if person_id:
        ids = [person_id]
    elif question:
        # An exact id also finds drafts, which the search does not.
        found = services.search.suggest(question, g.lang, OFFERED)
        ids = [question, *(suggestion.id for suggestion in found)]
    else:
        ids = lately_written(session, identity(), OFFERED)
    return newest_of(session, ids)


def _candidate(head: Revision) -> Candidate:
    record = head.record
    birth, death = ((record.get(role) or {}).get("date") for role in ("birth", "death"))
    return Candidate(
        id=head.person_id,
        name=preferred_name(record, g.lang),
        years=years(birth, death, g.lang, living="death" not in record),
        headline=best(record.get("headline"), g.lang),
        number=head.number,
    )
