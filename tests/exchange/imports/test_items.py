"""Reading of records from files: an error in one item is reported and does not affect others."""

import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.exchange.formats.jsonl import read_jsonl
from biobank.exchange.imports.items import MAX_LINE_BYTES, ImportItem
from biobank.exchange.imports.items import read_yaml_folder as items_of
from biobank.exchange.imports.messages import UnreadableFile
from tests.support.jsonl import stream


def errors(*lines: str | bytes) -> dict[str, str]:
    return {item.label: str(item.error) for item in read_jsonl(stream(lines)) if item.error}


def test_every_line_is_an_item_and_blank_ones_are_counted_but_passed_over() -> None:
    items = list(read_jsonl(stream(['{"a": 1}', "", "  ", '{"b": 2}'])))
    assert items == [ImportItem("line 1", {"a": 1}), ImportItem("line 4", {"b": 2})]


def test_the_last_line_needs_no_end() -> None:
    assert [item.data for item in read_jsonl(io.BytesIO(b"[1]\r\n[2]"))] == [[1], [2]]


def test_a_byte_order_mark_is_passed_over() -> None:
    assert [item.data for item in read_jsonl(io.BytesIO(b"\xef\xbb\xbf[1]\n"))] == [[1]]


def test_invalid_json_is_reported_with_line_and_character() -> None:
    result = errors("[1]", '{"id": }', "[2]", "{'id': 1}")
    assert result.keys() == {"line 2", "line 4"}
    assert result["line 2"] == "This is not valid JSON: a value is missing at character 8."


def test_a_duplicate_key_is_reported_with_its_line() -> None:
    result = errors("[1]", '{"id": "a", "birth": {"date": "1", "date": "2"}}', '{"\\ud800": 1, "\\ud800": 2}')
    assert result["line 2"] == "The key “date” is repeated in one object. Delete one of the two."
    assert result["line 3"].encode("utf-8")


def test_invalid_utf_8_is_reported_with_the_byte() -> None:
    result = errors('{"id": "Gəncə"}', '{"id": "Гянджа"}'.encode("cp1251"))
    assert result == {"line 2": "Invalid UTF-8 at byte 9. Save the file as UTF-8."}


def test_utf_16_is_reported_once_with_advice() -> None:
    with pytest.raises(UnreadableFile, match=r"The file is in UTF-16. Save it as UTF-8"):
        list(read_jsonl(io.BytesIO('{"id": 1}\n'.encode("utf-16"))))


def test_a_too_long_line_is_reported_and_reading_continues() -> None:
    long = b'"' + b"a" * MAX_LINE_BYTES + b'"'
    items = list(read_jsonl(stream(["[1]", long, "[3]", long * 2, "[5]"])))
    assert [item.label for item in items if item.error] == ["line 2", "line 4"]
    assert "longer than 5,000,000 bytes" in str(items[1].error)
    assert [item.data for item in items if not item.error] == [[1], [3], [5]]


def test_a_line_of_the_very_length_that_is_read_is_read() -> None:
    line = b'"' + b"a" * (MAX_LINE_BYTES - 3) + b'"'
    items = list(read_jsonl(stream([line, b"[2]"])))
    assert [item.error for item in items] == [None, None]


@pytest.mark.parametrize("prefix", ["[", '{"a":'])
def test_deep_nesting_refuses_its_line(prefix: str) -> None:
    assert list(errors("[1]", prefix * 200_000, "[2]")) == ["line 2"]


def test_a_number_of_thousands_of_digits_refuses_its_line() -> None:
    assert list(errors("[1]", "9" * 10_000, "[2]")) == ["line 2"]


@given(st.lists(st.binary(max_size=40).filter(lambda line: b"\n" not in line)))
def test_any_bytes_are_read_line_by_line(lines: list[bytes]) -> None:
    if lines and lines[0].startswith((b"\xff\xfe", b"\xfe\xff")):
        with pytest.raises(UnreadableFile):
            list(read_jsonl(stream(lines)))
        return
    items = list(read_jsonl(stream(lines)))
    labels = [item.label for item in items]
    assert labels == sorted(set(labels), key=lambda label: int(label.removeprefix("line ")))
    assert len(items) <= len(lines)


def test_a_folder_is_read_in_order_despite_an_invalid_file(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").write_text("- {id: b}\n- {id: c}\n", encoding="utf-8")
    (tmp_path / "a.yaml").write_text("id: [", encoding="utf-8")
    (tmp_path / "d.yaml").write_text("id: d\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("id: e\n", encoding="utf-8")
    bad, *good = items_of(tmp_path)
    assert bad.label == "a.yaml"
    assert bad.error
    assert good == [
        ImportItem("b.yaml[0]", {"id": "b"}),
        ImportItem("b.yaml[1]", {"id": "c"}),
        ImportItem("d.yaml", {"id": "d"}),
    ]
