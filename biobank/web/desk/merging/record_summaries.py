"""One-line summaries of records, and the names of the people they refer to, drafts included."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from biobank.bootstrap import Services
from biobank.common.i18n import best_with_language
from biobank.editorial.merging.record_search import names_by_person
from biobank.editorial.models import Revision
from biobank.editorial.revisions.record_diff import iter_leaves
from biobank.records.people.mapping import preferred_name
from biobank.web.core.labels import format_years
from biobank.web.desk.review.labels import state_label
from biobank.web.desk.review.record_page import desk_person_url
from biobank.web.revisions.value_labels import RecordNames, load_record_names


@dataclass(frozen=True)
class RecordSummary:
    """A record in one line; `url` is its page at the desk."""

    id: str
    name: str
    years: str
    headline: str
    headline_lang: str
    state: str
    number: int
    url: str


def record_summary(revision: Revision, lang: str) -> RecordSummary:
    record = revision.record
    born, died = ((record.get(fact) or {}).get("date") for fact in ("birth", "death"))
    headline, headline_lang = best_with_language(record.get("headline") or {}, lang)
    return RecordSummary(
        id=revision.person_id,
        name=preferred_name(record, lang) if record.get("names") else revision.person_id,
        years=format_years(born, died, lang, living=died is None),
        headline=headline,
        headline_lang=headline_lang,
        state=state_label(revision.state),
        number=revision.number,
        url=desk_person_url(revision.person_id, lang),
    )


def resolve_names(
    session: Session, services: Services, records: Iterable[Mapping[str, Any]], lang: str
) -> RecordNames:
    """Return the names of ids in the records, including those of people who are not public."""
    values = [leaf for record in records for leaf in iter_leaves(record)]
    names = load_record_names(session, values, services.catalogue(), lang)
    people = {str(value) for path, value in values if path[-1] == "person"} - set(names.people)
    preferred = {
        id_: preferred_name({"names": person_names}, lang)
        for id_, person_names in names_by_person(session, sorted(people)).items()
    }
    return replace(names, people={**names.people, **preferred})


def merge_url(lang: str, survivor_id: str, duplicate_id: str) -> str:
    return url_for("web.desk_merge", lang=lang, kept=survivor_id, gone=duplicate_id)
