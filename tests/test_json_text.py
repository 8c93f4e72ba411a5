"""The strict JSON parser never ignores duplicate keys."""

import json

import pytest

from biobank.json_text import KeyTwice, parsed


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('{"a": 1, "a": 1}', "a"),
        ('[{"b": {"a": 1, "c": 2, "a": {}}}]', "a"),
        ('{"\\u0061": 1, "a": 2}', "a"),
        ('{"": 1, "": 2}', ""),
    ],
)
def test_a_key_that_stands_twice_in_one_object_is_told(text: str, key: str) -> None:
    with pytest.raises(KeyTwice, match="stands twice in one object") as told:
        parsed(text)
    assert told.value.key == key


def test_one_key_in_several_objects_is_none_that_stands_twice() -> None:
    assert parsed(b'[{"a": {"a": 1}}, {"a": 2, "A": 3}]') == [{"a": {"a": 1}}, {"a": 2, "A": 3}]


def test_what_is_no_json_is_told_with_its_place() -> None:
    with pytest.raises(json.JSONDecodeError) as told:
        parsed('{"a": }')
    assert told.value.pos == 6
