"""Wikidata entities become records of people; what has no field is reported."""

import io
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.exchange.formats.wikidata.people import read_wikidata
from biobank.exchange.formats.wikidata.statements import COUNTRY_BY_ITEM, PROFESSION_BY_ITEM
from biobank.exchange.imports.decompression import open_decompressed
from biobank.exchange.imports.items import ImportItem, UnreadableFile
from biobank.exchange.imports.place_resolver import PlaceResolver
from biobank.records.countries import COUNTRY_CODES as CODES
from biobank.records.people.schemas import person_schema
from biobank.records.places.schemas import place_schema
from tests.exchange.formats.wikidata.entities import JULIAN, Json, claim, entity, human, item, time
from tests.support import seed

#: Numbers are the subject of these items of Wikidata, so that nobody real is meant.
FIRST_PERSON, SECOND_PERSON, PLACE, BOOK = "Q199", "Q200", "Q201", "Q202"
LABELS = {
    "az": "Üzeyir Hacıbəyov",
    "en": "Uzeyir Hajibeyov",
    "ru": "Гаджибеков, Узеир",
    "azb": "عزیر حاجی‌بیوف",
    "de": "Üzeyir Hacıbəyov",
    "fi": "Üzeyir Hajibejov",
}


def resolver() -> PlaceResolver:
    resolver = PlaceResolver()
    for id_, name, geonames in (("agcabedi", "Ağcabədi", "587341"), ("baku", "Baku", "587084")):
        names = [{"text": name}]
        identifiers = {"geonames": geonames}
        resolver.index_place({"id": id_, "kind": "city", "names": names, "identifiers": identifiers})
    return resolver


def read(*entities: Json, shape: str = "lines") -> list[ImportItem]:
    texts = [json.dumps(source) for source in entities]
    by_id = {str(number): source for number, source in enumerate(entities)}
    content = {
        "lines": "\n".join(texts),
        "dump": "[\n" + ",\n".join(texts) + "\n]\n",
        "entities": json.dumps({"entities": by_id}),
        "pretty": json.dumps({"entities": by_id}, indent=2),
        "alone": texts[0],
    }[shape]
    return list(read_wikidata(open_decompressed(io.BytesIO(content.encode())), resolver()))


def read_first(claims: dict[str, list[Json]], *related: Json, **extra: Any) -> ImportItem:
    first, *remaining = read(human(FIRST_PERSON, LABELS, claims, **extra), *related)
    assert not first.error, first.error
    assert not remaining, remaining
    return first


def record(claims: dict[str, list[Json]], *related: Json, **extra: Any) -> dict[str, Any]:
    loaded = person_schema.load(read_first(claims, *related, **extra).data)
    assert isinstance(loaded, dict)
    return loaded


@pytest.mark.parametrize("shape", ["lines", "dump", "entities", "pretty", "alone"])
def test_every_shape_of_file_is_read(shape: str) -> None:
    (import_item,) = read(human(FIRST_PERSON, LABELS, {}), shape=shape)
    assert import_item.label.endswith(f"({FIRST_PERSON})")
    assert import_item.key == FIRST_PERSON
    assert import_item.data["identifiers"] == {"wikidata": FIRST_PERSON}


def test_names_are_preferred_in_our_languages_and_variants_in_others() -> None:
    aliases = {"en": [{"value": "Uzeir Hajibekov"}], "sw": [{"value": "Uzeyir"}]}
    birth = claim({"text": "Üzeyir bəy", "language": "az"})
    person = record({"P1477": [birth], "P742": [claim("Ordan-burdan")]}, aliases=aliases)
    assert person["names"] == [
        {"text": "Üzeyir Hacıbəyov", "lang": "az", "kind": "preferred"},
        {"text": "Uzeyir Hajibeyov", "lang": "en", "kind": "preferred"},
        {"text": "Узеир Гаджибеков", "lang": "ru", "kind": "preferred"},
        {"text": "عزیر حاجی‌بیوف", "lang": "az", "script": "Arab", "kind": "variant"},
        {"text": "Uzeir Hajibekov", "lang": "en", "kind": "variant"},
        {"text": "Üzeyir bəy", "lang": "az", "kind": "birth"},
        {"text": "Ordan-burdan", "lang": "und", "kind": "pen"},
    ]


