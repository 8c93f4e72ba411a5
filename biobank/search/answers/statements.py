"""Statements with the name of the person, the sources and the revision."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy.orm import Session

from biobank.records.people import queries
from biobank.records.people.mapping import preferred_name
from biobank.records.people.record import PersonRecord
from biobank.records.people.statement_ids import fact_id
from biobank.records.sources.queries import load_by_ids
from biobank.search.answers.answer import AnswerPerson, AnswerSource, QuotedStatement
from biobank.search.answers.evidence import RecordPassage, cites_of
from biobank.search.answers.facts import FoundFact, format_date

#: Maximum number of sources of a statement.
MAX_SOURCES = 6


class StatementBuilder:
    """Builds statements of published records for a reader of one language."""

    def __init__(self, session: Session, lang: str) -> None:
        self._session = session
        self._lang = lang
        #: What was read for one question: statements of one record have one revision and share sources.
        self._revisions: dict[str, int] = {}
        self._source_items: dict[str, Mapping[str, Any]] = {}

    def person(self, record: PersonRecord) -> AnswerPerson:
        """Return the person of a record with the name for the reader."""
        return AnswerPerson(record["id"], preferred_name(record, self._lang))

    def fact(self, record: PersonRecord, fact: FoundFact) -> QuotedStatement:
        """Return the statement of a fact of `record`."""
        date = "" if fact.field.endswith(".date") else format_date(fact.part.get("date"), self._lang)
        passage = RecordPassage(fact.field, fact.text, cites_of(fact.part), label=fact.label, date=date)
        return self.passage(record, passage, fact.lang)

    def passage(self, record: PersonRecord, passage: RecordPassage, lang: str) -> QuotedStatement:
        """Return the statement that quotes a passage of `record`, whose text is in `lang`."""
        cited = tuple(dict.fromkeys(passage.cites)) or tuple((id_, "") for id_ in record.get("sources", ()))
        return QuotedStatement(
            person=self.person(record),
            id=passage.statement_id or fact_id(passage.field),
            field=passage.field,
            text=passage.text,
            lang=lang,
            revision=self._revision(record["id"]),
            sources=tuple(self._sources(cited[:MAX_SOURCES])),
            label=passage.label,
            date=passage.date,
            is_cited=bool(passage.cites),
        )

    def _revision(self, person_id: str) -> int:
        if person_id not in self._revisions:
            self._revisions |= queries.published_revisions(self._session, [person_id])
        return self._revisions[person_id]

    def _sources(self, cites: Sequence[tuple[str, str]]) -> Iterable[AnswerSource]:
        if missing := {id_ for id_, _ in cites} - self._source_items.keys():
            self._source_items |= load_by_ids(self._session, missing)
        for id_, locator in cites:
            if id_ in self._source_items:
                csl = self._source_items[id_]["csl"]
                url = str(csl.get("URL") or "")
                web_url = url if url.startswith(("http://", "https://")) else ""
                yield AnswerSource(id_, str(csl.get("title", id_)), web_url, locator)
