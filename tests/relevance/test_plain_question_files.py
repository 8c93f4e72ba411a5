"""The files of plain questions and fact questions name what the seed data hold, and are spread as they say."""

import re
from collections import Counter
from pathlib import Path

import pytest

from biobank.bootstrap import Services
from biobank.search.language.fields import RELATION_FIELDS
from biobank.search.language.tree import Value, leaves
from biobank.search.query import SearchQuery
from tests.relevance.oracle import RecordBank
from tests.relevance.oracle_counts import CountOracle
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


@each_plain
def test_every_reading_names_what_exists(
    services: Services, oracle: CountOracle, question: PlainQuestion
) -> None:
    for reading in question.readings:
        query = services.search.normalize(SearchQuery(text=" ".join(reading), lang=question.lang))
        related = [
            leaf for leaf in leaves(query.tree) if isinstance(leaf, Value) and leaf.field in RELATION_FIELDS
        ]
        strangers = [leaf.value for leaf in related if leaf.value not in oracle.bank.people]
        assert (query.problems, strangers) == ((), []), reading


@each_plain
def test_people_at_rank_one_meet_the_conditions(
    services: Services, oracle: CountOracle, question: PlainQuestion
) -> None:
    query = services.search.normalize(SearchQuery(text=" ".join(question.conditions), lang=question.lang))
    assert set(question.first) - oracle.matching_ids(query) == set()


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
    recorded: set[str]
    if group in ("birth", "death"):
        assert person[group][detail]
        return
    if group == "text":
        assert any(all(word in sentence for word in answer.value) for sentence in sentences(person, lang))
        return
    if group == "relation":
        recorded = {other for kind, other in record_bank.relations(person) if kind == detail}
    elif group == "event":
        recorded = {event["type"] for event in person["events"] if event["type"] == detail}
    elif group == "work":
        recorded = {work["title"][lang] for work in person["works"]}
    else:
        field = {"membership": "memberships", "award": "awards"}[group]
        key = {"membership": "organisation", "award": "award"}[group]
        recorded = {entry[key] for entry in person[field]}
    assert recorded
    assert set(answer.value) <= recorded


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