def test_a_multilingual_label_replaces_a_missing_english_one() -> None:
    (import_item,) = read(human(FIRST_PERSON, {"mul": "Uzeyir Hajibeyov"}, {}))
    assert import_item.data["names"] == [{"text": "Uzeyir Hajibeyov", "lang": "en", "kind": "preferred"}]


def test_facts_are_read_and_cite_wikidata() -> None:
    person = record(
        {
            "P21": [claim(item("Q6581097"))],
            "P569": [claim(time("+1885-09-06T00:00:00Z", 11, JULIAN))],
            "P106": [claim(item("Q36834")), claim(item("Q158852"))],
            "P27": [claim(item("Q227"))],
            "P214": [claim("12345")],
            "P213": [claim("0000 0001 2345 6789")],
        },
        descriptions={"az": {"value": "bəstəkar"}, "de": {"value": "Komponist"}},
    )
    assert person["gender"] == "male"
    assert person["professions"] == ["composer", "conductor"]
    assert person["countries"] == ["AZ"]
    assert person["headline"] == {"az": "bəstəkar"}
    assert person["identifiers"] == {"wikidata": FIRST_PERSON, "viaf": "12345", "isni": "0000000123456789"}
    assert person["birth"] == {
        "date": "1885-09-18",
        "original": {"text": "1885-09-06", "calendar": "julian"},
        "cites": [{"source": "wikidata", "locator": FIRST_PERSON}],
    }
    assert [source["id"] for source in person["sources"]] == ["wikidata"]


def test_unmapped_values_are_reported_and_left_out() -> None:
    import_item = read_first(
        {
            "P21": [claim(item("Q1"))],
            "P106": [claim(item("Q2")), claim(item(BOOK))],
            "P27": [claim(item("Q15180"))],
        },
        entity(BOOK, {"en": "number"}, {}),
    )
    assert [str(notice) for notice in import_item.notices] == [
        "gender: The database has no equivalent for Q1. The value was left out.",
        "professions: The database has no equivalents for: Q2, Q202 (number). The value was left out.",
        "countries: The database has no equivalents for: Q15180. The value was left out.",
    ]


def test_a_death_at_an_unknown_time_is_a_death() -> None:
    assert record({"P570": [claim(None, "somevalue")]})["death"]["cites"]
    assert "death" not in record({"P570": [claim(None, "novalue")]})
    assert "birth" not in record({"P569": [claim(None, "somevalue")]})


def born_in(place: Json | None, *places: str) -> ImportItem:
    return read_first({"P19": [claim(item(id_)) for id_ in places or (PLACE,)]}, *([place] if place else []))


def point(lat: float, lon: float) -> dict[str, list[Json]]:
    return {"P625": [claim({"latitude": lat, "longitude": lon})]}


def test_places_are_resolved_by_identifier_before_name() -> None:
    place = entity(PLACE, {"en": "Baku"}, {"P1566": [claim("587341")]})
    assert born_in(place).data["birth"]["place"] == "agcabedi"


def test_places_are_resolved_by_name() -> None:
    assert born_in(entity(PLACE, {"de": "Ağcabədi"}, {})).data["birth"]["place"] == "agcabedi"


def test_a_missing_place_is_bundled() -> None:
    claims = {"P17": [claim(item("Q227"))], "P1566": [claim("1")], **point(41.2, 47.2)}
    import_item = born_in(entity(PLACE, {"az": "Nuxa", "en": "Nukha"}, claims))
    assert import_item.data["birth"]["place"] == "nukha-az"
    (place,) = import_item.bundled_records["places"]
    assert place_schema.load(place) == {
        "id": "nukha-az",
        "kind": "settlement",
        "names": [{"text": "Nuxa", "lang": "az"}, {"text": "Nukha", "lang": "en"}],
        "country": "AZ",
        "lat": 41.2,
        "lon": 47.2,
        "identifiers": {"wikidata": PLACE, "geonames": "1"},
    }


@pytest.mark.parametrize("first", [True, False])
def test_places_can_precede_or_follow_people(first: bool) -> None:
    person = human(FIRST_PERSON, LABELS, {"P19": [claim(item(PLACE))]})
    place = entity(PLACE, {"en": "Baku"}, {})
    (import_item,) = read(*((place, person) if first else (person, place)))
    assert import_item.data["birth"]["place"] == "baku"


