"""The schema of a record: accepted and refused input, and the messages."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from biobank.errors import FieldError, RecordRefused
from biobank.exchange.imports.items import load_yaml
from biobank.records.people.mapping import preferred_name
from biobank.records.people.schemas import person_schema
from biobank.records.validation import load_validated
from tests.support import seed
from tests.support.profiles import scaled
from tests.support.records import records

UZEYIR = "uzeyir-hacibeyov"

Change = Callable[[dict[str, Any]], object]


def validation_errors(change: Change) -> list[FieldError]:
    """Return the problems of Üzeyir's record after `change`."""
    record = seed.person(UZEYIR)
    load_validated(person_schema, record)
    change(record)
    with pytest.raises(RecordRefused) as exc_info:
        load_validated(person_schema, record)
    return list(exc_info.value.problems)


def outcome(document: Any) -> tuple[dict[str, Any] | None, tuple[FieldError, ...]]:
    try:
        return load_validated(person_schema, document), ()
    except RecordRefused as refused:
        return None, refused.problems


def set_value(path: str, value: object) -> Change:
    """Return a change that sets `value` at a path such as `names.0.text`."""
    *parents, last = path.split(".")

    def change(record: Any) -> None:
        for step in parents:
            record = record[int(step)] if isinstance(record, list) else record[step]
        record[int(last) if isinstance(record, list) else last] = value

    return change


@pytest.mark.parametrize(
    ("where", "value", "path", "message"),
    [
        ("nickname", "Filankəs", "nickname", "Unknown field"),
        ("names.0.nickname", "x", "names[0].nickname", "Unknown field"),
        ("birth.hour", "12", "birth.hour", "Unknown field"),
        ("events.1.text.de", "x", "events[1].text.de", "Use az, en or ru"),
        ("headline.tr", "Besteci", "headline.tr", "Use az, en or ru"),
        ("headline", "Bəstəkar", "headline", "Must be text by language"),
        ("headline.az", " ", "headline.az", "Must not be empty. Leave the field out"),
        ("headline.az", "x" * 301, "headline.az", "Has 301 characters; the maximum is 300"),
        ("headline.az", "bir\niki", "headline.az", "line break or a tab"),
        ("headline.az", "bir\tiki", "headline.az", "line break or a tab"),
        ("headline.az", "bir\u2028iki", "headline.az", "line break or a tab"),
        ("id", "Üzeyir", "id", "Use lower-case letters a–z and digits, separated by hyphens"),
        ("id", "a" * 121, "id", "the maximum is 120"),
        ("names", [], "names", "A person must have between 1 and"),
        ("names", None, "names", "Must not be null. Leave the field out"),
        ("names", "Üzeyir", "names", "Must be a list"),
        ("names.0", "Üzeyir", "names[0]", "Must be an object with fields"),
        ("names.0.text", "1885", "names[0].text", "at least one letter"),
        ("names.0.text", "… – !", "names[0].text", "at least one letter"),
        ("names.0.text", 1885, "names[0].text", "Must be text, in quotes"),
        ("names.0.text", "Üzeyir\x07", "names[0].text", "control character U+0007. Remove it"),
        ("names.0.text", "Üz\x00eyir", "names[0].text", "control character U+0000. Remove it"),
        ("names.0.text", "Üz\u0085eyir", "names[0].text", "control character U+0085"),
        ("names.0.text", "Üz\ud800eyir", "names[0].text", "control character U+D800"),
        ("names.0.kind", "nickname", "names[0].kind", "nickname is not a type of name. Use preferred"),
        ("names.0.lang", "azərbaycanca", "names[0].lang", "Not a valid language tag. Use az, en"),
        ("names.0.lang", "azeri!", "names[0].lang", "Not a valid language tag"),
        ("names.0.lang", "az\x00", "names[0].lang", "Not a valid language tag"),
        ("names.0.lang", "az-" + "x" * 8 + "-abcdefg", "names[0].lang", "Not a valid language tag"),
        ("names.0.script", "Latin", "names[0].script", "Use Latn, Cyrl or Arab"),
        ("names.3.kind", "preferred", "names[3].kind", "already a preferred name in az. Remove one"),
        ("gender", "m", "gender", "Must be one of: male, female, other, unknown"),
        ("birth.date", "18.09.1885", "birth.date", "write year, month, day, as in 1885-09-18"),
        ("birth.date", "1885-13", "birth.date", "13 is not a month"),
        ("birth.date", "1885-02-29", "birth.date", "is not a valid day"),
        ("birth.date", 1885, "birth.date", "Must be text, in quotes"),
        ("birth.place", "Ağcabədi", "birth.place", "is not a valid ID"),
        ("birth.original", {"text": "6 zilhiccə"}, "birth.original.calendar", "Required"),
        ("death.date", "1885-09-17", "death.date", "(1885-09-17) is before the birth (1885-09-18)"),
        ("countries.0", "az", "countries[0]", "az is not a country code. Use two capital letters"),
        ("countries.0", "SU", "countries[0]", "SU is not a country code"),
        ("countries.0", "EU", "countries[0]", "EU is not a country code"),
        ("professions.1", "Bəstəkar", "professions[1]", "is not a valid ID"),
        ("works.0.title", {}, "works[0].title", "Must not be empty. Enter it in az, en or ru"),
        ("memberships.0.organisation", None, "memberships[0].organisation", "Must not be null"),
        ("relations.0.person", "", "relations[0].person", "Must not be empty"),
        ("awards.0.date", "about 1938", "awards[0].date", "is not a valid date"),
        ("birth.cites.0.source", "A book", "birth.cites[0].source", "is not a valid ID"),
        ("birth.cites.0.page", "12", "birth.cites[0].page", "Unknown field"),
        ("sources.0", {"id": "a-book"}, "sources[0].csl", "Required"),
        ("identifiers", {"Wikidata": "Q1"}, "identifiers.Wikidata", "for example wikidata or viaf"),
        ("identifiers", {"wikidata ": "Q1"}, "identifiers.wikidata ", "for example wikidata"),
        ("identifiers", {"wikidata": 317397}, "identifiers.wikidata", "Must be text, in quotes"),
        ("identifiers", ["Q1"], "identifiers", "Must be an object with fields"),
        ("identifiers", {"wikidata": "317397"}, "identifiers.wikidata", "for example Q317397"),
        ("identifiers", {"lcnaf": "n 80115655"}, "identifiers.lcnaf", "of Library of Congress"),
        ("identifiers", {"imdb": "tt0000001"}, "identifiers.imdb", "Not a valid identifier of IMDb"),
        ("identifiers", {"viaf": "https://viaf.org/viaf/1"}, "identifiers.viaf", "and nothing else"),
        ("identifiers", {"isni": "0000 0001 2345 678"}, "identifiers.isni", "Not a valid identifier of ISNI"),
        ("identifiers", {"fide": "١٢٣٤٥"}, "identifiers.fide", "Not a valid identifier of FIDE"),
        ("media", [{"type": "image", "url": "commons"}], "media[0].url", "Not a valid web address"),
        ("media", [{"type": "map", "url": "https://a.az"}], "media[0].type", "image, video, audio"),
        ("media", [{"type": "image", "url": "javascript:1"}], "media[0].url", "Not a valid web address"),
        ("media", [{"type": "image", "url": "https://a.az/\x00"}], "media[0].url", "U+0000"),
        (
            "media",
            [{"type": "image", "url": "https://a.az/" + "a" * 990}],
            "media[0].url",
            "the maximum is 1000",
        ),
        ("checked", {"against": []}, "checked.on", "Required"),
        ("biography.en", "x" * 100_001, "biography.en", "the maximum is 100000"),
        ("professions", ["composer"] * 31, "professions", "maximum length 30"),
    ],
)
def test_an_error_is_reported_with_path_and_message(
    where: str, value: object, path: str, message: str
) -> None:
    problems = validation_errors(set_value(where, value))
    assert [problem.path for problem in problems] == [path]
    assert message in problems[0].message


