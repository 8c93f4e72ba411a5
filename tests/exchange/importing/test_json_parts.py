"""Objects out of JSON of any size and layout, one at a time; errors are reported by position."""

import io
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.exchange.importing.json_parts import DEPTH_MOST, Part, parts
from biobank.exchange.importing.reading import LINE_MOST, UnreadableFile

LISTS = frozenset(("persons", "entities"))


def read(content: str | bytes, lists: frozenset[str] = LISTS) -> list[Part]:
    content = content.encode() if isinstance(content, str) else content
    return list(parts(io.BytesIO(content), lists))


def values(content: str | bytes) -> list[Any]:
    return [part.value for part in read(content) if not part.fault]


ONE, TWO = {"id": "Q1", "n": [1, 2.5, None, True]}, {"id": "Q2", "labels": {"az": "Gəncə"}}
PEOPLE = [ONE, TWO]


@pytest.mark.parametrize(
    "content",
    [
        '{"id": "Q1", "n": [1, 2.5, null, true]}\n{"id": "Q2", "labels": {"az": "Gəncə"}}\n',
        "[\n" + ",\n".join(map(json.dumps, PEOPLE)) + "\n]\n",
        json.dumps(PEOPLE),
        json.dumps(PEOPLE, indent=2),
        json.dumps({"persons": PEOPLE}),
        json.dumps({"meta": {"a": [1]}, "persons": PEOPLE, "more": 1}, indent=1),
        json.dumps({"entities": {"Q1": ONE, "Q2": TWO}, "success": 1}),
        "\ufeff" + json.dumps({"persons": PEOPLE}),
        "\ufeff" + json.dumps(ONE) + "\n\n" + json.dumps(TWO),
    ],
)
def test_every_shape_gives_the_same_objects(content: str) -> None:
    assert values(content) == PEOPLE


@pytest.mark.parametrize("indent", [None, 2])
def test_one_object_alone_is_one(indent: int | None) -> None:
    assert values(json.dumps(TWO, indent=indent)) == [TWO]


def test_parts_tell_where_they_stand() -> None:
    assert [part.label for part in read(json.dumps(PEOPLE))] == ["object 1", "object 2"]
    told = read(json.dumps({"persons": PEOPLE}))
    assert [(part.label, part.under) for part in told] == [
        ("persons[0]", "persons"),
        ("persons[1]", "persons"),
    ]


def test_a_bad_line_never_stops_the_rest() -> None:
    found = read('{"id": 1}\n{"id": }\n{"id": 3}\n' + "[" * 100_000 + '\n{"id": 5}\n')
    assert [part.label for part in found if part.fault] == ["line 2", "line 4"]
    assert [part.value["id"] for part in found if not part.fault] == [1, 3, 5]


@pytest.mark.parametrize(
    ("content", "at"),
    [
        ('{"id": 1}\n{"id": 2, "a": {"b": 1, "b": 2}}\n{"id": 3}\n', "line 2"),
        ('[{"id": 1}, {"id": 2, "a": {"b": 1, "b": 2}}, {"id": 3}]', "object 2"),
        ('{"persons": [{"id": 1}, {"id": 2, "b": 1, "b": 2}, {"id": 3}]}', "persons[1]"),
        ('{"entities": {"Q1": {"id": 1}, "Q2": {"b": 1, "b": 2}, "Q1": {"id": 3}}}', "entities[1]"),
    ],
)
def test_a_key_that_stands_twice_is_told_and_the_rest_read(content: str, at: str) -> None:
    found = read(content)
    assert {part.label: str(part.fault) for part in found if part.fault} == {
        at: "The key 'b' stands twice in one object; keep one of the two."
    }
    assert [part.value["id"] for part in found if not part.fault] == [1, 3]


def test_a_key_that_stands_twice_in_a_document_that_is_one_object_is_told() -> None:
    [bad] = read('{\n"id": 1,\n"id": 2\n}')
    assert "The key 'id' stands twice" in str(bad.fault)


def test_a_document_that_ends_early_keeps_what_came_before() -> None:
    content = json.dumps({"persons": PEOPLE}, indent=1)
    *good, bad = read(content[: content.rindex("Q2")])
    assert [part.value for part in good] == [ONE]
    assert "what follows was not read" in str(bad.fault)


@pytest.mark.parametrize("opening", ['{"persons": [', '{"a": [', "[\n["])
def test_deep_nesting_is_told_and_not_followed(opening: str) -> None:
    *_, bad = read(opening + "\n[" * 1_000_000)
    assert "nested too deeply" in str(bad.fault) or "Is no JSON" in str(bad.fault)


def test_the_deepest_object_that_is_read_is_read() -> None:
    deep: Any = 1
    for _ in range(DEPTH_MOST - 3):
        deep = [deep]
    assert values(json.dumps({"persons": [{"a": deep}]})) == [{"a": deep}]


class Endless(io.RawIOBase):
    """A JSON document with one endless text; rewinding restarts it."""

    def __init__(self) -> None:
        self.given = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self.given = 0
        return 0

    def read(self, size: int = -1) -> bytes:
        start = b'{"persons": [{"name": "' if size and not self.given else b""
        self.given += size
        return start + b"a" * (size - len(start))


def test_a_text_that_never_ends_is_told_after_a_bounded_read() -> None:
    stream = Endless()
    (bad,) = parts(stream, LISTS)  # type: ignore[arg-type]
    assert f"longer than {LINE_MOST:,} bytes" in str(bad.fault)
    assert stream.given < LINE_MOST + 2_000_000


@pytest.mark.parametrize("number", ["1e999999", "9" * 10_000, "-" + "9" * 10_000, "1e" + "9" * 99])
@pytest.mark.parametrize("line", ["", "\n"])
def test_a_number_without_end_is_told_or_infinite(number: str, line: str) -> None:
    """Test a line and a document, which different parsers read."""
    *_, last = read('{"persons": [{"n": 1}, {"n": ' + line + number + "}]}")
    assert "Is no JSON" in str(last.fault) or last.value == {"n": float("inf")}


def test_utf_16_is_refused_with_the_way_out() -> None:
    with pytest.raises(UnreadableFile, match="save the file as UTF-8"):
        read('{"id": 1}'.encode("utf-16"))


def test_other_bytes_are_told() -> None:
    (bad,) = read('{"name": "Гянджа"}\n'.encode("cp1251"))
    assert "Is not UTF-8 at byte" in str(bad.fault)


def nested() -> st.SearchStrategy[Any]:
    leaves = st.none() | st.booleans() | st.integers(-(10**9), 10**9) | st.text(max_size=5)
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=3), inner),
        max_leaves=6,
    )


objects = st.dictionaries(st.text(max_size=3), nested(), min_size=1, max_size=3)


@given(st.lists(objects, min_size=1, max_size=4), st.sampled_from([None, 1]), st.booleans())
def test_any_list_of_objects_is_read_as_it_is(
    written: list[Any], indent: int | None, under: bool
) -> None:
    content = json.dumps({"persons": written} if under else written, indent=indent)
    assert values(content) == written


@given(st.binary(max_size=300) | st.text(alphabet='[]{}",:1en \n', max_size=200).map(str.encode))
def test_any_bytes_are_read_or_told(content: bytes) -> None:
    with suppress(UnreadableFile):
        assert all(part.label for part in read(content))
