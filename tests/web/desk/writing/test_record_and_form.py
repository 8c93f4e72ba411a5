"""Lossless conversion of records to forms and back."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st
from marshmallow import fields

from biobank.records.people.schemas import person_schema
from biobank.records.problems import load
from biobank.web.desk.writing import csl
from biobank.web.desk.writing.record import to_record, to_tree
from biobank.web.desk.writing.shape import FORM, Leaf, Node, Part, Rows
from biobank.web.desk.writing.tree import at, empty, pairs_of, read
from tests.support import seed
from tests.support.records import records


def _there_and_back(record: dict) -> dict:
    # Browsers submit line feeds as CR LF.
    sent = [(name, value.replace("\n", "\r\n")) for name, value in pairs_of(to_tree(record))]
    found = to_record(read(sent))
    assert not found.problems
    return load(person_schema, found.record)


def test_every_record_of_the_seed_comes_back_whole() -> None:
    for person_id, data in seed.people().items():
        record = load(person_schema, data)
        assert _there_and_back(record) == record, person_id


@settings(max_examples=60)
@given(records())
def test_any_record_comes_back_whole(data: dict) -> None:
    record = load(person_schema, data)
    if "events" in record:  # one that says nothing at all is no part of a form
        record["events"] = [event for event in record["events"] if event]
    assert _there_and_back(record) == {key: value for key, value in record.items() if value}


def test_the_form_has_every_field_of_the_record() -> None:
    assert set(FORM.fields) == set(person_schema.fields)
    for key, field in person_schema.fields.items():
        inner = field.inner if isinstance(field, fields.List) else field
        node: Node = FORM.fields[key]
        if isinstance(inner, fields.Nested):
            part = node.row if isinstance(node, Rows) else node
            assert isinstance(part, Part)
            assert set(part.fields) == set(inner.schema.fields), key


def test_a_list_of_the_form_holds_as_much_as_one_of_the_record() -> None:
    for key, field in person_schema.fields.items():
        if isinstance(field, fields.List):
            most = next(it.max for it in field.validators if hasattr(it, "max"))
            assert isinstance(node := FORM.fields[key], Rows)
            assert node.most == most, key


@given(st.randoms(use_true_random=False))
def test_rows_stand_in_the_order_in_which_they_came_whatever_their_numbers(
    chance: random.Random,
) -> None:
    numbers = chance.sample(range(999_999), 5)
    pairs = [(f"events-{number}-date", str(1900 + at)) for at, number in enumerate(numbers)]
    tree = read(pairs)
    assert [row["date"] for row in tree["events"]] == ["1900", "1901", "1902", "1903", "1904"]


def test_an_empty_row_is_no_part_of_the_record_and_hides_no_field() -> None:
    tree = read(
        [
            ("names-0-text", ""),
            ("names-0-kind", "variant"),
            ("names-1-text", "Filankəs"),
            ("events-0-date", " "),
            ("events-1-date", "1905"),
            ("events-1-cites-0-source", ""),
            ("events-1-cites-1-source", "a"),
            ("media-0-type", "image"),
        ]
    )
    found = to_record(tree)
    assert found.record == {
        "names": [{"text": "Filankəs"}],
        "events": [{"date": "1905", "cites": [{"source": "a"}]}],
    }
    assert found.field_of("names[0].text") == "names-1-text"
    assert found.field_of("events[0].place") == "events-1-place"
    assert found.field_of("events[0].cites[0].source") == "events-1-cites-1-source"
    assert found.field_of("events[0]") == "events-1-date"
    assert found.field_of("events[0].nothing.at[3]") == "events-1-date"
    assert found.field_of("relations") == "relations-add"
    assert found.field_of("") == "id"


def test_a_source_is_an_id_or_new_with_what_is_told_of_it() -> None:
    tree = read(
        [
            ("sources-0", "ency-music"),
            ("sources-0-csl-type", "webpage"),
            ("sources-1-csl-title", "A book"),
            ("sources-1", "a-book"),
            ("sources-1-csl-type", "book"),
            ("sources-1-csl-author", "Surname, Name; Azertag"),
            ("sources-1-csl-issued", "1948-11"),
            ("sources-1-csl-url", "https://example.az/"),
        ]
    )
    found = to_record(tree)
    told = {
        "type": "book",
        "title": "A book",
        "author": [{"family": "Surname", "given": "Name"}, {"literal": "Azertag"}],
        "issued": {"date-parts": [[1948, 11]]},
        "URL": "https://example.az/",
    }
    assert found.record["sources"] == ["ency-music", {"id": "a-book", "csl": told}]
    assert found.field_of("sources[1]") == "sources-1"
    assert found.field_of("sources[1].id") == "sources-1"
    assert found.field_of("sources[1].csl.URL") == "sources-1-csl-url"
    assert csl.csl_of(csl.fields_of(told)) == told


def test_an_identifier_that_is_there_twice_is_told_of_and_kept_in_the_form() -> None:
    pairs = [
        ("identifiers-0-scheme", "wikidata"),
        ("identifiers-0-value", "Q1"),
        ("identifiers-1-scheme", "wikidata"),
        ("identifiers-1-value", "Q2"),
    ]
    found = to_record(read(pairs))
    assert found.record["identifiers"] == {"wikidata": "Q1"}
    assert [found.field_of(it.path) for it in found.problems] == ["identifiers-1-scheme"]
    assert found.field_of("identifiers.wikidata") == "identifiers-0-value"


@given(st.lists(st.tuples(st.text("names-events0123cit\x00x", max_size=30), st.text(max_size=5))))
def test_whatever_is_sent_is_read_as_a_form(pairs: list[tuple[str, str]]) -> None:
    tree = read(pairs)
    assert read(pairs_of(tree)) == tree
    to_record(tree)


def test_what_is_called_so_is_found_and_nothing_else() -> None:
    tree = to_tree(load(person_schema, seed.person("uzeyir-hacibeyov")))
    assert at(tree, "birth-date") == (Leaf("date", 64), "1885-09-18")
    for name in ("", "nothing", "events-99", "events-x", "birth-date-more", "sources-0-"):
        assert at(tree, name) is None, name
    assert read([]) == {**empty(FORM), "gender": ""}
