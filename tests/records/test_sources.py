"""A source is an id and a CSL-JSON item; invalid items are refused with a message."""

import json
from typing import Any

import pytest

from biobank.errors import RecordRefused
from biobank.exchange.importing.reading import jsonl_items, yaml_items
from biobank.records.problems import load
from biobank.records.sources.schemas import CSL_MOST, source_record, source_row, source_schema
from tests.support import seed
from tests.support.jsonl import stream


def loaded(**csl: Any) -> dict[str, Any]:
    item = {"type": "book", "title": "Azərbaycan xalq musiqisinin əsasları", **csl}
    record = load(source_schema, {"id": "a-book", "csl": item})
    return dict(record["csl"])


def read(text: str) -> Any:
    """Parse JSON as the import does."""
    return next(jsonl_items(stream([text]))).data


def test_the_sources_of_the_seed_come_back_from_their_rows() -> None:
    for item in yaml_items(seed.SEED / "sources"):
        record = load(source_schema, item.data)
        assert source_record(source_row(record)) == record == load(source_schema, record)


def test_every_field_of_csl_is_kept_but_the_id_which_is_the_records() -> None:
    csl = loaded(id="x", author=[{"family": "Hacıbəyov"}], issued={"date-parts": [[1945, 1]]})
    assert csl["author"] == [{"family": "Hacıbəyov"}]
    assert csl["issued"] == {"date-parts": [[1945, 1]]}
    assert "id" not in csl


@pytest.mark.parametrize(
    ("csl", "problem"),
    [
        ('{"title": ""}', "csl.title: Is required, as text."),
        ('{"type": 5}', "csl.type: Is required, as text."),
        ('{"URL": "ftp://a.az"}', "csl.URL: Must start with https:// or http://."),
        ('{"author": [{"family": "H\\u0000"}]}', "csl: Holds a control character; remove it."),
        ('{"H\\u0007": "x"}', "csl: Holds a control character; remove it."),
        ('{"\\ud800": "x"}', "csl: Holds a control character; remove it."),
        ('{"volume": NaN}', "csl: Holds a number that is none."),
        ('{"volume": 1e999}', "csl: Holds a number that is none."),
        ('{"note": ' + "[" * 800 + "]" * 800 + "}", "csl: Is nested too deeply."),
    ],
)
def test_what_no_database_could_keep_is_refused(csl: str, problem: str) -> None:
    with pytest.raises(RecordRefused) as caught:
        loaded(**read(csl))
    assert str(caught.value) == problem


def test_a_source_that_is_too_long_is_refused() -> None:
    with pytest.raises(RecordRefused, match=f"at most {CSL_MOST} are kept"):
        loaded(abstract="ə" * CSL_MOST)


def test_what_is_no_item_is_refused() -> None:
    with pytest.raises(RecordRefused, match="Must be a CSL-JSON item"):
        load(source_schema, {"id": "a-book", "csl": "Hacıbəyov 1945"})


def test_a_source_is_written_as_it_was_read() -> None:
    csl = loaded(URL="https://anl.az/el/Kitab", note="ə")
    assert json.loads(json.dumps(csl)) == csl
