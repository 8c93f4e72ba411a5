"""Completeness: each gap is reported exactly when it applies."""

from typing import Any

import pytest

from biobank.records.catalogue import Catalogue
from biobank.search.document import Around, make_document
from biobank.search.gaps import GAPS, gaps_of, is_unsure

WHOLE: dict[str, Any] = {
    "id": "yazili-yazilov",
    "names": [{"text": "Yazılı Yazılov", "lang": "az", "kind": "preferred"}],
    "birth": {"date": "1885-09-18", "cites": [{"source": "book"}]},
    "events": [{"date": "1908", "cites": [{"source": "book"}]}],
    "biography": dict.fromkeys(("az", "en", "ru"), "A life [@book, p. 2]."),
    "media": [{"type": "image", "url": f"/media/{'a' * 64}"}],
    "identifiers": {"wikidata": "Q1"},
}
NOTHING: dict[str, list[str]] = {gap: [] for gap in GAPS}


def gaps(record: dict[str, Any], *, tied: bool = True, stale: tuple[str, ...] = ()) -> Any:
    return gaps_of(record, tied=tied, stale=stale)


def test_a_whole_record_lacks_nothing() -> None:
    assert gaps(WHOLE) == NOTHING


@pytest.mark.parametrize(
    ("changes", "told"),
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
            {"biography": {**WHOLE["biography"], "en": "An unsourced life."}},
            {"lacks": ["citation"], "unsourced": ["biography"]},
        ),
        (
            {"birth": {**WHOLE["birth"], "date": "1141~"}},
            {"uncertain": ["date", "birth"]},
        ),
    ],
)
def test_each_gap_is_told_by_its_kind(changes: dict[str, Any], told: dict[str, Any]) -> None:
    assert gaps({**WHOLE, **changes}) == {**NOTHING, **told}


def test_who_is_tied_at_whichever_end_is_no_dead_end() -> None:
    assert gaps(WHOLE, tied=False) == {**NOTHING, "lacks": ["relation"]}


def test_a_text_that_is_not_there_is_lacking_and_not_stale() -> None:
    some = {**WHOLE, "biography": {"az": "A [@book].", "en": "B [@book]."}}
    assert gaps(some, stale=("ru", "en")) == {**NOTHING, "lacks": ["ru"], "stale": ["en"]}


@pytest.mark.parametrize("date", ["1141~", "1141?", "1141%", "[1483..1494]", "18XX", "1928/1948~"])
def test_a_date_that_says_so_is_not_certain(date: str) -> None:
    assert is_unsure(date)


@pytest.mark.parametrize("date", ["1885", "1885-09", "1885-09-18", "-0043", "1928/..", "", None])
def test_a_year_alone_is_less_exact_and_not_uncertain(date: str | None) -> None:
    assert not is_unsure(date)


def test_a_document_carries_them_and_when_it_was_checked() -> None:
    record = {**WHOLE, "birth": {"date": "1885"}, "events": [], "checked": {"on": "2025-01-02"}}
    found = make_document(record, Catalogue(), around=Around(stale=("ru",)))
    assert found.facets["stale"] == ("ru",)
    assert found.facets["unsourced"] == ("fact", "birth")
    assert found.checked == (found.checked[0], found.checked[0])
