"""Reading of records from files: an error in one item is reported and does not affect others."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.exchange.importing.reading import (
    LINE_MOST,
    Item,
    jsonl_items,
)
from biobank.exchange.importing.reading import yaml_items as items_of
from biobank.exchange.importing.said import UnreadableFile
from tests.support.jsonl import stream


def faults(*lines: str | bytes) -> dict[str, str]:
    return {item.label: str(item.fault) for item in jsonl_items(stream(lines)) if item.fault}


def test_every_line_is_an_item_and_blank_ones_are_counted_but_passed_over() -> None:
    items = list(jsonl_items(stream(['{"a": 1}', "", "  ", '{"b": 2}'])))
    assert items == [Item("line 1", {"a": 1}), Item("line 4", {"b": 2})]


def test_the_last_line_needs_no_end() -> None:
    assert [item.data for item in jsonl_items(io.BytesIO(b"[1]\r\n[2]"))] == [[1], [2]]


def test_a_byte_order_mark_is_passed_over() -> None:
    assert [item.data for item in jsonl_items(io.BytesIO(b"\xef\xbb\xbf[1]\n"))] == [[1]]


def test_what_is_no_json_is_told_with_line_and_character() -> None:
    told = faults("[1]", '{"id": }', "[2]", "{'id': 1}")
    assert told.keys() == {"line 2", "line 4"}
    assert told["line 2"] == "Is no JSON: a value is missing at character 8."


def test_a_key_that_stands_twice_in_one_object_is_told_with_its_line() -> None:
    told = faults(
        "[1]", '{"id": "a", "birth": {"date": "1", "date": "2"}}', '{"\\ud800": 1, "\\ud800": 2}'
    )
    assert told["line 2"] == "The key 'date' stands twice in one object; keep one of the two."
    assert told["line 3"].encode("utf-8")


def test_what_is_not_utf_8_is_told_with_the_byte() -> None:
    told = faults('{"id": "Gəncə"}', '{"id": "Гянджа"}'.encode("cp1251"))
    assert told == {"line 2": "Is not UTF-8 at byte 9; save the file as UTF-8."}


def test_utf_16_is_told_once_with_the_way_out() -> None:
    with pytest.raises(UnreadableFile, match="Is written in UTF-16; save the file as UTF-8"):
        list(jsonl_items(io.BytesIO('{"id": 1}\n'.encode("utf-16"))))


def test_a_line_that_is_too_long_is_told_and_the_next_one_read() -> None:
    long = b'"' + b"a" * LINE_MOST + b'"'
    items = list(jsonl_items(stream(["[1]", long, "[3]", long * 2, "[5]"])))
    assert [item.label for item in items if item.fault] == ["line 2", "line 4"]
    assert "longer than 5,000,000 bytes" in str(items[1].fault)
    assert [item.data for item in items if not item.fault] == [[1], [3], [5]]


def test_a_line_of_the_very_length_that_is_read_is_read() -> None:
    line = b'"' + b"a" * (LINE_MOST - 3) + b'"'
    items = list(jsonl_items(stream([line, b"[2]"])))
    assert [item.fault for item in items] == [None, None]


@pytest.mark.parametrize("opening", ["[", '{"a":'])
def test_deep_nesting_is_a_fault_of_its_line(opening: str) -> None:
    assert list(faults("[1]", opening * 200_000, "[2]")) == ["line 2"]


def test_a_number_of_thousands_of_digits_is_a_fault_of_its_line() -> None:
    assert list(faults("[1]", "9" * 10_000, "[2]")) == ["line 2"]


@given(st.lists(st.binary(max_size=40).filter(lambda line: b"\n" not in line)))
def test_any_bytes_are_read_line_by_line(lines: list[bytes]) -> None:
    if lines and lines[0].startswith((b"\xff\xfe", b"\xfe\xff")):
        with pytest.raises(UnreadableFile):
            list(jsonl_items(stream(lines)))
        return
    items = list(jsonl_items(stream(lines)))
    labels = [item.label for item in items]
    assert labels == sorted(set(labels), key=lambda label: int(label.removeprefix("line ")))
    assert len(items) <= len(lines)


def test_a_folder_is_read_in_order_and_a_bad_file_does_not_stop_it(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("- {id: b}\n- {id: c}\n", encoding="utf-8")
    (tmp_path / "a.yaml").write_text("id: [", encoding="utf-8")
    (tmp_path / "d.yaml").write_text("id: d\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("id: e\n", encoding="utf-8")
    bad, *good = items_of(tmp_path)
    assert bad.label == "a.yaml"
    assert bad.fault
    assert good == [
        Item("b.yaml[0]", {"id": "b"}),
        Item("b.yaml[1]", {"id": "c"}),
        Item("d.yaml", {"id": "d"}),
    ]
