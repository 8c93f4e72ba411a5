"""The strict JSON parser never ignores duplicate keys."""

import json

import pytest

from biobank.common.strict_json import DuplicateKeyError, loads


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('{"a": 1, "a": 1}', "a"),
        ('[{"b": {"a": 1, "c": 2, "a": {}}}]', "a"),
        ('{"\\u0061": 1, "a": 2}', "a"),
        ('{"": 1, "": 2}', ""),
    ],
)
def test_a_duplicate_key_is_an_error(text: str, key: str) -> None:
    with pytest.raises(DuplicateKeyError, match="duplicate key") as exc_info:
        loads(text)
    assert exc_info.value.key == key


def test_a_key_in_several_objects_is_no_duplicate() -> None:
    assert loads(b'[{"a": {"a": 1}}, {"a": 2, "A": 3}]') == [{"a": {"a": 1}}, {"a": 2, "A": 3}]


def test_invalid_json_is_an_error_with_its_position() -> None:
    with pytest.raises(json.JSONDecodeError) as exc_info:
        loads('{"a": }')
    assert exc_info.value.pos == 6
