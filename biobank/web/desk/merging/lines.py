"""One-line summaries of records, and the names of the people they refer to, drafts included."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from biobank.bootstrap import Services
from biobank.editorial.differences import leaves
from biobank.editorial.merging.finding import names_of_all
from biobank.editorial.models import Revision
from biobank.i18n import best_with_language
from biobank.records.people.mapping import preferred_name
from biobank.web.desk.review.record import desk_url
from biobank.web.desk.review.words import state_words
from biobank.web.revisions.values import Names, names_of
from biobank.web.words import years


@dataclass(frozen=True)
class Line:
    """A record in one line; `url` is its page at the desk."""

    id: str
    name: str
    years: str
    headline: str
    headline_lang: str
    state: str
    number: int
    url: str


def line(revision: Revision, lang: str) -> Line:
    record = revision.record
    born, died = ((record.get(fact) or {}).get("date") for fact in ("birth", "death"))
    headline, headline_lang = best_with_language(record.get("headline") or {}, lang)
    return Line(
        id=revision.person_id,
        name=preferred_name(record, lang) if record.get("names") else revision.person_id,
        years=years(born, died, lang, living=died is None),
        headline=headline,
        headline_lang=headline_lang,
        state=state_words(revision.state),
        number=revision.number,
        url=desk_url(revision.person_id, lang),
    )


def names_at_desk(
    session: Session, services: Services, records: Iterable[Mapping[str, Any]], lang: str
) -> Names:
    """Return the names of ids in the records, including those of people who are not public."""
    values = [it for record in records for it in leaves(record)]
    names = names_of(session, values, services.catalogue(), lang)
    people = {str(value) for path, value in values if path[-1] == "person"} - set(names.people)
    called = {
        id_: preferred_name({"names": its}, lang)
        for id_, its in names_of_all(session, sorted(people)).items()
    }
    return replace(names, people={**names.people, **called})


def merge_url(lang: str, kept: str, gone: str) -> str:
    return url_for("web.desk_merge", lang=lang, kept=kept, gone=gone)
