"""XLSX: rows as displayed; formulas, bombs and entities are refused, broken files reported."""

import io
import re
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from biobank.exchange.formats import xlsx
from biobank.exchange.formats.tables import SourceRow
from biobank.exchange.formats.xlsx import workbook_table
from biobank.exchange.imports.items import UnreadableFile
from tests.support.corrupt_files import corrupt_zip
from tests.support.profiles import scaled

Change = Callable[[str, bytes], bytes]
SHEET = "xl/worksheets/sheet1.xml"
SHARED = "xl/sharedStrings.xml"


def make_workbook(*rows: list[Any], sheet: str | None = None) -> bytes:
    book = openpyxl.Workbook()
    page = book.create_sheet(sheet) if sheet else book.active
    for row in rows:
        page.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def changed(content: bytes, change: Change, more: dict[str, bytes] | None = None) -> bytes:
    """Return the workbook with changed and additional members."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for member in old.infolist():
            new.writestr(member.filename, change(member.filename, old.read(member)))
        for name, text in (more or {}).items():
            new.writestr(name, text)
    return out.getvalue()


def rows(content: bytes, sheet: str | None = None) -> list[SourceRow]:
    return list(workbook_table(io.BytesIO(content), sheet=sheet).rows)


def refused(content: bytes) -> str:
    with pytest.raises(UnreadableFile) as exc_info:
        rows(content)
    return exc_info.value.message


def test_cells_are_read_as_displayed() -> None:
    first, second = rows(
        make_workbook(
            ["name", "born", "day", "height", "living"],
            ["Üzeyir", 1885, date(1905, 3, 1), 1.75, True],
            ["Koroğlu", None, datetime(1937, 4, 30), None, None],
        )
    )
    assert first.label == "row 2"
    columns = ("name", "born", "day", "height", "living")
    expected = ["Üzeyir", "1885", "1905-03-01", "1.75", "true"]
    assert [first.values(column) for column in columns] == [[text] for text in expected]
    assert [second.values(column) for column in columns] == [["Koroğlu"], [], ["1937-04-30"], [], []]


def test_empty_rows_are_passed_over_and_counted() -> None:
    assert [row.label for row in rows(make_workbook(["a"], [1], [None], [2]))] == ["row 2", "row 4"]


def test_a_sheet_is_selected_by_name() -> None:
    content = make_workbook(["a"], [1], sheet="People")
    assert rows(content, "People")[0].values("a") == ["1"]
    with pytest.raises(UnreadableFile, match=r"no sheet “Nobody”. Its sheets are: Sheet, People"):
        rows(content, "Nobody")


def test_a_formula_refuses_its_row() -> None:
    bad, good = rows(make_workbook(["name"], ['=CONCAT("a","b")'], ["Üzeyir"]))
    assert str(bad.error) == "Cell A2 contains a formula. Copy the column and paste it as values."
    assert good.values("name") == ["Üzeyir"]
    assert "Cell A1 contains a formula" in refused(make_workbook(["=1"], [1]))


def test_an_error_of_the_spreadsheet_refuses_its_row() -> None:
    bad, _ = rows(make_workbook(["name"], ["#N/A"], ["Üzeyir"]))
    assert str(bad.error) == "Cell A2 contains the error #N/A. Correct it."


def test_cells_beyond_the_columns_are_reported() -> None:
    [row] = rows(make_workbook(["a"], [1, 2]))
    assert row.error.message.startswith("Cell B2 is outside the 1 columns")


def test_rows_of_merged_cells_are_refused() -> None:
    book = openpyxl.Workbook()
    for row in (["name", "town"], ["A", "Baku"], ["B"], ["C"], ["D", "Gəncə"], ["E"], ["F", "x"]):
        book.active.append(row)
    for cells in ("B2:B3", "A3:B4", "B5:C5", "A6:A6"):
        book.active.merge_cells(cells)
    out = io.BytesIO()
    book.save(out)
    errors = {row.label: row.error for row in rows(out.getvalue())}
    assert [label for label, error in errors.items() if error] == ["row 3", "row 4"]
    assert str(errors["row 3"]) == (
        "The cells B2:B3 are merged, and only the first contains text. Unmerge them and fill in each one."
    )


def test_merged_cells_are_detected_as_far_as_they_reach() -> None:
    book = openpyxl.Workbook()
    for number in range(1, 40):
        book.active.append([number])
    for cells in ("A2:A3", "A5:A9", "B6:C7", "B8:B11", "A38:A39"):
        book.active.merge_cells(cells)
    out = io.BytesIO()
    book.save(out)
    refused_rows = [row.label for row in rows(out.getvalue()) if row.error]
    assert refused_rows == [f"row {number}" for number in (3, 6, 7, 8, 9, 10, 11, 39)]


def test_ignored_sheets_are_reported() -> None:
    book = openpyxl.Workbook()
    book.active.append(["a"])
    book.create_sheet("Empty")
    book.create_sheet("More").append(["a", "b"])
    out = io.BytesIO()
    book.save(out)
    [notice] = workbook_table(io.BytesIO(out.getvalue())).notices
    assert str(notice).startswith(
        "Only the sheet “Sheet” was read, but other sheets also contain data: More."
    )
    assert not workbook_table(io.BytesIO(out.getvalue()), sheet="Sheet").notices


def test_a_number_that_lost_digits_refuses_its_row() -> None:
    good, bad = rows(make_workbook(["isni"], [999_999_999_999_999], [1_234_567_890_123_450]))
    assert good.values("isni") == ["999999999999999"]
    assert str(bad.error).startswith("Cell A3 contains a number of more than 15 digits")


def test_line_breaks_as_excel_writes_them_are_read_as_such() -> None:
    [row] = rows(make_workbook(["a"], ["one_x000D_\ntwo_x000D_three"]))
    assert row.values("a") == ["one\ntwo\nthree"]


def with_sheet(text: bytes) -> bytes:
    return changed(make_workbook(["name"], ["x"]), lambda name, old: text if name == SHEET else old)


ENTITY = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    b"<!DOCTYPE a [<!ENTITY a 'ha'>"
    + b"".join(b"<!ENTITY %c '%s'>" % (letter + 1, b"&%c;" % letter * 10) for letter in range(97, 106))
    + b"]>"
)


@pytest.mark.parametrize("definition", [ENTITY, LAUGHS])
@pytest.mark.parametrize("member", [SHEET, "xl/workbook.xml", SHARED])
def test_entities_are_refused_in_every_part(definition: bytes, member: str) -> None:
    def change(name: str, old: bytes) -> bytes:
        return definition + b"<a>&x;</a>" if name == member else old

    more = {SHARED: definition + b"<sst>&x;</sst>"} if member == SHARED else None
    message = refused(changed(make_workbook(["name"], ["x"]), change, more))
    assert "defines XML entities" in message
    assert "Save the table again with a spreadsheet program" in message


def test_entities_hidden_in_another_encoding_are_refused() -> None:
    text = (ENTITY + b"<a>&x;</a>").decode().encode("utf-16")
    assert "defines XML entities" in refused(with_sheet(text))


def test_a_definition_that_is_cut_by_the_end_of_a_chunk_is_seen() -> None:
    text = b" " * (xlsx.ZIP_CHUNK_BYTES - 4) + ENTITY
    assert "defines XML entities" in refused(with_sheet(text))


def test_a_zip_bomb_is_refused() -> None:
    message = refused(changed(make_workbook(["a"]), lambda _, old: old, {"bomb": bytes(50_000_000)}))
    assert "is more than 200 times larger when decompressed" in message


def test_a_zip_whose_directory_lies_is_refused() -> None:
    content = changed(make_workbook(["a"]), lambda _, old: old, {"bomb": bytes(50_000_000)})
    lie = content.replace((50_000_000).to_bytes(4, "little"), (100).to_bytes(4, "little"))
    assert lie != content
    assert "The XLSX file is damaged" in refused(lie)


def test_an_excessive_directory_is_refused_before_reading(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MAX_XLSX_BYTES", 1_000)
    assert "The decompressed workbook is larger than 1,000 bytes. Save it as CSV" in refused(
        make_workbook(["a"], [1])
    )


def test_excessive_shared_strings_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "MAX_SHARED_STRINGS_BYTES", 1_000)
    message = refused(changed(make_workbook(["name"], ["x"]), lambda _, old: old, {SHARED: b" " * 2_000}))
    assert "sharedStrings.xml” in the workbook is larger than 1,000 bytes when decompressed" in message


def test_too_many_columns_are_refused_naming_the_last() -> None:
    for count, last in ((501, "SG1"), (16_384, "XFD1")):
        message = refused(make_workbook([f"c{number}" for number in range(count)]))
        assert message.startswith(f"The first row extends to cell {last}; the maximum is 500 columns")


def with_cells(cells: bytes) -> bytes:
    """Return a workbook of two columns, a and b, whose second row ends with these cells."""
    return changed(
        make_workbook(["a", "b"], [1, 2]),
        lambda name, old: (
            old.replace(b"</row></sheetData>", cells + b"</row></sheetData>") if name == SHEET else old
        ),
    )


@pytest.mark.parametrize("far", ["C2", "SG2", "XFD2"])
def test_a_cell_beyond_the_columns_refuses_its_row(far: str) -> None:
    [row] = rows(with_cells(f'<c r="{far}" t="n"><v>1</v></c>'.encode()))
    assert str(row.error) == (
        f"Cell {far} is outside the 2 columns named in the first row. Name its column or clear the cell."
    )


def test_empty_cells_beyond_the_columns_are_ignored() -> None:
    [row] = rows(with_cells(b'<c r="XFC2" s="0"/><c r="XFD2" t="inlineStr"><is><t> </t></is></c>'))
    assert [row.error, row.values("a"), row.values("b")] == [None, ["1"], ["2"]]


@pytest.mark.parametrize("extra", ["A2", "B2"])
def test_a_sheet_with_repeated_or_unordered_cells_is_refused(extra: str) -> None:
    """The row iterator of openpyxl keeps the last of two such cells, and drops those behind the last."""
    content = with_cells(f'<c r="{extra}" t="n"><v>3</v></c>'.encode())
    assert refused(content) == f"Cell {extra} is repeated or out of order in the file. Save the table again."


@pytest.mark.parametrize("number", ["1", "2", "0"])
def test_a_sheet_with_repeated_or_unordered_rows_is_refused(number: str) -> None:
    """The row iterator of openpyxl skips such rows silently."""
    row = f'</row><row r="{number}"><c t="n"><v>3</v></c></row></sheetData>'.encode()
    content = changed(
        make_workbook(["a"], [1]),
        lambda name, old: old.replace(b"</row></sheetData>", row) if name == SHEET else old,
    )
    assert refused(content) == f"row {number}: The XLSX file cannot be read. Save it again."


def test_rows_and_cells_without_numbers_are_counted() -> None:
    content = changed(
        make_workbook(["a", "b"], [1, 2], [3, 4]),
        lambda name, old: re.sub(rb'(<row|<c) r="[A-Z]*[13]"', rb"\1", old) if name == SHEET else old,
    )
    assert [(row.label, row.values("a"), row.values("b")) for row in rows(content)] == [
        ("row 2", ["1"], ["2"]),
        ("row 3", ["3"], ["4"]),
    ]


def test_rows_beyond_the_stated_dimensions_are_read() -> None:
    content = changed(
        make_workbook(["a", "b"], [1, 2]), lambda name, old: old.replace(b'ref="A1:B2"', b'ref="A1:A1"')
    )
    assert [row.values("b") for row in rows(content)] == [["2"]]


def test_a_distant_row_number_is_not_iterated_to(monkeypatch: pytest.MonkeyPatch) -> None:
    far = b'</row><row r="2000000000"><c r="A2000000000" t="n"><v>1</v></c></row></sheetData>'
    content = changed(
        make_workbook(["a"], [1]),
        lambda name, old: old.replace(b"</row></sheetData>", far) if name == SHEET else old,
    )
    monkeypatch.setattr(xlsx, "MAX_SHEET_ROWS", 1_000)
    assert refused(content) == "The sheet has more than 1,000 rows. Save the table as CSV."


def test_rows_that_are_empty_are_passed_over_and_counted() -> None:
    [first, last] = rows(make_workbook(["a", "b"], ["x", None], [], [None, None], [None, "y"]))
    assert [first.label, last.label] == ["row 2", "row 5"]
    assert [last.values("a"), last.values("b")] == [[], ["y"]]


def test_an_invalid_cell_is_reported_with_its_row() -> None:
    content = changed(
        make_workbook(["a"], [1], [2]),
        lambda name, old: old.replace(b't="n"><v>2<', b't="d"><v>99-99-99<') if name == SHEET else old,
    )
    assert refused(content).startswith("row 3: The XLSX file cannot be read")


@pytest.mark.parametrize("number", ["1e999999", "NaN", "9" * 10_000])
def test_an_invalid_number_is_reported(number: str) -> None:
    content = changed(
        make_workbook(["a"], [1]),
        lambda name, old: old.replace(b"<v>1</v>", b"<v>%s</v>" % number.encode()) if name == SHEET else old,
    )
    with suppress(UnreadableFile):
        assert all(row.error for row in rows(content))


@pytest.mark.parametrize("content", [b"", b"PK", b"no zip", b"PK\x05\x06" + bytes(18)])
def test_other_files_are_reported(content: bytes) -> None:
    assert "The XLSX file " in refused(content)


def test_a_zip_without_a_workbook_is_reported() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("hello.txt", "hello")
    assert "The XLSX file cannot be read" in refused(out.getvalue())


VALID_WORKBOOK = make_workbook(["name", "born"], ["Üzeyir", 1885], ["Ceyhun", 1891])


@settings(max_examples=scaled(150))
@given(st.integers(0, len(VALID_WORKBOOK) - 1), st.binary(min_size=1, max_size=8))
def test_a_corrupted_workbook_is_read_or_refused(at: int, bytes_: bytes) -> None:
    content = VALID_WORKBOOK[:at] + bytes_ + VALID_WORKBOOK[at + len(bytes_) :]
    with suppress(UnreadableFile):
        assert all(row.label for row in rows(content))


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_workbook_with_a_broken_member_is_reported(method: int) -> None:
    with pytest.raises(UnreadableFile, match="The XLSX file is damaged"):
        workbook_table(io.BytesIO(corrupt_zip(method)))