def test_a_place_without_a_name_is_reported() -> None:
    assert [str(notice) for notice in born_in(None).notices] == [
        "birth.place: Q201 is not a place in the database, and the file does not give its name. "
        "The value was left out."
    ]
    assert [str(notice) for notice in born_in(None, PLACE, BOOK).notices] == [
        "birth.place: Wikidata has 2 values: Q201, Q202. The value was left out."
    ]


def test_resolvable_references_become_sources() -> None:
    references = [
        {
            "P854": "https://example.org/uzeyir",
            "P1476": {"text": "Üzeyir Hacıbəyov", "language": "az"},
            "P813": time("+2020-01-31T00:00:00Z"),
        },
        {"P248": item(BOOK), "P304": "12"},
        {"P248": item("Q1")},
        {"P143": item("Q2")},
        {"P854": "javascript:alert(1)"},
    ]
    born = claim(time("+1885-09-18T00:00:00Z"), references=references)
    person = record({"P569": [born]}, entity(BOOK, {"en": "A book"}, {}))
    wikidata, page, book = person["sources"]
    assert wikidata["id"] == "wikidata"
    assert page["csl"] == {
        "type": "webpage",
        "title": "Üzeyir Hacıbəyov",
        "URL": "https://example.org/uzeyir",
        "accessed": {"date-parts": [[2020, 1, 31]]},
    }
    assert book["csl"]["title"] == "A book"
    assert person["birth"]["cites"] == [
        {"source": "wikidata", "locator": FIRST_PERSON},
        {"source": page["id"]},
        {"source": book["id"], "locator": "12"},
    ]


def test_unreferenced_non_humans_are_refused() -> None:
    items = read(
        entity(PLACE, {"en": "a number"}, {"P31": [claim(item("Q21199"))]}),
        entity(BOOK, {"en": "another"}, {}),
        human(FIRST_PERSON, LABELS, {}),
    )
    assert [(import_item.label, str(import_item.error)) for import_item in items if import_item.error] == [
        ("line 1 (Q201)", "This is not a human (P31 is Q21199, not Q5). Only people are imported."),
        (
            "line 2 (Q202)",
            "P31 is missing, so it is unclear whether this is a human. Only people are imported.",
        ),
    ]


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"id": "Q9", "missing": ""}, "This is missing from Wikidata."),
        (
            {"id": "P31", "type": "property"},
            "This is not a Wikidata item. An item identifier consists of Q and a number.",
        ),
        ({"labels": {}}, "This is not a Wikidata item. An item identifier consists of Q and a number."),
    ],
)
def test_invalid_items_are_refused(bad: Json, message: str) -> None:
    items = read(bad, human(FIRST_PERSON, LABELS, {}))
    assert [str(import_item.error) for import_item in items if import_item.error] == [message]


def test_reading_continues_after_an_invalid_line() -> None:
    content = (
        f"{json.dumps(human(FIRST_PERSON, LABELS, {}))}\n{{\n{json.dumps(human(SECOND_PERSON, LABELS, {}))}\n"
    )
    items = list(read_wikidata(open_decompressed(io.BytesIO(content.encode())), resolver()))
    assert [bool(import_item.error) for import_item in items] == [False, True, False]


def test_the_tables_name_what_the_bank_has() -> None:
    assert set(PROFESSION_BY_ITEM.values()) <= set(seed.terms("profession"))
    assert set(COUNTRY_BY_ITEM.values()) <= set(CODES)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("id", "labels", "aliases", "claims", "value", "en", "mainsnak", "datavalue"),
                    *("snaktype", "qualifiers", "references", "snaks", "P31", "P569", "P19", "time"),
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["P31", "P569", "P19", "P106", "P1477", "P21"]), anything))
def test_any_statements_are_read_or_left_out(claims: Any) -> None:
    claims = {**claims, "P31": [claim(item("Q5"))]}
    for import_item in read({"id": FIRST_PERSON, "labels": LABELS, "claims": claims}):
        assert import_item.error or import_item.data


@given(anything)
def test_any_entity_is_read_or_refused(value: Any) -> None:
    content = json.dumps([value, {"id": FIRST_PERSON, "labels": value, "claims": value}]).encode()
    assert all(
        import_item.label for import_item in read_wikidata(open_decompressed(io.BytesIO(content)), resolver())
    )


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with suppress(UnreadableFile):
        assert all(
            import_item.error
            for import_item in read_wikidata(open_decompressed(io.BytesIO(content)), resolver())
        )
