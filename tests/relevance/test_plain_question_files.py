"""The files of plain questions and fact questions name what the seed data hold, and are spread as they say."""

import re
from collections import Counter
from pathlib import Path

import pytest

from biobank.records.vocabulary.models import term_key
from tests.relevance.oracle import RecordBank, matching_ids
from tests.relevance.plain_conditions import (
    ID_FIELDS,
    OTHER_FIELDS,
    condition_on_records,
    split_condition,
    year_range,
)
from tests.relevance.plain_questions import (
    KINDS,
    LANGUAGES,
    FactAnswer,
    PlainQuestion,
    QuestionError,
    fact_questions,
    plain_questions,
)

PLAIN = plain_questions()
FACTS = fact_questions()

each_plain = pytest.mark.parametrize("question", PLAIN, ids=lambda question: f"{question.lang}: {question.q}")
each_answer = pytest.mark.parametrize(
    ("lang", "answer"),
    [
        pytest.param(fact.lang, answer, id=f"{fact.lang}: {fact.q} ({answer.person} {answer.field})")
        for fact in FACTS
        for answer in fact.answers
    ],
)


def is_known(bank: RecordBank, field: str, value: str) -> bool:
    """Return whether a condition names a field, and a value which the seed data hold."""
    catalogue = bank.catalogue
    if field in OTHER_FIELDS:
        if field in ("born", "died", "alive"):
            return bool(year_range(value))
        return {
            "gender": value in ("female", "male"),
            "country": any(value in person.get("countries", []) for person in bank.people.values()),
            "century": value.isdigit(),
            "work": bool(matching_ids(bank, condition_on_records(f"work:{value}"))),
        }[field]
    kind = ID_FIELDS.get(field)
    if kind == "place":
        return value in catalogue.places
    if kind == "organisation":
        return value in catalogue.organisations
    if kind is not None:
        return term_key(kind, value) in catalogue.terms
    return term_key("relation", field) in catalogue.terms and value in bank.people


@each_plain
def test_conditions_name_what_exists(record_bank: RecordBank, question: PlainQuestion) -> None:
    unknown = [
        condition
        for reading in question.readings
        for condition in reading
        for field, value in split_condition(condition)
        if not is_known(record_bank, field, value)
    ]
    assert unknown == []


@each_plain
def test_people_at_rank_one_exist_and_meet_the_conditions(
    record_bank: RecordBank, question: PlainQuestion
) -> None:
    meeting = matching_ids(record_bank, *map(condition_on_records, question.conditions))
    assert set(question.first) - meeting == set()


def test_plain_questions_are_a_third_in_each_language() -> None:
    assert len(PLAIN) == 200
    assert Counter(question.lang for question in PLAIN) == {"az": 67, "en": 67, "ru": 66}


def test_every_kind_is_asked_in_every_language() -> None:
    counts = Counter((question.kind, question.lang) for question in PLAIN)
    assert [(kind, lang) for kind in KINDS for lang in LANGUAGES if counts[kind, lang] < 2] == []


def test_named_questions_are_asked_in_every_language() -> None:
    named = {(question.kind, question.lang) for question in PLAIN if question.named}
    kinds = {kind for kind, _ in named}
    assert kinds == {"gender", "century", "range", "historic-place", "relation", "event"}
    assert named == {(kind, lang) for kind in kinds for lang in LANGUAGES}


def test_fact_questions_are_spread_over_the_languages() -> None:
    answered = Counter(fact.lang for fact in FACTS if fact.answers)
    unanswered = Counter(fact.lang for fact in FACTS if not fact.answers)
    assert answered == {"az": 25, "en": 25, "ru": 25}
    assert unanswered == {"az": 12, "en": 12, "ru": 11}


@each_answer
def test_answers_are_in_the_record(record_bank: RecordBank, lang: str, answer: FactAnswer) -> None:
    person = record_bank.people[answer.person]
    group, _, detail = answer.field.partition(".")
    given: set[str]
    if group in ("birth", "death"):
        assert person[group][detail]
        return
    if group == "text":
        assert any(all(word in sentence for word in answer.value) for sentence in sentences(person, lang))
        return
    if group == "relation":
        given = {other for kind, other in record_bank.relations(person) if kind == detail}
    elif group == "event":
        given = {event["type"] for event in person["events"] if event["type"] == detail}
    elif group == "work":
        given = {work["title"][lang] for work in person["works"]}
    else:
        field = {"membership": "memberships", "award": "awards"}[group]
        key = {"membership": "organisation", "award": "award"}[group]
        given = {entry[key] for entry in person[field]}
    assert given
    assert set(answer.value) <= given


def sentences(person: object, lang: str) -> list[str]:
    """Return the sentences of a biography, without citations."""
    assert isinstance(person, dict)
    text = re.sub(r"\s*\[@[^\]]*\]", "", person["biography"][lang])
    return re.split(r"(?<=[.!?])\s+", text)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("{q: poets, lang: en, kind: profession}", "missing conditions"),
        ("{q: poets, lang: de, kind: profession, conditions: [profession:poet]}", "unknown language 'de'"),
        ("{q: poets, lang: en, kind: trade, conditions: [profession:poet]}", "unknown kind 'trade'"),
        ("{q: poets, lang: en, kind: word, conditions: [], words: [poet]}", "the word 'poet' is not typed"),
        ("{q: poets, lang: en, kind: word, conditions: []}", "neither conditions nor words"),
    ],
)
def test_malformed_entry_is_named(tmp_path: Path, entry: str, message: str) -> None:
    path = tmp_path / "questions.yaml"
    path.write_text(f"- {entry}\n", encoding="utf-8")
    with pytest.raises(QuestionError, match=rf"questions\.yaml, entry 1 \('poets'\): {message}"):
        plain_questions(path)
