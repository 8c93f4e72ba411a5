"""Load the plain questions and the fact questions, and check that they are well-formed."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

import yaml

PLAIN_FILE = Path(__file__).with_name("plain_questions.yaml")
FACT_FILE = Path(__file__).with_name("fact_questions.yaml")

LANGUAGES = ("az", "en", "ru")

#: What a plain question tests; results are reported by kind.
KINDS = (
    "profession",
    "feminine",
    "narrower-profession",
    "gender",
    "birth-place",
    "death-place",
    "work-place",
    "historic-place",
    "country",
    "century",
    "year",
    "range",
    "part-of-century",
    "before-after",
    "decade",
    "award",
    "member",
    "graduate",
    "work",
    "relation",
    "event",
    "two-conditions",
    "three-conditions",
    "name",
    "word",
    "mixed",
)

#: Facts with one value in the record.
DATED_FACTS = ("birth.date", "birth.place", "death.date", "death.place")
#: Fields of an answer that are followed by the type of the relation or event.
TYPED_FIELDS = ("relation", "event")
FACT_FIELDS = (*DATED_FACTS, "work", "membership", "award", "text")


class QuestionError(ValueError):
    """An entry of a question file is not well-formed."""


@dataclass(frozen=True)
class PlainQuestion:
    """What is typed, and how a fair reader understands it.

    `conditions` and each of `alternatives` are in the query language; `first` are ids of people of whom one must
    stand at rank one (empty: nobody in particular).
    """

    q: str
    lang: str
    kind: str
    conditions: tuple[str, ...]
    words: tuple[str, ...] = ()
    alternatives: tuple[tuple[str, ...], ...] = ()
    first: tuple[str, ...] = ()
    named: bool = False

    @property
    def readings(self) -> tuple[frozenset[str], ...]:
        """Return the sets of conditions that are right, the preferred one first."""
        return tuple(frozenset(reading) for reading in (self.conditions, *self.alternatives))


@dataclass(frozen=True)
class FactAnswer:
    """Where the bank gives an answer; the fields are explained in the head of the file."""

    person: str
    field: str
    value: tuple[str, ...] = ()


@dataclass(frozen=True)
class FactQuestion:
    """A question for a person or a fact; without `answers`, the bank does not say it."""

    q: str
    lang: str
    answers: tuple[FactAnswer, ...]


Question = TypeVar("Question", PlainQuestion, FactQuestion)


def plain_questions(path: Path = PLAIN_FILE) -> tuple[PlainQuestion, ...]:
    """Return the plain questions. Raise QuestionError naming the entry that is not well-formed."""
    return _load(path, _plain_question)


def fact_questions(path: Path = FACT_FILE) -> tuple[FactQuestion, ...]:
    """Return the fact questions. Raise QuestionError naming the entry that is not well-formed."""
    return _load(path, _fact_question)


def _load(path: Path, build: Callable[[dict[str, Any]], Question]) -> tuple[Question, ...]:
    return tuple(_built(path, build))


def _built(path: Path, build: Callable[[dict[str, Any]], Question]) -> Iterator[Question]:
    seen = set()
    for number, entry in enumerate(yaml.safe_load(path.read_text(encoding="utf-8")), start=1):
        place = f"{path.name}, entry {number} ({entry.get('q') if isinstance(entry, dict) else entry!r})"
        try:
            question = build(entry)
        except QuestionError as error:
            raise QuestionError(f"{place}: {error}") from error
        if (question.q, question.lang) in seen:
            raise QuestionError(f"{place}: asked twice in {question.lang}")
        seen.add((question.q, question.lang))
        yield question


def _plain_question(entry: dict[str, Any]) -> PlainQuestion:
    _check_entry(entry, {"q", "lang", "kind", "conditions"}, {"words", "or", "first", "named"})
    if entry["kind"] not in KINDS:
        raise QuestionError(f"unknown kind {entry['kind']!r}")
    question = PlainQuestion(
        q=entry["q"],
        lang=entry["lang"],
        kind=entry["kind"],
        conditions=_strings(entry["conditions"]),
        words=_strings(entry.get("words", [])),
        alternatives=tuple(_strings(reading) for reading in entry.get("or", [])),
        first=_strings(entry.get("first", [])),
        named=entry.get("named", False),
    )
    if not question.conditions and not question.words:
        raise QuestionError("neither conditions nor words")
    for word in question.words:
        if word not in question.q.split():
            raise QuestionError(f"the word {word!r} is not typed in the question")
    return question


def _fact_question(entry: dict[str, Any]) -> FactQuestion:
    _check_entry(entry, {"q", "lang", "answer"}, set())
    answer = entry["answer"]
    if answer == "none":
        return FactQuestion(entry["q"], entry["lang"], ())
    answers = [answer] if isinstance(answer, dict) else answer
    if not isinstance(answers, list) or not answers:
        raise QuestionError("answer is neither none, an answer, nor a list of answers")
    return FactQuestion(entry["q"], entry["lang"], tuple(map(_fact_answer, answers)))


def _fact_answer(entry: dict[str, Any]) -> FactAnswer:
    _check_keys(entry, {"person", "field"}, {field.name for field in fields(FactAnswer)})
    answer = FactAnswer(entry["person"], entry["field"], _strings(entry.get("value", [])))
    group = answer.field.split(".", 1)[0]
    if answer.field not in FACT_FIELDS and group not in TYPED_FIELDS:
        raise QuestionError(f"unknown field {answer.field!r}")
    if answer.field in DATED_FACTS and answer.value:
        raise QuestionError(f"{answer.field} has its value in the record")
    if (answer.field == "text" or group == "relation") and not answer.value:
        raise QuestionError(f"{answer.field} needs a value")
    return answer


def _check_keys(entry: object, required: set[str], optional: set[str]) -> None:
    if not isinstance(entry, dict):
        raise QuestionError("not a mapping")
    if missing := required - entry.keys():
        raise QuestionError(f"missing {', '.join(sorted(missing))}")
    if unknown := entry.keys() - required - optional:
        raise QuestionError(f"unknown keys {', '.join(sorted(unknown))}")


def _check_entry(entry: object, required: set[str], optional: set[str]) -> None:
    _check_keys(entry, required, optional)
    assert isinstance(entry, dict)
    if not isinstance(entry["q"], str) or not entry["q"].strip():
        raise QuestionError("q is not a text")
    if entry["lang"] not in LANGUAGES:
        raise QuestionError(f"unknown language {entry['lang']!r}")


def _strings(values: object) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise QuestionError(f"not a list of texts: {values!r}")
    return tuple(values)
