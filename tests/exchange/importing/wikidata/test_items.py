"""Wikidata entities become records of people; what has no field is reported."""

import io
import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.exchange.importing.bank import Bank
from biobank.exchange.importing.opening import opened
from biobank.exchange.importing.reading import Item, UnreadableFile
from biobank.exchange.importing.wikidata.items import wikidata_items
from biobank.exchange.importing.wikidata.tables import COUNTRIES, OCCUPATIONS
from biobank.records.countries import COUNTRIES as CODES
from biobank.records.people.schemas import person_schema
from biobank.records.places.schemas import place_schema
from tests.exchange.importing.wikidata.entities import (
    JULIAN,
    Json,
    claim,
    entity,
    human,
    item,
    time,
)
from tests.support import seed

#: Numbers are the subject of these items of Wikidata, so that nobody real is meant.
ONE, TWO, PLACE, BOOK = "Q199", "Q200", "Q201", "Q202"
LABELS = {
    "az": "Üzeyir Hacıbəyov",
    "en": "Uzeyir Hajibeyov",
    "ru": "Гаджибеков, Узеир",
    "azb": "عزیر حاجی‌بیوف",
    "de": "Üzeyir Hacıbəyov",
    "fi": "Üzeyir Hajibejov",
}


def bank() -> Bank:
    made = Bank()
    for id_, name, geonames in (("agcabedi", "Ağcabədi", "587341"), ("baku", "Baku", "587084")):
        names = [{"text": name}]
        identifiers = {"geonames": geonames}
        made.learn({"id": id_, "kind": "city", "names": names, "identifiers": identifiers})
    return made


def read(*entities: Json, shape: str = "lines") -> list[Item]:
    texts = [json.dumps(one) for one in entities]
    by_id = {str(number): one for number, one in enumerate(entities)}
    content = {
        "lines": "\n".join(texts),
        "dump": "[\n" + ",\n".join(texts) + "\n]\n",
        "entities": json.dumps({"entities": by_id}),
        "pretty": json.dumps({"entities": by_id}, indent=2),
        "alone": texts[0],
    }[shape]
    return list(wikidata_items(opened(io.BytesIO(content.encode())), bank()))


def one(claims: dict[str, list[Json]], *beside: Json, **more: Any) -> Item:
    found, *rest = read(human(ONE, LABELS, claims, **more), *beside)
    assert not found.fault, found.fault
    assert not rest, rest
    return found


def record(claims: dict[str, list[Json]], *beside: Json, **more: Any) -> dict[str, Any]:
    loaded = person_schema.load(one(claims, *beside, **more).data)
    assert isinstance(loaded, dict)
    return loaded


@pytest.mark.parametrize("shape", ["lines", "dump", "entities", "pretty", "alone"])
def test_every_shape_of_file_is_read(shape: str) -> None:
    (found,) = read(human(ONE, LABELS, {}), shape=shape)
    assert found.label.endswith(f"({ONE})")
    assert found.key == ONE
    assert found.data["identifiers"] == {"wikidata": ONE}


def test_names_are_preferred_in_our_languages_and_variants_in_others() -> None:
    aliases = {"en": [{"value": "Uzeir Hajibekov"}], "sw": [{"value": "Uzeyir"}]}
    birth = claim({"text": "Üzeyir bəy", "language": "az"})
    made = record({"P1477": [birth], "P742": [claim("Ordan-burdan")]}, aliases=aliases)
    assert made["names"] == [
        {"text": "Üzeyir Hacıbəyov", "lang": "az", "kind": "preferred"},
        {"text": "Uzeyir Hajibeyov", "lang": "en", "kind": "preferred"},
        {"text": "Узеир Гаджибеков", "lang": "ru", "kind": "preferred"},
        {"text": "عزیر حاجی‌بیوف", "lang": "az", "script": "Arab", "kind": "variant"},
        {"text": "Uzeir Hajibekov", "lang": "en", "kind": "variant"},
        {"text": "Üzeyir bəy", "lang": "az", "kind": "birth"},
        {"text": "Ordan-burdan", "lang": "und", "kind": "pen"},
    ]


def test_a_label_for_all_languages_is_the_english_one_where_there_is_none() -> None:
    (found,) = read(human(ONE, {"mul": "Uzeyir Hajibeyov"}, {}))
    assert found.data["names"] == [{"text": "Uzeyir Hajibeyov", "lang": "en", "kind": "preferred"}]


