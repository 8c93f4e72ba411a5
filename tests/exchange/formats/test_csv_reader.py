"""CSV and TSV: rows by column name; invalid ones are reported by line."""

import codecs
import io
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.exchange.formats.csv import TABLE_ENCODINGS, delimited_table, write_rows
from biobank.exchange.formats.tables import RowError, TableRow, check_columns
from biobank.exchange.imports.items import MAX_LINE_BYTES, UnreadableFile


def rows(content: str | bytes, separator: str = ",", encoding: str = "utf-8") -> list[TableRow]:
    content = content.encode() if isinstance(content, str) else content
    table = delimited_table(io.BytesIO(content), separator=separator, encoding=encoding)
    return list(table.rows)  # type: ignore[arg-type]


def errors(content: str | bytes, separator: str = ",") -> dict[str, str]:
    return {row.label: str(row.error) for row in rows(content, separator) if row.error}


def test_rows_have_column_names_and_line_numbers() -> None:
    assert rows("name,born\r\nÜzeyir,1885\n\nKoroğlu,\n") == [
        TableRow("line 2", {"name": "Üzeyir", "born": "1885"}),
        TableRow("line 4", {"name": "Koroğlu", "born": ""}),
    ]


def test_quoted_texts_can_contain_separators_and_line_breaks() -> None:
    first, second = rows('a,b\n"x, ""y""\nz",1\n2,3\n')
    assert first.cells == {"a": 'x, "y"\nz', "b": "1"}
    assert second.label == "line 4"


def test_tsv_has_no_quotes() -> None:
    assert rows('a\tb\n"x\ty"\n', "\t")[0].cells == {"a": '"x', "b": 'y"'}


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a,b\n1\n2,3\n", {"line 2": "This row has 1 cells, but the first line has 2 columns"}),
        ("a,b\n1,2,3\n2,3\n", {"line 2": "This row has 3 cells, but the first line has 2 columns"}),
        ('a,b\n"x" y,2\n2,3\n', {"line 2": "This is not valid CSV"}),
        ("a,b\n1,\0\n2,3\n", {"line 2": "The table contains a NUL byte"}),
        ("a,b\n1,Г\n2,3\n".encode("cp1251"), {"line 2": "Invalid UTF-8 at byte 3. Save the file"}),
    ],
)
def test_an_invalid_row_is_reported_and_reading_continues(
    content: str | bytes, expected: dict[str, str]
) -> None:
    result = errors(content)
    assert result.keys() == expected.keys()
    assert all(result[label].startswith(begins) for label, begins in expected.items())
    assert rows(content)[-1].cells == {"a": "2", "b": "3"}


def test_rows_of_empty_cells_are_passed_over_and_counted() -> None:
    table = delimited_table(io.BytesIO(b"a,b\n,\n , ,\n1,2\n"), separator=",")
    assert [row.label for row in table.rows] == ["line 4"]


def test_empty_cells_behind_the_last_column_are_passed_over() -> None:
    assert rows("a,b\n1,2,,\n")[0].cells == {"a": "1", "b": "2"}


def test_an_unclosed_quote_does_not_swallow_the_file() -> None:
    flood = '"' + "\n" * 300_000
    result = rows(f"a,b\n1,{flood}5,6\n")
    assert result[0].error.message.startswith("A quotation mark is not closed: lines 2 to ")
    assert result[-1].cells == {"a": "5", "b": "6"}


class LongLine(io.RawIOBase):
    """A generated line of a gigabyte between two valid ones."""

    SIZE = 1 << 30

    def __init__(self) -> None:
        self.chunks = iter([b"a,b\n1,2\n", *[b"x" * (1 << 20)] * (self.SIZE >> 20), b"\n3,4\n"])

    def read(self, size: int = -1) -> bytes:
        return next(self.chunks, b"")


def test_a_line_of_a_gigabyte_is_refused_in_bounded_memory() -> None:
    table = delimited_table(Piped(LongLine()), separator=",")  # type: ignore[arg-type]
    first, long, last = table.rows
    assert first.values("a") == ["1"]
    assert str(long.error) == f"The line is longer than {MAX_LINE_BYTES:,} bytes."
    assert (last.label, last.values("b")) == ("line 4", ["4"])


