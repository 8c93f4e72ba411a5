"""Answers as the pages and the API receive them."""

from dataclasses import dataclass
from typing import Final

PERSON, STATEMENT, LIST = "person", "statement", "list"
ANSWER_KINDS: Final = (PERSON, STATEMENT, LIST)


@dataclass(frozen=True)
class AnswerPerson:
    """A published person with the name for the reader."""

    id: str
    name: str


@dataclass(frozen=True)
class AnswerSource:
    """A cited source, its title, and the place in it."""

    id: str
    title: str
    url: str = ""
    locator: str = ""


@dataclass(frozen=True)
class QuotedStatement:
    """A fact or a sentence of a published record, as it is recorded."""

    person: AnswerPerson
    #: The id of the fact or sentence, as statement_ids.py makes it; empty for names and professions.
    id: str
    #: The part of the record: birth.date, works[2], relations[0], biography.en.
    field: str
    text: str
    #: The language of `text`.
    lang: str
    #: The published revision that says so.
    revision: int
    #: The sources cited for the statement, or those of the record if it cites none itself.
    sources: tuple[AnswerSource, ...] = ()
    #: The label of the relation, event or type of work, in the language of the reader.
    label: str = ""
    date: str = ""
    is_cited: bool = False


@dataclass(frozen=True)
class Answer:
    """The answer to a question: the people or statements that it asks for.

    `kind` is person if the question asks who, statement for one fact, list for several; `fact` is
    the name of the fact, empty if a sentence answers.
    """

    kind: str
    fact: str
    people: tuple[AnswerPerson, ...]
    statements: tuple[QuotedStatement, ...]

    @property
    def text(self) -> str:
        """Return the answer in one line."""
        parts = self.people if self.kind == PERSON else ()
        return "; ".join([part.name for part in parts] or [statement.text for statement in self.statements])