def test_facts_are_read_and_cite_wikidata() -> None:
    made = record(
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
    assert made["gender"] == "male"
    assert made["professions"] == ["composer", "conductor"]
    assert made["countries"] == ["AZ"]
    assert made["headline"] == {"az": "bəstəkar"}
    assert made["identifiers"] == {"wikidata": ONE, "viaf": "12345", "isni": "0000000123456789"}
    assert made["birth"] == {
        "date": "1885-09-18",
        "original": {"text": "1885-09-06", "calendar": "julian"},
        "cites": [{"source": "wikidata", "locator": ONE}],
    }
    assert [source["id"] for source in made["sources"]] == ["wikidata"]


def test_what_has_no_equal_is_told_and_left_out() -> None:
    found = one(
        {
            "P21": [claim(item("Q1"))],
            "P106": [claim(item("Q2")), claim(item(BOOK))],
            "P27": [claim(item("Q15180"))],
        },
        entity(BOOK, {"en": "number"}, {}),
    )
    assert [str(it) for it in found.notices] == [
        "gender: Q1 has no word in the bank; left out",
        "professions: Q2, Q202 (number) has no equal in the bank; left out",
        "countries: Q15180 has no equal in the bank; left out",
    ]


def test_a_death_at_an_unknown_time_is_a_death() -> None:
    assert record({"P570": [claim(None, "somevalue")]})["death"]["cites"]
    assert "death" not in record({"P570": [claim(None, "novalue")]})
    assert "birth" not in record({"P569": [claim(None, "somevalue")]})


def born_in(place: Json | None, *places: str) -> Item:
    return one(
        {"P19": [claim(item(id_)) for id_ in places or (PLACE,)]}, *([place] if place else [])
    )


def point(lat: float, lon: float) -> dict[str, list[Json]]:
    return {"P625": [claim({"latitude": lat, "longitude": lon})]}


def test_a_place_is_found_by_its_identifier_before_its_name() -> None:
    place = entity(PLACE, {"en": "Baku"}, {"P1566": [claim("587341")]})
    assert born_in(place).data["birth"]["place"] == "agcabedi"


def test_a_place_is_found_by_its_name() -> None:
    assert born_in(entity(PLACE, {"de": "Ağcabədi"}, {})).data["birth"]["place"] == "agcabedi"


def test_a_place_that_the_bank_lacks_is_brought() -> None:
    claims = {"P17": [claim(item("Q227"))], "P1566": [claim("1")], **point(41.2, 47.2)}
    found = born_in(entity(PLACE, {"az": "Nuxa", "en": "Nukha"}, claims))
    assert found.data["birth"]["place"] == "nukha-az"
    (place,) = found.brings["places"]
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
def test_a_place_may_stand_before_its_people_or_behind(first: bool) -> None:
    person = human(ONE, LABELS, {"P19": [claim(item(PLACE))]})
    place = entity(PLACE, {"en": "Baku"}, {})
    (found,) = read(*((place, person) if first else (person, place)))
    assert found.data["birth"]["place"] == "baku"


def test_a_place_that_nobody_can_name_is_told() -> None:
    assert [str(it) for it in born_in(None).notices] == [
        "birth.place: Q201 is no place of the bank, and the file does not tell its name; left out"
    ]
    assert [str(it) for it in born_in(None, PLACE, BOOK).notices] == [
        "birth.place: Wikidata has 2 (Q201, Q202); left out"
    ]


def test_references_become_sources_where_they_can_be_looked_up() -> None:
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
    made = record({"P569": [born]}, entity(BOOK, {"en": "A book"}, {}))
    wikidata, page, book = made["sources"]
    assert wikidata["id"] == "wikidata"
    assert page["csl"] == {
        "type": "webpage",
        "title": "Üzeyir Hacıbəyov",
        "URL": "https://example.org/uzeyir",
        "accessed": {"date-parts": [[2020, 1, 31]]},
    }
    assert book["csl"]["title"] == "A book"
    assert made["birth"]["cites"] == [
        {"source": "wikidata", "locator": ONE},
        {"source": page["id"]},
        {"source": book["id"], "locator": "12"},
    ]


def test_who_is_no_human_is_refused_unless_somebody_needs_it() -> None:
    found = read(
        entity(PLACE, {"en": "a number"}, {"P31": [claim(item("Q21199"))]}),
        entity(BOOK, {"en": "another"}, {}),
        human(ONE, LABELS, {}),
    )
    assert [(one.label, str(one.fault)) for one in found if one.fault] == [
        (
            "line 1 (Q201)",
            "Is no human (P31 says Q21199, not Q5); only people are brought in.",
        ),
        ("line 2 (Q202)", "Is no human (it has no P31, not Q5); only people are brought in."),
    ]


@pytest.mark.parametrize(
    ("bad", "fault"),
    [
        ({"id": "Q9", "missing": ""}, "Is missing in Wikidata."),
        ({"id": "P31", "type": "property"}, "Is no item of Wikidata: its id is Q and a number."),
        ({"labels": {}}, "Is no item of Wikidata: its id is Q and a number."),
    ],
)
def test_what_is_no_item_is_refused(bad: Json, fault: str) -> None:
    found = read(bad, human(ONE, LABELS, {}))
    assert [str(one.fault) for one in found if one.fault] == [fault]


def test_a_line_that_is_broken_never_stops_the_rest() -> None:
    content = f"{json.dumps(human(ONE, LABELS, {}))}\n{{\n{json.dumps(human(TWO, LABELS, {}))}\n"
    found = list(wikidata_items(opened(io.BytesIO(content.encode())), bank()))
    assert [bool(one.fault) for one in found] == [False, True, False]


def test_the_tables_name_what_the_bank_has() -> None:
    assert set(OCCUPATIONS.values()) <= set(seed.terms("profession"))
    assert set(COUNTRIES.values()) <= set(CODES)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("id", "labels", "aliases", "claims", "value", "en", "mainsnak", "datavalue"),
                    *(
                        "snaktype",
                        "qualifiers",
                        "references",
                        "snaks",
                        "P31",
                        "P569",
                        "P19",
                        "time",
                    ),
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["P31", "P569", "P19", "P106", "P1477", "P21"]), anything))
def test_whatever_statements_hold_is_read_or_left_out(claims: Any) -> None:
    claims = {**claims, "P31": [claim(item("Q5"))]}
    for found in read({"id": ONE, "labels": LABELS, "claims": claims}):
        assert found.fault or found.data


@given(anything)
def test_whatever_an_entity_holds_is_read_or_refused(value: Any) -> None:
    content = json.dumps([value, {"id": ONE, "labels": value, "claims": value}]).encode()
    assert all(one.label for one in wikidata_items(opened(io.BytesIO(content)), bank()))


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    with suppress(UnreadableFile):
        assert all(one.fault for one in wikidata_items(opened(io.BytesIO(content)), bank()))
