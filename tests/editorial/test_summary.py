"""Summaries of the changes of a revision."""

from typing import Any

from biobank.editorial.differences import difference
from biobank.editorial.summary import Touched, touched


def between(before: dict[str, Any], after: dict[str, Any]) -> tuple[Touched, ...]:
    return touched(difference(before, after))


def test_a_field_is_named_once_with_what_is_within() -> None:
    before = {"birth": {"date": "1885", "place": "baku"}}
    assert between(before, {"birth": {"date": "1886", "place": "susa"}}) == (Touched("birth"),)


def test_of_a_text_the_languages_are_named() -> None:
    assert between(
        {"biography": {"az": "A", "en": "B"}}, {"biography": {"az": "A", "en": "C"}}
    ) == (Touched("biography", languages=("en",)),)
    [whole] = between({}, {"headline": {"az": "A", "ru": "B"}})
    assert whole.paths == ("headline.az", "headline.ru")
    assert between({"headline": {"az": "A"}}, {}) == (Touched("headline", languages=("az",)),)


def test_of_a_list_the_items_are_counted() -> None:
    one, two, three = ({"title": {"az": title}, "date": "1900"} for title in ("A", "B", "C"))
    assert between({"works": [one, two]}, {"works": [{**one, "date": "1901"}, two, three]}) == (
        Touched("works", items=2),
    )
    assert between({"works": [one, two]}, {"works": [two, three]}) == (Touched("works", items=2),)
    assert between({}, {"sources": ["a", "b"]}) == (Touched("sources", items=2),)
    assert between({"sources": ["a", "b"]}, {}) == (Touched("sources", items=2),)
    [changed] = between(
        {"works": [one]}, {"works": [{"title": {"az": "A"}, "date": "1", "type": "x"}]}
    )
    assert (changed.items, changed.paths) == (1, ("works",))
