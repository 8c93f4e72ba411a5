"""The page on which a picture is attached to a person, optionally as the portrait."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import g, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from biobank.common.i18n import best_text
from biobank.editorial.models import Revision
from biobank.editorial.revisions.latest_queries import load_latest_revisions, recently_edited_ids
from biobank.http.auth import identity
from biobank.http.extensions import services
from biobank.records.people.mapping import preferred_name
from biobank.search.query import MAX_QUERY_CHARS
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_years
from biobank.web.desk.layout import FieldError, render_desk
from biobank.web.desk.pictures.pages import get_picture_view, picture_url

#: Maximum number of people offered.
MAX_OFFERED_PEOPLE = 10


@dataclass(frozen=True)
class PicturePersonCandidate:
    """A person the picture may be attached to; `number` is the latest revision."""

    id: str
    name: str
    years: str
    headline: str
    number: int


def picture_person_page(
    picture_id: int, errors: Sequence[FieldError] = (), person_id: str = ""
) -> ResponseReturnValue:
    """Render the search results, the recently edited people, or the person of `person_id`."""
    question = request.args.get("q", "")[:MAX_QUERY_CHARS].strip()
    with services.database.read() as session:
        candidates = [
            _candidate(latest) for latest in _candidate_revisions(session, question, person_id)
        ]
    return render_desk(
        "picture_person.html",
        _("Attach to a record"),
        errors,
        view=get_picture_view(picture_id),
        picture_id=picture_id,
        back_url=picture_url(picture_id),
        question=question,
        candidates=candidates,
    )


def _candidate_revisions(session: Session, question: str, person_id: str) -> Iterable[Revision]:
    if person_id:
        ids = [person_id]
    elif question:
        # An exact id also finds drafts, which the search does not.
        suggestions = services.search.suggest(question, g.lang, MAX_OFFERED_PEOPLE)
        ids = [question, *(suggestion.id for suggestion in suggestions)]
    else:
        ids = recently_edited_ids(session, identity(), MAX_OFFERED_PEOPLE)
    return load_latest_revisions(session, ids)


def _candidate(latest: Revision) -> PicturePersonCandidate:
    record = latest.record
    birth, death = ((record.get(role) or {}).get("date") for role in ("birth", "death"))
    return PicturePersonCandidate(
        id=latest.person_id,
        name=preferred_name(record, g.lang),
        years=format_years(birth, death, g.lang, living="death" not in record),
        headline=best_text(record.get("headline"), g.lang),
        number=latest.number,
    )
