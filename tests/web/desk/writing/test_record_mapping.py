"""Lossless conversion of records to forms and back."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import fields

from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from biobank.web.desk.forms.schema import Field, FormNode, Group, Repeat
from biobank.web.desk.forms.tree import empty_value, find_node, iter_fields, tree_from_pairs
from biobank.web.desk.writing.forms import to_record, to_tree
from biobank.web.desk.writing.person_schema import PERSON_FORM
from tests.support import seed
from tests.support.profiles import scaled
from tests.support.records import records


def _round_trip(record: dict) -> dict:
    # Browsers submit line feeds as CR LF.
    fields = iter_fields(PERSON_FORM, to_tree(record))
    pairs = [(name, text.replace("\n", "\r\n")) for name, _field, text in fields]
    parsed = to_record(tree_from_pairs(PERSON_FORM, pairs))
    assert not parsed.problems
    return load_validated(person_schema, parsed.record)


def test_every_seed_record_round_trips() -> None:
    for person_id, data in seed.people().items():
        record = load_validated(person_schema, data)
        assert _round_trip(record) == record, person_id


@settings(max_examples=scaled(60))
@given(records())
def test_any_record_round_trips(data: dict) -> None:
    record = load_validated(person_schema, data)
    if "events" in record:  # one that says nothing at all is no part of a form
        record["events"] = [event for event in record["events"] if event]
    assert _round_trip(record) == {key: value for key, value in record.items() if value}


def test_the_form_has_every_field_of_the_record() -> None:
    assert set(PERSON_FORM.fields) == set(person_schema.fields)
    for key, field in person_schema.fields.items():
        inner = field.inner if isinstance(field, fields.List) else field
        node: FormNode = PERSON_FORM.fields[key]
        if isinstance(inner, fields.Nested):
            part = node.item if isinstance(node, Repeat) else node
            assert isinstance(part, Group)
            assert set(part.fields) == set(inner.schema.fields), key


def test_form_lists_have_the_limits_of_the_record() -> None:
    for key, field in person_schema.fields.items():
        if isinstance(field, fields.List):
            limit = next(validator.max for validator in field.validators if hasattr(validator, "max"))
            assert isinstance(node := PERSON_FORM.fields[key], Repeat)
            assert node.max_items == limit, key


@given(st.randoms(use_true_random=False))
def test_rows_keep_the_order_of_submission(rng: random.Random) -> None:
    numbers = rng.sample(range(999_999), 5)
    pairs = [(f"events-{number}-date", str(1900 + index)) for index, number in enumerate(numbers)]
    tree = tree_from_pairs(PERSON_FORM, pairs)
    assert [row["date"] for row in tree["events"]] == ["1900", "1901", "1902", "1903", "1904"]


def test_empty_rows_are_ignored_and_hide_no_field() -> None:
    tree = tree_from_pairs(
        PERSON_FORM,
        [
            ("names-0-text", ""),
            ("names-0-kind", "variant"),
            ("names-1-text", "Filankəs"),
            ("events-0-date", " "),
            ("events-1-date", "1905"),
            ("events-1-cites-0-source", ""),
            ("events-1-cites-1-source", "a"),
            ("media-0-type", "image"),
        ],
    )
    parsed = to_record(tree)
    assert parsed.record == {
        "names": [{"text": "Filankəs"}],
        "events": [{"date": "1905", "cites": [{"source": "a"}]}],
    }
    assert parsed.field_for("names[0].text") == "names-1-text"
    assert parsed.field_for("events[0].place") == "events-1-place"
    assert parsed.field_for("events[0].cites[0].source") == "events-1-cites-1-source"
    assert parsed.field_for("events[0]") == "events-1-date"
    assert parsed.field_for("events[0].nothing.at[3]") == "events-1-date"
    assert parsed.field_for("relations") == "relations-add"
    assert parsed.field_for("") == "id"


def test_source_is_an_id_or_a_new_item() -> None:
    tree = tree_from_pairs(
        PERSON_FORM,
        [
            ("sources-0", "ency-music"),
            ("sources-0-csl-type", "webpage"),
            ("sources-1-csl-title", "A book"),
            ("sources-1", "a-book"),
            ("sources-1-csl-type", "book"),
            ("sources-1-csl-author", "Surname, Name; Azertag"),
            ("sources-1-csl-issued", "1948-11"),
            ("sources-1-csl-url", "https://example.az/"),
        ],
    )
    parsed = to_record(tree)
    item = {
        "type": "book",
        "title": "A book",
        "author": [{"family": "Surname", "given": "Name"}, {"literal": "Azertag"}],
        "issued": {"date-parts": [[1948, 11]]},
        "URL": "https://example.az/",
    }
    assert parsed.record["sources"] == ["ency-music", {"id": "a-book", "csl": item}]
    assert parsed.field_for("sources[1]") == "sources-1"
    assert parsed.field_for("sources[1].id") == "sources-1"
    assert parsed.field_for("sources[1].csl.URL") == "sources-1-csl-url"
    assert to_record(to_tree(parsed.record)).record == parsed.record


def test_duplicate_identifier_is_reported() -> None:
    pairs = [
        ("identifiers-0-scheme", "wikidata"),
        ("identifiers-0-value", "Q1"),
        ("identifiers-1-scheme", "wikidata"),
        ("identifiers-1-value", "Q2"),
    ]
    parsed = to_record(tree_from_pairs(PERSON_FORM, pairs))
    assert parsed.record["identifiers"] == {"wikidata": "Q1"}
    assert [parsed.field_for(problem.path) for problem in parsed.problems] == ["identifiers-1-scheme"]
    assert parsed.field_for("identifiers.wikidata") == "identifiers-0-value"


@given(st.lists(st.tuples(st.text("names-events0123cit\x00x", max_size=30), st.text(max_size=5))))
def test_any_input_is_read_as_a_form(pairs: list[tuple[str, str]]) -> None:
    tree = tree_from_pairs(PERSON_FORM, pairs)
    submitted = [(name, text) for name, _field, text in iter_fields(PERSON_FORM, tree)]
    assert tree_from_pairs(PERSON_FORM, submitted) == tree
    to_record(tree)


def test_only_existing_fields_are_found() -> None:
    tree = to_tree(load_validated(person_schema, seed.person("uzeyir-hacibeyov")))
    assert find_node(PERSON_FORM, tree, "birth-date") == (Field("date", 64), "1885-09-18")
    for name in ("", "nothing", "events-99", "events-x", "birth-date-more", "sources-0-"):
        assert find_node(PERSON_FORM, tree, name) is None, name
    assert tree_from_pairs(PERSON_FORM, []) == {**empty_value(PERSON_FORM), "gender": ""}
