"""The view model of the box that answers a question above the results."""

from dataclasses import dataclass
from typing import Final

from flask_babel import lazy_gettext

from biobank.records.people.statement_ids import page_fragment
from biobank.search.answers.answer import PERSON, Answer, AnswerPerson, AnswerSource, QuotedStatement
from biobank.web.core.urls import Link, permanent_revision_url, person_url

#: The labels of fields of a record that are values, not sentences.
STATEMENT_LABELS: Final = {
    "birth.date": lazy_gettext("Date of birth"),
    "birth.place": lazy_gettext("Place of birth"),
    "death.date": lazy_gettext("Date of death"),
    "death.place": lazy_gettext("Place of death"),
    "works": lazy_gettext("Work"),
    "awards": lazy_gettext("Award"),
    "names": lazy_gettext("Name"),
    "professions": lazy_gettext("Professions"),
    "relations": lazy_gettext("Relationship"),
    "memberships": lazy_gettext("Position"),
    "events": lazy_gettext("Event"),
}
#: Fields whose text is quoted from a biography.
QUOTED_FIELDS: Final = ("biography", "headline", "connection")


@dataclass(frozen=True)
class SourceEntry:
    """A numbered source in the box."""

    number: int
    title: str
    url: str


@dataclass(frozen=True)
class StatementView:
    """A statement: a quotation, or a value with its label; `numbers` are those of its sources.

    `lang` is empty if the text is in the language of the page.
    """

    label: str
    text: str
    lang: str
    date: str
    is_quotation: bool
    #: The page of the person, where the box does not name one person for all statements.
    person: Link | None
    numbers: tuple[int, ...]


@dataclass(frozen=True)
class AnswerBox:
    """The box: who is meant or asked for, what is recorded, its sources and revisions.

    `people` is empty where each statement names its person.
    """

    people: tuple[Link, ...]
    statements: tuple[StatementView, ...]
    sources: tuple[SourceEntry, ...]
    #: Whether the sources are cited for the statements; else they are those of the whole biography.
    is_cited: bool
    #: The names of the people and the permanent URLs of the revisions quoted.
    revisions: tuple[Link, ...]


def make_answer_box(answer: Answer | None, lang: str) -> AnswerBox | None:
    """Return the box for a reader of `lang`; None without an answer."""
    if answer is None:
        return None
    is_cited = any(statement.is_cited for statement in answer.statements)
    sources = _number_sources(answer, is_cited=is_cited)
    subjects = {statement.person for statement in answer.statements}
    quoted = {statement.person: statement for statement in reversed(answer.statements)}
    names_subjects = len(subjects) > 1 or (answer.kind == PERSON and not subjects <= set(answer.people))
    revisions = dict.fromkeys((statement.person, statement.revision) for statement in answer.statements)
    return AnswerBox(
        people=()
        if names_subjects and answer.kind != PERSON
        else tuple(_person_link(person, quoted.get(person), lang) for person in answer.people),
        statements=tuple(
            _statement_view(statement, sources, lang, names_person=names_subjects)
            for statement in answer.statements
        ),
        sources=tuple(
            SourceEntry(number, ", ".join(filter(None, (source.title, source.locator))), source.url)
            for source, number in sources.items()
        ),
        is_cited=is_cited,
        revisions=tuple(
            Link(person.name, permanent_revision_url(person.id, number)) for person, number in revisions
        ),
    )


def _person_link(person: AnswerPerson, statement: QuotedStatement | None, lang: str) -> Link:
    """Return the link to the page of a person, where it shows the statement."""
    fragment = page_fragment(statement.id) if statement else ""
    return Link(person.name, person_url(person.id, lang) + (f"#{fragment}" if fragment else ""))


def _number_sources(answer: Answer, *, is_cited: bool) -> dict[AnswerSource, int]:
    """Return the number of each source in the order of the statements."""
    sources = (
        source
        for statement in answer.statements
        if statement.is_cited == is_cited
        for source in statement.sources
    )
    return {source: number for number, source in enumerate(dict.fromkeys(sources), start=1)}


def _statement_view(
    statement: QuotedStatement, sources: dict[AnswerSource, int], lang: str, *, names_person: bool
) -> StatementView:
    part = statement.field.partition("[")[0]
    is_quotation = part.partition(".")[0] in QUOTED_FIELDS
    person = _person_link(statement.person, statement, lang) if names_person else None
    return StatementView(
        label="" if is_quotation else statement.label or str(STATEMENT_LABELS.get(part, "")),
        text=statement.text,
        lang=statement.lang if statement.lang != lang else "",
        date=statement.date,
        is_quotation=is_quotation,
        person=person,
        numbers=tuple(sources[source] for source in statement.sources if statement.is_cited),
    )