class Piped(io.RawIOBase):
    """A stream that is read in chunks of the requested size."""

    def __init__(self, stream: LongLine) -> None:
        self.stream = stream
        self.buffered = b""

    def read(self, size: int = -1) -> bytes:
        self.buffered = self.buffered or self.stream.read()
        chunk, self.buffered = self.buffered[:size], self.buffered[size:]
        return chunk


@pytest.mark.parametrize("encoding", TABLE_ENCODINGS)
def test_encodings_are_read_when_they_are_named(encoding: str) -> None:
    text = "Гянджа" if encoding in ("cp1251", "koi8-r", "cp866") else "Gence"
    content = f"a\n{text}\n".encode(encoding)
    assert rows(content, encoding=encoding)[0].cells == {"a": text}


@pytest.mark.parametrize("mark", [codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE])
def test_a_byte_order_mark_sets_the_encoding(mark: bytes) -> None:
    names = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le"}
    content = mark + "ad,il\nGəncə,1\n".encode(names.get(mark, "utf-16-be"))
    assert rows(content)[0].cells == {"ad": "Gəncə", "il": "1"}


def test_utf_32_is_refused_with_advice() -> None:
    with pytest.raises(UnreadableFile, match=r"UTF-32. Save it as UTF-8"):
        rows("a\n1\n".encode("utf-32"))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "The table is empty"),
        ("\n", "The table is empty"),
        (",,\n1,2,3\n", "The table is empty"),
        ("a,b,a\n", "The column name “a” is used twice"),
        (",".join(map(str, range(501))), "has 501 columns; the maximum is 500"),
        ("Г\n".encode("cp1251"), "line 1: Invalid UTF-8 at byte 1"),
        (b"a,\0\n", "line 1: The table contains a NUL byte"),
    ],
)
def test_a_table_with_an_unreadable_header_is_refused(content: str | bytes, message: str) -> None:
    with pytest.raises(UnreadableFile, match=message):
        rows(content)


def test_classic_mac_line_ends_are_reported() -> None:
    with pytest.raises(UnreadableFile, match="line 1: A carriage return"):
        rows(b"name,born\rAysu,1901\r")
    assert "A carriage return" in errors(b"name,born\nAy\rsu,1901\n")["line 2"]


def test_missing_columns_are_named_with_the_nearest() -> None:
    with pytest.raises(UnreadableFile) as refused:
        check_columns(["name", "birthyear"], ["name", "birth_year", "death"])
    assert "no column “birth_year”, “death”" in refused.value.message
    with pytest.raises(UnreadableFile, match="Check the “separator” in the mapping file"):
        check_columns(["name;birthyear"], ["name"])


@pytest.mark.parametrize(
    "text", ["=1+1", "=HYPERLINK(1)", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3+cmd|' /C calc'!A0"]
)
def test_formulas_are_refused(text: str) -> None:
    with pytest.raises(RowError, match=r"starts like a formula. Enter the value instead"):
        TableRow("line 2", {"name": text}).values("name")


@pytest.mark.parametrize("text", ["-384", "+1885", "-0043~", "-", "-01XX", "Ana-Maria", "a=b"])
def test_texts_resembling_formulas_are_accepted(text: str) -> None:
    assert TableRow("line 2", {"name": text}).values("name") == [text]


cells = (
    st.text(st.characters(codec="utf-8", exclude_characters="\0\r"), max_size=30)
    | st.text("'=+-@＝1a", max_size=5)
).map(str.strip)


@given(st.lists(st.lists(cells, min_size=2, max_size=2)))
def test_written_csv_round_trips(written: list[list[str]]) -> None:
    result = rows("".join(write_rows(["a", "b"], written)))
    read = [[row.values("a"), row.values("b")] for row in result]
    assert read == [[[cell] if cell else [] for cell in row] for row in written if any(row)]


@given(st.binary(max_size=400), st.sampled_from([",", "\t", ";"]), st.sampled_from(TABLE_ENCODINGS))
def test_any_bytes_are_read_or_refused(content: bytes, separator: str, encoding: str) -> None:
    with suppress(UnreadableFile):
        result = rows(content, separator, encoding)
        assert all(row.label and (row.error or row.cells) for row in result)
