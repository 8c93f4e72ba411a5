"""Completeness: each gap is reported exactly when it applies."""

from typing import Any

import pytest

from biobank.records.catalogue import Catalogue
from biobank.search.completeness import GAP_VALUES, find_gaps, is_uncertain
from biobank.search.document import RelatedData, make_document

COMPLETE_RECORD: dict[str, Any] = {
    "id": "yazili-yazilov",
    "names": [{"text": "Yazılı Yazılov", "lang": "az", "kind": "preferred"}],
    "birth": {"date": "1885-09-18", "cites": [{"source": "book"}]},
    "events": [{"date": "1908", "cites": [{"source": "book"}]}],
    "biography": dict.fromkeys(("az", "en", "ru"), "A life [@book, p. 2]."),
    "media": [{"type": "image", "url": f"/media/{'a' * 64}"}],
    "identifiers": {"wikidata": "Q1"},
}
NO_GAPS: dict[str, list[str]] = {gap: [] for gap in GAP_VALUES}


def gaps(record: dict[str, Any], *, has_relations: bool = True, stale: tuple[str, ...] = ()) -> Any:
    return find_gaps(record, has_relations=has_relations, stale=stale)


def test_complete_record_has_no_gaps() -> None:
    assert gaps(COMPLETE_RECORD) == NO_GAPS


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"biography": {"az": "A [@book].", "ru": "B [@book]."}}, {"lacks": ["en"]}),
        ({"media": [{"type": "video", "url": "https://a.az"}]}, {"lacks": ["portrait"]}),
        ({"media": [{"type": "image", "url": "https://a.az"}]}, {"lacks": ["portrait"]}),
        ({"identifiers": {}}, {"lacks": ["identifier"]}),
        (
            {"death": {"place": "baku"}, "works": [{"title": {"en": "A"}}]},
            {"lacks": ["citation"], "unsourced": ["fact", "death", "work"]},
        ),
        (
            {"biography": {**COMPLETE_RECORD["biography"], "en": "An unsourced life."}},
            {"lacks": ["citation"], "unsourced": ["biography"]},
        ),
        ({"birth": {**COMPLETE_RECORD["birth"], "date": "1141~"}}, {"uncertain": ["date", "birth"]}),
    ],
)
def test_each_gap_is_reported_by_kind(changes: dict[str, Any], expected: dict[str, Any]) -> None:
    assert gaps({**COMPLETE_RECORD, **changes}) == {**NO_GAPS, **expected}


def test_relation_on_either_side_counts() -> None:
    assert gaps(COMPLETE_RECORD, has_relations=False) == {**NO_GAPS, "lacks": ["relation"]}


def test_a_text_that_is_not_there_is_lacking_and_not_stale() -> None:
    some = {**COMPLETE_RECORD, "biography": {"az": "A [@book].", "en": "B [@book]."}}
    assert gaps(some, stale=("ru", "en")) == {**NO_GAPS, "lacks": ["ru"], "stale": ["en"]}


@pytest.mark.parametrize("date", ["1141~", "1141?", "1141%", "[1483..1494]", "18XX", "1928/1948~"])
def test_qualified_date_is_uncertain(date: str) -> None:
    assert is_uncertain(date)


@pytest.mark.parametrize("date", ["1885", "1885-09", "1885-09-18", "-0043", "1928/..", "", None])
def test_year_alone_is_not_uncertain(date: str | None) -> None:
    assert not is_uncertain(date)


def test_document_contains_gaps_and_check_date() -> None:
    record = {**COMPLETE_RECORD, "birth": {"date": "1885"}, "events": [], "checked": {"on": "2025-01-02"}}
    indexed = make_document(record, Catalogue(), related_data=RelatedData(stale=("ru",)))
    assert indexed.facets["stale"] == ("ru",)
    assert indexed.facets["unsourced"] == ("fact", "birth")
    assert indexed.checked == (indexed.checked[0], indexed.checked[0])