def test_all_errors_are_reported_together() -> None:
    def change(record: dict[str, Any]) -> None:
        record["names"][0]["kind"] = "nickname"
        record["birth"]["date"] = "18.09.1885"
        record["shoes"] = "42"

    paths = [problem.path for problem in validation_errors(change)]
    assert sorted(paths) == ["birth.date", "names[0].kind", "shoes"]


def test_schema_level_errors_are_reported_together() -> None:
    def change(record: dict[str, Any]) -> None:
        record["names"].append({**record["names"][0], "text": "Üzeyir bəy"})
        record["death"] = {"date": "1700"}

    paths = {problem.path for problem in validation_errors(change)}
    assert paths == {f"names[{len(seed.person(UZEYIR)['names'])}].kind", "death.date"}


@pytest.mark.parametrize("document", [None, 5, "Üzeyir", [], [{}], True])
def test_non_objects_are_refused(document: object) -> None:
    with pytest.raises(RecordRefused, match="Must be an object with fields"):
        load_validated(person_schema, document)


def test_a_record_without_names_is_refused() -> None:
    with pytest.raises(RecordRefused, match=r"^names: Required\.$"):
        load_validated(person_schema, {"id": UZEYIR})


def test_quoted_input_in_messages_is_short_and_printable() -> None:
    problems = validation_errors(lambda record: record.update({"\ud800\x1b[31m" + "x" * 10_000: "y"}))
    assert len(problems[0].path) == 60
    assert problems[0].path.startswith("��[31mxx")
    problems = validation_errors(set_value("countries.0", "\ud800" * 10_000))
    assert len(problems[0].message) == 300
    json.dumps(problems[0].to_dict(), ensure_ascii=False).encode("utf-8")


@pytest.mark.parametrize(
    ("born", "died"),
    [
        ("1885~", "1882"),  # approximate: five years on each side
        ("1885", "1885"),
        ("[1483..1494]", "1490"),
        ("-0043", "0017"),
        ("1885-09-18", "1885-09-18"),
        ("[1900..]", "1950"),
    ],
)
def test_a_possible_order_of_birth_and_death_is_accepted(born: str, died: str) -> None:
    record = {**seed.person(UZEYIR), "birth": {"date": born}, "death": {"date": died}}
    assert load_validated(person_schema, record)["death"] == {"date": died}


