"""Answers by quotation on two sets of judged questions of fact, and silence on all others."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from biobank.bootstrap import Services
from biobank.common.i18n import LANGUAGES
from biobank.records.people import queries
from biobank.records.people.record import PersonRecord
from biobank.search.answers.answer import Answer, QuotedStatement
from biobank.search.answers.facts import RELATION_FACTS
from biobank.search.query import SearchQuery

#: Minimum share of answerable questions with the right quotation, of all and of each language.
MIN_RIGHT, MIN_LANGUAGE_RIGHT = 0.85, 0.80
FOLDER = Path(__file__).parent
QUESTION_FILES = ("fact_questions.yaml", "fact_questions_second.yaml")
QUESTIONS: list[dict[str, Any]] = [
    question for name in QUESTION_FILES for question in yaml.safe_load((FOLDER / name).read_text("utf-8"))
]
ANSWERABLE = [question for question in QUESTIONS if question["answer"] != "none"]
UNANSWERABLE = [question for question in QUESTIONS if question["answer"] == "none"]
JUDGED_QUERIES: list[dict[str, Any]] = yaml.safe_load((FOLDER / "questions.yaml").read_text("utf-8"))
#: Judged queries that ask for a person or a fact, and may have an answer.
FACT_QUERIES = (
    "Nizaminin heykəlini kim yaradıb",
    "ilk azərbaycan dilində qəzeti kim çıxarıb",
    "who invented fuzzy logic",
    "who died in istanbul",
    "кто написал гимн азербайджана",
)


def find_answer(services: Services, question: Mapping[str, Any]) -> Answer | None:
    return services.answers.find(SearchQuery(text=question["q"], lang=question["lang"]))


def is_right(services: Services, answer: Answer | None, question: Mapping[str, Any]) -> bool:
    """Return whether an answer has one of the expected quotations."""
    expected = question["answer"]
    choices = expected if isinstance(expected, list) else [expected]
    return answer is not None and any(_has(services, answer, choice, question["lang"]) for choice in choices)


def _has(services: Services, answer: Answer, expected: Mapping[str, Any], lang: str) -> bool:
    field, values = expected["field"], [str(value) for value in expected.get("value", ())]
    if field.startswith("relation."):
        relation = field.partition(".")[2]
        relation_type = RELATION_FACTS.get(answer.fact, ("", ""))[0]
        return relation_type == relation and bool({person.id for person in answer.people} & set(values))
    with services.database.read() as session:
        record = queries.load_record(session, expected["person"])
    assert record, expected["person"]
    own = [statement for statement in answer.statements if statement.person.id == expected["person"]]
    return any(_states(record, statement, field, values, lang) for statement in own)


def _states(
    record: PersonRecord, statement: QuotedStatement, field: str, values: Sequence[str], lang: str
) -> bool:
    """Return whether a statement is the field of the record with one of the values."""
    part, _, rest = statement.field.partition("[")
    if field == "text":
        text = statement.text.casefold()
        return part == f"biography.{lang}" and all(value.casefold() in text for value in values)
    if field == "work":
        return part == "works" and (not values or statement.text in values)
    kind, _, type_ = field.partition(".")
    if kind not in ("event", "membership", "award"):
        return part == field
    entries: Any = record.get(f"{kind}s", ())
    if part != f"{kind}s":
        return False
    entry = entries[int(rest[:-1])]
    if kind == "event":
        return bool(entry.get("type") == type_)
    return not values or entry["organisation" if kind == "membership" else "award"] in values


@pytest.fixture(scope="module")
def verdicts(services: Services) -> dict[tuple[str, str], str]:
    """Return, by question, what is wrong with its answer; empty if nothing is."""
    return {
        (question["lang"], question["q"]): ""
        if is_right(services, answer := find_answer(services, question), question)
        else f"[{question['lang']}] {question['q']} -> {answer.text if answer else 'no answer'}"
        for question in ANSWERABLE
    }


def test_questions_of_fact_have_the_right_quotation(verdicts: dict[tuple[str, str], str]) -> None:
    wrong = [message for message in verdicts.values() if message]
    assert len(wrong) <= (1 - MIN_RIGHT) * len(verdicts), "\n" + "\n".join(wrong)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_questions_of_each_language_have_the_right_quotation(
    verdicts: dict[tuple[str, str], str], lang: str
) -> None:
    messages = [message for (question_lang, _), message in verdicts.items() if question_lang == lang]
    wrong = [message for message in messages if message]
    assert len(wrong) <= (1 - MIN_LANGUAGE_RIGHT) * len(messages), "\n" + "\n".join(wrong)


@pytest.mark.parametrize("question", UNANSWERABLE, ids=lambda question: question["q"])
def test_a_question_that_the_bank_cannot_answer_has_no_answer(
    services: Services, question: Mapping[str, Any]
) -> None:
    answer = find_answer(services, question)
    assert answer is None, answer


def test_a_query_that_asks_no_fact_has_no_answer(services: Services) -> None:
    answered = [
        query["q"]
        for query in JUDGED_QUERIES
        if query["q"] not in FACT_QUERIES and find_answer(services, query) is not None
    ]
    assert not answered
