"""EAC-CPF documents written by Biobank round-trip, also after edits."""

import io
import zipfile
from typing import Any

from hypothesis import given, settings

from biobank.exchange.exports.context import RelatedRecords
from biobank.exchange.formats.eac.writer import write_eac_archive
from biobank.records.people.schemas import person_schema
from tests.support import records as strategies
from tests.support import seed
from tests.support.eac import assert_valid, make_edition, read_eac, write_eac
from tests.support.profiles import scaled

UZEYIR = "uzeyir-hacibeyov"


def round_trip(record: dict[str, Any], context: RelatedRecords | None = None) -> dict[str, Any]:
    text = write_eac(record, context)
    assert_valid(text)
    (item,) = read_eac(text)
    assert not item.error
    loaded: dict[str, Any] = person_schema.load(item.data)
    return loaded


def _writable(record: dict[str, Any]) -> bool:
    """Return whether a record lacks the two characters that XML 1.0 cannot contain."""
    return not any(character in repr(record) for character in ("\\ufffe", "\\uffff"))


@settings(max_examples=scaled(80))
@given(strategies.records().filter(_writable))
def test_any_record_round_trips(record: dict[str, Any]) -> None:
    loaded = person_schema.load(record)
    assert round_trip(loaded) == loaded


def test_every_seed_person_round_trips_in_order() -> None:
    for record in seed.people().values():
        loaded = person_schema.load(record)
        assert list(round_trip(loaded).items()) == list(loaded.items())


def test_dates_round_trip_verbatim() -> None:
    for text in ("1928/", "/1928", "../1928", "1928/..", "1928 / 1930", "18XX/1910~", "[..1500]"):
        record = {
            **seed.person_without_relations(UZEYIR),
            "floruit": {"date": text},
            "events": [{"date": text}],
        }
        loaded = person_schema.load(record)
        assert round_trip(loaded) == loaded


def test_sources_include_their_csl() -> None:
    record = person_schema.load(seed.person_without_relations(UZEYIR))
    csl = {"type": "book", "title": "Ü\n]]> & <", "page": 3, "author": [{"family": "Ə"}]}
    result = round_trip(record, RelatedRecords(sources={record["sources"][0]: csl}))
    assert result["sources"][0] == {"id": record["sources"][0], "csl": csl}
    assert result["sources"][1:] == record["sources"][1:]


def test_edited_elements_are_imported() -> None:
    text = write_eac(person_schema.load(seed.person_without_relations(UZEYIR))).decode()
    text = text.replace(">Üzeyir<", ">Üzeyir bəy<", 1)
    text = text.replace('standardDate="1885-09-18"', 'standardDate="1885-09"')
    (item,) = read_eac(text.encode())
    assert item.data["names"][0]["text"] == "Üzeyir bəy Hacıbəyov"
    assert item.data["birth"]["date"] == "1885-09"


def test_an_archive_round_trips() -> None:
    records = [person_schema.load(record) for record in seed.people().values()]
    chunks = list(write_eac_archive(iter(records), make_edition()))
    # The archive is streamed: no chunk is the whole.
    assert len(chunks) > len(records)
    archive_bytes = b"".join(chunks)
    with zipfile.ZipFile(io.BytesIO(archive_bytes)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [f"{record['id']}.xml" for record in records]
    items = read_eac(archive_bytes)
    assert [item.label for item in items] == [f"{record['id']}.xml" for record in records]
    assert [person_schema.load(item.data) for item in items] == records


def test_an_empty_selection_is_an_archive_without_files() -> None:
    (item,) = read_eac(b"".join(write_eac_archive([], make_edition())))
    assert str(item.error) == "The archive contains no .xml files."


def test_a_field_that_is_wrong_is_refused_by_name_and_not_by_a_fall() -> None:
    text = write_eac(person_schema.load(seed.person_without_relations(UZEYIR))).decode()
    for old, new in (
        ("<recordId>", "<other>"),
        ('bb:kind="work"', 'bb:kind="nonsense"'),
        ('bb:kind="membership"', 'bb:kind="media"'),
        ("<nameEntry ", "<nothing "),
        ('localType="pen"', 'localType="pencil"'),
    ):
        tag_old, tag_new = old.strip("<> "), new.strip("<> ")
        changed = text.replace(f"{old}", f"{new}").replace(f"</{tag_old}>", f"</{tag_new}>")
        for item in read_eac(changed.encode()):
            assert item.error or person_schema.validate(item.data) is not None
