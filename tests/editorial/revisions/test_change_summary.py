"""Summaries of the changes of a revision."""

from typing import Any

from biobank.editorial.revisions.record_diff import ChangedField, diff_records, summarize_changes


def summarize(before: dict[str, Any], after: dict[str, Any]) -> tuple[ChangedField, ...]:
    return summarize_changes(diff_records(before, after))


def test_field_is_listed_once() -> None:
    before = {"birth": {"date": "1885", "place": "baku"}}
    assert summarize(before, {"birth": {"date": "1886", "place": "susa"}}) == (ChangedField("birth"),)


def test_languages_of_a_text_are_listed() -> None:
    assert summarize({"biography": {"az": "A", "en": "B"}}, {"biography": {"az": "A", "en": "C"}}) == (
        ChangedField("biography", languages=("en",)),
    )
    [complete] = summarize({}, {"headline": {"az": "A", "ru": "B"}})
    assert complete.paths == ("headline.az", "headline.ru")
    assert summarize({"headline": {"az": "A"}}, {}) == (ChangedField("headline", languages=("az",)),)


def test_items_of_a_list_are_counted() -> None:
    single, two, three = ({"title": {"az": title}, "date": "1900"} for title in ("A", "B", "C"))
    assert summarize({"works": [single, two]}, {"works": [{**single, "date": "1901"}, two, three]}) == (
        ChangedField("works", items=2),
    )
    assert summarize({"works": [single, two]}, {"works": [two, three]}) == (ChangedField("works", items=2),)
    assert summarize({}, {"sources": ["a", "b"]}) == (ChangedField("sources", items=2),)
    assert summarize({"sources": ["a", "b"]}, {}) == (ChangedField("sources", items=2),)
    [changed] = summarize({"works": [single]}, {"works": [{"title": {"az": "A"}, "date": "1", "type": "x"}]})
    assert (changed.items, changed.paths) == (1, ("works",))
