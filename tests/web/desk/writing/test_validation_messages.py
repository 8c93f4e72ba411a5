"""Validation messages of records in the language of the page."""

import pytest
from flask import Flask, g
from flask_babel import force_locale

from biobank.errors import FieldError, RecordRefused
from biobank.records.people.reference_checks import ReferenceIndex, check_references, missing_people
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from biobank.web.desk.forms.labels import problem_text

NAME = {"text": "Filankəs", "lang": "az", "kind": "preferred"}
#: Records, each invalid in a different way.
INVALID_RECORDS = (
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
    {"names": [{**NAME, "family": "Filankəsov"}]},
    {"names": [NAME, NAME]},
    {"names": [NAME], "id": "Not An Id"},
    {"names": [NAME], "gender": "odd"},
    {"names": [NAME], "countries": ["Azerbaijan"]},
    {"names": [NAME], "professions": ["a"] * 31},
    {"names": [NAME], "biography": {"az": "[" * 10_001}},
    {"names": [NAME], "biography": {"az": "[@a]" * 501}},
    {"names": [NAME], "biography": {"az": "A.\n\n" + "> " * 21}},
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
        for record in INVALID_RECORDS:
            with pytest.raises(RecordRefused) as refused:
                load_validated(person_schema, record)
            for problem in refused.value.problems:
                assert problem_text(problem) != problem.message, problem


@pytest.mark.parametrize("lang", ["az", "ru"])
def test_missing_references_are_translated(app: Flask, lang: str) -> None:
    relation = {"type": "teacher", "person": "a"}
    record = {
        "id": "a",
        "professions": ["nothing"],
        "birth": {"place": "nowhere"},
        "relations": [relation, {**relation, "person": "nobody"}],
        "memberships": [{"organisation": "none"}],
        "sources": ["missing", {"id": "other", "csl": {"title": "Mine"}}],
    }
    known = ReferenceIndex(sources={"other": {"title": "Theirs"}})
    problems = [*check_references(record, known), *missing_people(record, ["a"])]
    assert len(problems) == 9
    with app.test_request_context(), force_locale(lang):
        for problem in problems:
            assert problem_text(problem) != problem.message, problem


def test_invalid_day_is_translated(app: Flask) -> None:
    problem = FieldError("birth.date", "no_day", "31 February 1910 is not a valid day")
    with app.test_request_context(), force_locale("ru"):
        assert problem_text(problem).endswith(": 1910-02-31.")
