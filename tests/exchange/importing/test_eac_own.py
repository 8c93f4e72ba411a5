"""EAC-CPF documents written by Biobank round-trip, also after edits."""

import io
import zipfile
from typing import Any

from hypothesis import given, settings

from biobank.exchange.answers import eac_cpf
from biobank.exchange.answers.surroundings import Surroundings
from biobank.records.people.schemas import person_schema
from tests.support import records as strategies
from tests.support import seed
from tests.support.eac import edition, read, valid, written

UZEYIR = "uzeyir-hacibeyov"


def back(record: dict[str, Any], around: Surroundings | None = None) -> dict[str, Any]:
    text = written(record, around)
    valid(text)
    (item,) = read(text)
    assert not item.fault
    loaded: dict[str, Any] = person_schema.load(item.data)
    return loaded


def _writable(record: dict[str, Any]) -> bool:
    """Return whether a record lacks the two characters that XML 1.0 cannot contain."""
    return not any(letter in repr(record) for letter in ("\\ufffe", "\\uffff"))


@settings(max_examples=80)
@given(strategies.records().filter(_writable))
def test_any_record_comes_back_equal(record: dict[str, Any]) -> None:
    loaded = person_schema.load(record)
    assert back(loaded) == loaded


def test_every_person_of_the_seed_comes_back_equal_with_the_order_of_every_list() -> None:
    for record in seed.people().values():
        loaded = person_schema.load(record)
        assert list(back(loaded).items()) == list(loaded.items())


def test_dates_come_back_letter_by_letter() -> None:
    for text in ("1928/", "/1928", "../1928", "1928/..", "1928 / 1930", "18XX/1910~", "[..1500]"):
        record = {**seed.alone(UZEYIR), "floruit": {"date": text}, "events": [{"date": text}]}
        loaded = person_schema.load(record)
        assert back(loaded) == loaded


def test_sources_come_with_what_they_are() -> None:
    record = person_schema.load(seed.alone(UZEYIR))
    csl = {"type": "book", "title": "Ü\n]]> & <", "page": 3, "author": [{"family": "Ə"}]}
    found = back(record, Surroundings(sources={record["sources"][0]: csl}))
    assert found["sources"][0] == {"id": record["sources"][0], "csl": csl}
    assert found["sources"][1:] == record["sources"][1:]


def test_what_somebody_changed_is_taken_over() -> None:
    text = written(person_schema.load(seed.alone(UZEYIR))).decode()
    text = text.replace(">Üzeyir Hacıbəyov<", ">Üzeyir bəy Hacıbəyov<", 1)
    text = text.replace('standardDate="1885-09-18"', 'standardDate="1885-09"')
    (item,) = read(text.encode())
    assert item.data["names"][0]["text"] == "Üzeyir bəy Hacıbəyov"
    assert item.data["birth"]["date"] == "1885-09"


def test_an_archive_has_a_document_a_person_and_is_read_whole() -> None:
    records = [person_schema.load(record) for record in seed.people().values()]
    pieces = list(eac_cpf.write(iter(records), edition()))
    # The archive is streamed: no chunk is the whole.
    assert len(pieces) > len(records)
    whole = b"".join(pieces)
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        assert archive.testzip() is None
        assert archive.namelist() == [f"{record['id']}.xml" for record in records]
    items = read(whole)
    assert [item.label for item in items] == [f"{record['id']}.xml" for record in records]
    assert [person_schema.load(item.data) for item in items] == records


def test_nobody_is_an_archive_without_files() -> None:
    (item,) = read(b"".join(eac_cpf.write([], edition())))
    assert str(item.fault) == "Holds no file that ends with .xml."


def test_a_field_that_is_wrong_is_refused_by_name_and_not_by_a_fall() -> None:
    text = written(person_schema.load(seed.alone(UZEYIR))).decode()
    for old, new in (
        ("<recordId>", "<other>"),
        ('bb:kind="work"', 'bb:kind="nonsense"'),
        ('bb:kind="membership"', 'bb:kind="media"'),
        ("<nameEntry ", "<nothing "),
        ('localType="pen"', 'localType="pencil"'),
    ):
        tag_old, tag_new = old.strip("<> "), new.strip("<> ")
        changed = text.replace(f"{old}", f"{new}").replace(f"</{tag_old}>", f"</{tag_new}>")
        for item in read(changed.encode()):
            assert item.fault or person_schema.validate(item.data) is not None
