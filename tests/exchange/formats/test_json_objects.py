"""Objects out of JSON of any size and layout, one at a time; errors are reported by position."""

import io
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.exchange.formats.json_objects import MAX_JSON_DEPTH, SourceObject, iter_objects
from biobank.exchange.imports.items import MAX_LINE_BYTES, UnreadableFile

LISTS = frozenset(("persons", "entities"))


def read(content: str | bytes, lists: frozenset[str] = LISTS) -> list[SourceObject]:
    content = content.encode() if isinstance(content, str) else content
    return list(iter_objects(io.BytesIO(content), lists))


def values(content: str | bytes) -> list[Any]:
    return [part.value for part in read(content) if not part.error]


FIRST, SECOND = {"id": "Q1", "n": [1, 2.5, None, True]}, {"id": "Q2", "labels": {"az": "Gəncə"}}
PEOPLE = [FIRST, SECOND]


@pytest.mark.parametrize(
    "content",
    [
        '{"id": "Q1", "n": [1, 2.5, null, true]}\n{"id": "Q2", "labels": {"az": "Gəncə"}}\n',
        "[\n" + ",\n".join(map(json.dumps, PEOPLE)) + "\n]\n",
        json.dumps(PEOPLE),
        json.dumps(PEOPLE, indent=2),
        json.dumps({"persons": PEOPLE}),
        json.dumps({"meta": {"a": [1]}, "persons": PEOPLE, "more": 1}, indent=1),
        json.dumps({"entities": {"Q1": FIRST, "Q2": SECOND}, "success": 1}),
        "\ufeff" + json.dumps({"persons": PEOPLE}),
        "\ufeff" + json.dumps(FIRST) + "\n\n" + json.dumps(SECOND),
    ],
)
def test_every_shape_gives_the_same_objects(content: str) -> None:
    assert values(content) == PEOPLE


@pytest.mark.parametrize("indent", [None, 2])
def test_a_single_object_is_read(indent: int | None) -> None:
    assert values(json.dumps(SECOND, indent=indent)) == [SECOND]


def test_objects_have_labels() -> None:
    assert [part.label for part in read(json.dumps(PEOPLE))] == ["object 1", "object 2"]
    objects = read(json.dumps({"persons": PEOPLE}))
    assert [(part.label, part.list_name) for part in objects] == [
        ("persons[0]", "persons"),
        ("persons[1]", "persons"),
    ]


def test_reading_continues_after_an_invalid_line() -> None:
    objects = read('{"id": 1}\n{"id": }\n{"id": 3}\n' + "[" * 100_000 + '\n{"id": 5}\n')
    assert [part.label for part in objects if part.error] == ["line 2", "line 4"]
    assert [part.value["id"] for part in objects if not part.error] == [1, 3, 5]


@pytest.mark.parametrize(
    ("content", "at"),
    [
        ('{"id": 1}\n{"id": 2, "a": {"b": 1, "b": 2}}\n{"id": 3}\n', "line 2"),
        ('[{"id": 1}, {"id": 2, "a": {"b": 1, "b": 2}}, {"id": 3}]', "object 2"),
        ('{"persons": [{"id": 1}, {"id": 2, "b": 1, "b": 2}, {"id": 3}]}', "persons[1]"),
        ('{"entities": {"Q1": {"id": 1}, "Q2": {"b": 1, "b": 2}, "Q1": {"id": 3}}}', "entities[1]"),
    ],
)
def test_a_duplicate_key_is_reported_and_reading_continues(content: str, at: str) -> None:
    objects = read(content)
    assert {part.label: str(part.error) for part in objects if part.error} == {
        at: "The key “b” is repeated in one object. Delete one of the two."
    }
    assert [part.value["id"] for part in objects if not part.error] == [1, 3]


def test_a_duplicate_key_in_a_single_object_is_reported() -> None:
    [bad] = read('{\n"id": 1,\n"id": 2\n}')
    assert "The key “id” is repeated" in str(bad.error)


def test_objects_before_a_truncation_are_read() -> None:
    content = json.dumps({"persons": PEOPLE}, indent=1)
    *good, bad = read(content[: content.rindex("Q2")])
    assert [part.value for part in good] == [FIRST]
    assert "The rest was not read" in str(bad.error)


@pytest.mark.parametrize("prefix", ['{"persons": [', '{"a": [', "[\n["])
def test_deep_nesting_is_refused(prefix: str) -> None:
    *_, bad = read(prefix + "\n[" * 1_000_000)
    assert "nested too deeply" in str(bad.error) or "not valid JSON" in str(bad.error)


def test_the_deepest_object_that_is_read_is_read() -> None:
    deep: Any = 1
    for _ in range(MAX_JSON_DEPTH - 3):
        deep = [deep]
    assert values(json.dumps({"persons": [{"a": deep}]})) == [{"a": deep}]


class Endless(io.RawIOBase):
    """A JSON document with one endless text; rewinding restarts it."""

    def __init__(self) -> None:
        self.bytes_read = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self.bytes_read = 0
        return 0

    def read(self, size: int = -1) -> bytes:
        start = b'{"persons": [{"name": "' if size and not self.bytes_read else b""
        self.bytes_read += size
        return start + b"a" * (size - len(start))


def test_an_endless_text_is_refused_after_a_bounded_read() -> None:
    stream = Endless()
    (bad,) = iter_objects(stream, LISTS)  # type: ignore[arg-type]
    assert f"longer than {MAX_LINE_BYTES:,} bytes" in str(bad.error)
    assert stream.bytes_read < MAX_LINE_BYTES + 2_000_000


@pytest.mark.parametrize("number", ["1e999999", "9" * 10_000, "-" + "9" * 10_000, "1e" + "9" * 99])
@pytest.mark.parametrize("line", ["", "\n"])
def test_a_huge_number_is_refused_or_infinite(number: str, line: str) -> None:
    """Test a line and a document, which different parsers read."""
    *_, last = read('{"persons": [{"n": 1}, {"n": ' + line + number + "}]}")
    codes = ("json_broken", "json_deep", "json_deep_rest")
    assert last.error.code in codes if last.error else last.value == {"n": float("inf")}


def test_utf_16_is_refused_with_advice() -> None:
    with pytest.raises(UnreadableFile, match="Save it as UTF-8"):
        read('{"id": 1}'.encode("utf-16"))


def test_other_bytes_are_reported() -> None:
    (bad,) = read('{"name": "Гянджа"}\n'.encode("cp1251"))
    assert "Invalid UTF-8 at byte" in str(bad.error)


def nested() -> st.SearchStrategy[Any]:
    leaves = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=5)
    return st.recursive(
        leaves, lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner), max_leaves=6
    )


objects = st.dictionaries(st.text(max_size=3), nested(), min_size=1, max_size=3)


@given(st.lists(objects, min_size=1, max_size=4), st.sampled_from([None, 1]), st.booleans())
def test_any_list_of_objects_round_trips(written: list[Any], indent: int | None, within_object: bool) -> None:
    content = json.dumps({"persons": written} if within_object else written, indent=indent)
    assert values(content) == written


@given(st.binary(max_size=300) | st.text(alphabet='[]{}",:1en \n', max_size=200).map(str.encode))
def test_any_bytes_are_read_or_reported(content: bytes) -> None:
    with suppress(UnreadableFile):
        assert all(part.label for part in read(content))
