"""YAML of plain values: errors are reported by position, nothing is ignored."""

from pathlib import Path

import pytest

from biobank.exchange.imports.items import load_yaml, parse_yaml
from biobank.exchange.imports.messages import UnreadableFile


def test_scalars_of_yaml_are_text(tmp_path: Path) -> None:
    file = tmp_path / "record.yaml"
    file.write_text(
        "country: NO\nyear: 0712\nday: 1885-09-18\nyes: true\nnumber: 1.5\nnone: null\nempty:\n",
        encoding="utf-8",
    )
    texts = {"country": "NO", "year": "0712", "day": "1885-09-18", "yes": "true", "number": "1.5"}
    assert load_yaml(file) == {**texts, "none": None, "empty": None}


@pytest.mark.parametrize(
    "content", [b"names: [", b"\xff\xfe", b"a: \x07", b"a: !!python/object/apply:os.getcwd []"]
)
def test_invalid_yaml_is_reported_with_the_file(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_bytes(content)
    with pytest.raises(UnreadableFile, match=r"bad\.yaml"):
        load_yaml(tmp_path / "bad.yaml")


def test_a_missing_file_is_reported(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="No such file"):
        load_yaml(tmp_path / "nobody.yaml")


def test_a_duplicate_key_is_reported_with_its_position() -> None:
    with pytest.raises(UnreadableFile) as exc_info:
        parse_yaml(b"a: {b: 1}\nc:\n  b: 2\n  b: 3\n", "map.yaml")
    assert str(exc_info.value) == (
        "In the file map.yaml, the key “b” is repeated in the same place (line 4, column 3). "
        "Delete one of the two."
    )


@pytest.mark.parametrize(
    "content", ["!!map x", "!!map [1, 2]", "!!int x", "!!bool x", "!!timestamp x", "!!set x", "!!set {x, y}"]
)
def test_tags_of_yaml_are_refused_and_never_end_in_an_error_of_the_parser(content: str) -> None:
    with pytest.raises(UnreadableFile, match=r"map\.yaml"):
        parse_yaml(f"a: {content}".encode(), "map.yaml")
