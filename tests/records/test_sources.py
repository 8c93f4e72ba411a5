"""A source is an id and a CSL-JSON item; invalid items are refused with a message."""

import json
from typing import Any

import pytest

from biobank.errors import RecordRefused
from biobank.exchange.formats.jsonl import read_jsonl
from biobank.exchange.imports.items import read_yaml_folder
from biobank.records.sources.schemas import MAX_CSL_CHARS, source_record, source_row, source_schema
from biobank.records.validation import load_validated
from tests.support import seed
from tests.support.jsonl import stream


def loaded(**csl: Any) -> dict[str, Any]:
    item = {"type": "book", "title": "Azərbaycan xalq musiqisinin əsasları", **csl}
    record = load_validated(source_schema, {"id": "a-book", "csl": item})
    return dict(record["csl"])


def parse_json(text: str) -> Any:
    """Parse JSON as the import does."""
    return next(read_jsonl(stream([text]))).data


def test_seed_sources_survive_a_round_trip() -> None:
    for item in read_yaml_folder(seed.SEED / "sources"):
        record = load_validated(source_schema, item.data)
        assert source_record(source_row(record)) == record == load_validated(source_schema, record)


def test_every_csl_field_except_the_id_is_kept() -> None:
    csl = loaded(id="x", author=[{"family": "Hacıbəyov"}], issued={"date-parts": [[1945, 1]]})
    assert csl["author"] == [{"family": "Hacıbəyov"}]
    assert csl["issued"] == {"date-parts": [[1945, 1]]}
    assert "id" not in csl


@pytest.mark.parametrize(
    ("csl", "problem"),
    [
        ('{"title": ""}', "csl.title: Required, as text."),
        ('{"type": 5}', "csl.type: Required, as text."),
        ('{"URL": "ftp://a.az"}', "csl.URL: Must start with https:// or http://."),
        ('{"author": [{"family": "H\\u0000"}]}', "csl: Contains a control character. Remove it."),
        ('{"H\\u0007": "x"}', "csl: Contains a control character. Remove it."),
        ('{"\\ud800": "x"}', "csl: Contains a control character. Remove it."),
        ('{"volume": NaN}', "csl: Contains an invalid number."),
        ('{"volume": 1e999}', "csl: Contains an invalid number."),
        ('{"note": ' + "[" * 800 + "]" * 800 + "}", "csl: Nested too deeply."),
    ],
)
def test_values_that_databases_cannot_store_are_refused(csl: str, problem: str) -> None:
    with pytest.raises(RecordRefused) as exc_info:
        loaded(**parse_json(csl))
    assert str(exc_info.value) == problem


def test_a_source_that_is_too_long_is_refused() -> None:
    with pytest.raises(RecordRefused, match=f"the maximum is {MAX_CSL_CHARS}"):
        loaded(abstract="ə" * MAX_CSL_CHARS)


def test_invalid_items_are_refused() -> None:
    with pytest.raises(RecordRefused, match="Must be a CSL-JSON item"):
        load_validated(source_schema, {"id": "a-book", "csl": "Hacıbəyov 1945"})


def test_a_source_is_unchanged_after_a_round_trip() -> None:
    csl = loaded(URL="https://anl.az/el/Kitab", note="ə")
    assert json.loads(json.dumps(csl)) == csl
