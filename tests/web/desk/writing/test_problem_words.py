"""Validation messages of records in the language of the page."""

import pytest
from flask import Flask, g
from flask_babel import force_locale

from biobank.errors import Problem, RecordRefused
from biobank.records.people.checks import Known, check_references, dangling
from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
from biobank.web.desk.writing.problem_words import problem_words

NAME = {"text": "Filankəs", "lang": "az", "kind": "preferred"}
#: Records, each invalid in a different way.
WRONG = (
    {},
    {"names": []},
    {"names": [{"lang": "az", "kind": "pen"}]},
    {"names": [{**NAME, "text": "123"}]},
    {"names": [{**NAME, "text": "a\x07"}]},
    {"names": [{**NAME, "text": "a" * 201}]},
    {"names": [{**NAME, "text": "a\nb"}]},
    {"names": [{**NAME, "lang": "Azerbaijani!"}]},
    {"names": [{**NAME, "script": "latin"}]},
    {"names": [{**NAME, "kind": "odd"}]},
    {"names": [NAME, NAME]},
    {"names": [NAME], "id": "Not An Id"},
    {"names": [NAME], "gender": "odd"},
    {"names": [NAME], "countries": ["Azerbaijan"]},
    {"names": [NAME], "professions": ["a"] * 31},
    {"names": [NAME], "works": [{"title": {}}]},
    {"names": [NAME], "media": [{"type": "image", "url": "example.az"}]},
    {"names": [NAME], "identifiers": {"Wiki Data": "Q1"}},
    {"names": [NAME], "identifiers": {"lcnaf": "n 80115655"}},
    {"names": [NAME], "sources": [{"id": "a", "csl": {"type": "book"}}]},
    {"names": [NAME], "sources": [{"id": "a", "csl": {"type": "b", "title": "c", "URL": "d"}}]},
    {"names": [NAME], "birth": {"date": "1900"}, "death": {"date": "1800"}},
    *(
        {"names": [NAME], "events": [{"date": date}]}
        for date in ("soon", "1900-13", "1900-02-31", "1900/1800", "../..", "1" * 65, "c. 1900")
    ),
)


@pytest.mark.parametrize("lang", ["az", "ru"])
def test_every_message_of_the_record_is_translated(app: Flask, lang: str) -> None:
    with app.test_request_context(), force_locale(lang):
        g.lang = lang
        for record in WRONG:
            with pytest.raises(RecordRefused) as refused:
                load(person_schema, record)
            for problem in refused.value.problems:
                assert problem_words(problem) != problem.message, problem


@pytest.mark.parametrize("lang", ["az", "ru"])
def test_what_the_bank_does_not_hold_is_told_in_the_language_of_the_page(
    app: Flask, lang: str
) -> None:
    tie = {"type": "teacher", "person": "a"}
    record = {
        "id": "a",
        "professions": ["nothing"],
        "birth": {"place": "nowhere"},
        "relations": [tie, {**tie, "person": "nobody"}],
        "memberships": [{"organisation": "none"}],
        "sources": ["missing", {"id": "other", "csl": {"title": "Mine"}}],
    }
    known = Known(sources={"other": {"title": "Theirs"}})
    problems = [*check_references(record, known), *dangling(record, ["a"])]
    assert len(problems) == 9
    with app.test_request_context(), force_locale(lang):
        for problem in problems:
            assert problem_words(problem) != problem.message, problem


def test_a_day_that_no_calendar_has_is_told_without_english(app: Flask) -> None:
    problem = Problem("birth.date", "no_day", "31 February 1910 is not a day of the calendar")
    with app.test_request_context(), force_locale("ru"):
        assert problem_words(problem).endswith(": 1910-02-31.")