@pytest.mark.parametrize(
    ("written", "expected"), [("1483/1494", "[1483..1494]"), ("1928/", "[1928..]"), ("../1500", "[..1500]")]
)
def test_an_interval_of_birth_becomes_a_range(written: str, expected: str) -> None:
    record = load_validated(person_schema, {**seed.person(UZEYIR), "birth": {"date": written}, "death": {}})
    assert record["birth"] == {"date": expected}
    assert "death" not in record


def test_intervals_of_other_dates_are_kept() -> None:
    record = {"names": seed.person(UZEYIR)["names"], "floruit": {"date": "1928/1948"}}
    assert load_validated(person_schema, record)["floruit"] == {"date": "1928/1948"}


def test_cited_sources_are_appended_to_the_listed_ones() -> None:
    cites = [{"source": "ency-music", "locator": "p. 12"}]
    record = {
        "names": seed.person(UZEYIR)["names"],
        "birth": {"date": "1885", "cites": cites},
        "events": [{"date": "1908", "cites": [{"source": "azint-5-4"}, {"source": "ency-music"}]}],
        "biography": {"en": "A life. [@in-text, ch. 2; @azint-5-4] More. [@second-text]"},
        "sources": ["listed-first"],
        "checked": {"on": "2026-11-23", "against": ["compared", "listed-first"]},
    }
    assert load_validated(person_schema, record)["sources"] == [
        *("listed-first", "ency-music", "azint-5-4", "in-text", "second-text", "compared")
    ]


@pytest.mark.parametrize("backwards", [False, True])
def test_a_full_source_takes_precedence_over_its_id(backwards: bool) -> None:
    full_source = {"id": "ency-music", "csl": {"type": "book", "title": "Encyclopaedia of music"}}
    refs = [full_source, "ency-music"]
    record = {
        "names": seed.person(UZEYIR)["names"],
        "birth": {"cites": [{"source": "ency-music"}]},
        "sources": refs[::-1] if backwards else refs,
    }
    assert load_validated(person_schema, record)["sources"] == [full_source]


def test_repeated_professions_and_countries_are_removed() -> None:
    record = seed.person(UZEYIR)
    record["professions"] = ["conductor", "composer", "conductor"]
    record["countries"] = ["GE", "AZ", "GE"]
    loaded = load_validated(person_schema, record)
    assert loaded["professions"] == ["conductor", "composer"]
    assert loaded["countries"] == ["GE", "AZ"]


def test_empty_fields_are_dropped() -> None:
    names = [{"text": "Nizami", "lang": "az", "kind": "preferred", "script": None}]
    record = {"names": names, "birth": {"place": None, "cites": []}, "events": [], "headline": {}}
    name = {"text": "Nizami", "lang": "az", "kind": "preferred"}
    assert load_validated(person_schema, record) == {"names": [name]}


def test_text_is_composed_and_trimmed() -> None:
    names = [{"text": "  U\u0308zeyir  ", "lang": "az", "kind": "preferred"}]
    assert load_validated(person_schema, {"names": names})["names"][0]["text"] == "Üzeyir"


def test_a_loaded_record_has_the_field_order_of_the_schema() -> None:
    record = seed.person(UZEYIR)
    backwards = dict(reversed(record.items()))
    assert list(load_validated(person_schema, backwards)) == list(load_validated(person_schema, record))


@examples(max_examples=scaled(60))
@given(records())
def test_a_loaded_record_loads_again_unchanged(record: dict[str, Any]) -> None:
    loaded = load_validated(person_schema, record)
    reloaded = load_validated(person_schema, loaded)
    assert reloaded == loaded
    assert list(reloaded) == list(loaded)
    assert load_validated(person_schema, json.loads(json.dumps(loaded))) == loaded


@examples(max_examples=scaled(30))
@given(record=records())
def test_a_record_is_the_same_in_yaml(record: dict[str, Any], tmp_path: Path) -> None:
    loaded = load_validated(person_schema, record)
    file = tmp_path / "record.yaml"
    file.write_text(yaml.safe_dump(loaded, allow_unicode=True), encoding="utf-8")
    assert load_validated(person_schema, load_yaml(file)) == loaded


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from([*person_schema.fields, "text", "lang", "date", "id", "csl", "x"]),
                inner,
                max_size=4,
            )
        ),
    )
)
def test_arbitrary_input_raises_only_record_refused(document: Any) -> None:
    loaded, problems = outcome(document)
    assert loaded or problems
    assert all(problem.message for problem in problems)


def test_the_preferred_name_falls_back_to_other_languages() -> None:
    names = seed.person("nizami-gencevi")["names"]
    assert preferred_name({"names": names}, "en") == "Nizami Ganjavi"
    english = [name for name in names if name["lang"] == "en" and name["kind"] == "preferred"]
    assert preferred_name({"names": english}, "az") == "Nizami Ganjavi"
    other_names = [name for name in names if name["kind"] != "preferred"]
    assert preferred_name({"names": other_names}, "az") == other_names[0]["text"]
