"""GEDCOM 7.0 export is valid and every pointer is answered from the other side."""

from collections.abc import Iterable
from typing import Any

import gedcom7
import pytest
from gedcom7.types import GedcomStructure
from hypothesis import given, settings

from biobank.bootstrap import Services
from biobank.exchange.answers import gedcom
from biobank.exchange.exporter import everybody
from biobank.exchange.gedcom.names import personal_name
from biobank.records.people.schemas import person_schema
from tests.support import records as strategies
from tests.support.eac import ADDRESS, edition

Record = dict[str, Any]
#: Tags that point at a record, and the tags of that record that point back.
BACK = {"FAMC": ("CHIL",), "FAMS": ("HUSB", "WIFE"), "CHIL": ("FAMC",)}
BACK |= {"HUSB": ("FAMS",), "WIFE": ("FAMS",)}


def read(text: str) -> list[GedcomStructure]:
    """Parse a file and check its validity and both ends of every family."""
    structures = gedcom7.loads(text)
    assert gedcom7.validate(structures) == []
    by_xref = {it.xref: it for it in structures if it.xref}
    for it in structures:
        for child in it.children:
            if child.tag in BACK:
                others = by_xref[child.pointer].children
                assert it.xref in [back.pointer for back in others if back.tag in BACK[child.tag]]
    return structures


def written(records: Iterable[Record]) -> list[GedcomStructure]:
    return read("".join(gedcom.write(records, edition())))


def person(id_: str, gender: str = "", **fields: Any) -> Record:
    names = [{"text": id_.title(), "lang": "az", "kind": "preferred"}]
    return {"id": id_, "names": names, **({"gender": gender} if gender else {}), **fields}


def tie(type_: str, other: str, **fields: Any) -> Record:
    return {"type": type_, "person": other, **fields}


def families(records: Iterable[Record]) -> list[dict[str, list[str]]]:
    """Return partners and children of each family by tag, as ids."""
    found = []
    for it in written(records):
        if it.tag == "FAM":
            family: dict[str, list[str]] = {}
            for child in it.children:
                if child.pointer:
                    family.setdefault(child.tag, []).append(child.pointer[3:-1].lower())
            found.append(family)
    return found


def test_the_whole_bank_is_valid(services: Services) -> None:
    its = edition(services.catalogue(), "en")
    text = "".join(gedcom.write(everybody(services.database), its))
    structures = read(text)
    assert [it.tag for it in structures[:2]] == ["HEAD", "SUBM"]
    assert structures[-1].tag == "TRLR"
    assert sum(it.tag == "INDI" for it in structures) == services.people_count()
    assert "1 NAME Uzeyir /Hajibeyov/\n" in text
    assert "2 PLAC Aghjabadi, " in text
    assert "1 OCCU composer\n" in text
    assert f"1 EXID uzeyir-hacibeyov\n2 TYPE {ADDRESS}\n" in text


@settings(max_examples=60)
@given(strategies.records(), strategies.records(), strategies.records())
def test_whatever_records_hold_their_file_is_valid(one: Record, two: Record, three: Record) -> None:
    by_id = {record["id"]: record for record in (one, two, three)}
    written(map(person_schema.load, by_id.values()))


def test_nobody_is_a_file_too() -> None:
    assert [it.tag for it in written([])] == ["HEAD", "SUBM", "TRLR"]


def test_a_couple_and_its_children_are_one_family_whoever_holds_the_ties() -> None:
    people = [
        person("mother", "female", relations=[tie("spouse", "father"), tie("child", "son")]),
        person("father", "male"),
        person("son", relations=[tie("parent", "father")]),
        person("daughter", relations=[tie("parent", "father"), tie("parent", "mother")]),
    ]
    assert families(people) == [
        {"HUSB": ["father"], "WIFE": ["mother"], "CHIL": ["daughter", "son"]}
    ]


def test_one_parent_is_a_family_and_no_other_is_guessed() -> None:
    people = [
        person("father", "male", relations=[tie("spouse", "wife")]),
        person("wife", "female"),
        person("child", relations=[tie("parent", "father")]),
    ]
    assert families(people) == [
        {"HUSB": ["father"], "WIFE": ["wife"]},
        {"HUSB": ["father"], "CHIL": ["child"]},
    ]


def test_siblings_without_parents_are_a_family_without_partners() -> None:
    people = [
        person("a", relations=[tie("sibling", "b")]),
        person("b"),
        person("c", relations=[tie("sibling", "b")]),
    ]
    assert families(people) == [{"CHIL": ["a", "b", "c"]}]


def test_a_sibling_of_somebody_with_parents_is_given_none() -> None:
    people = [
        person("a", relations=[tie("sibling", "b"), tie("parent", "father")]),
        person("b"),
        person("father"),
    ]
    assert families(people) == [{"HUSB": ["father"], "CHIL": ["a"]}]
    (told,) = [it for record in written(people) for it in record.children if it.tag == "ASSO"]
    assert told.pointer == "@I_B@"


def test_other_ties_are_associations_and_people_elsewhere_are_not_told() -> None:
    people = [
        person("a", relations=[tie("teacher", "b"), tie("friend", "b"), tie("parent", "gone")]),
        person("b", relations=[tie("teacher", "gone")]),
    ]
    structures = written(people)
    roles = [
        role.text
        for record in structures
        for it in record.children
        if it.tag == "ASSO"
        for role in it.children
    ]
    assert roles == ["OTHER", "FRIEND"]
    assert families(people) == []
    assert "GONE" not in "".join(gedcom.write(people, edition()))


def test_a_marriage_is_told_once_though_both_hold_it() -> None:
    married = {"date": "1910"}
    people = [
        person("a", "female", relations=[tie("spouse", "b", **married)]),
        person("b", "male", relations=[tie("spouse", "a", **married)]),
    ]
    text = "".join(gedcom.write(people, edition()))
    read(text)
    assert text.count("1 MARR\n2 DATE 1910\n") == 1


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Üzeyir Əbdülhüseyn oğlu Hacıbəyov", "Üzeyir Əbdülhüseyn oğlu /Hacıbəyov/"),
        ("Məmməd Əmin Rəsulzadə", "Məmməd Əmin /Rəsulzadə/"),
        ("Узеир Гаджибеков", "Узеир /Гаджибеков/"),
        ("Гейдар Алиевич Алиев", "Гейдар Алиевич /Алиев/"),
        ("Məhəmməd Füzuli", "Məhəmməd Füzuli"),
        ("Nizami Gəncəvi", "Nizami Gəncəvi"),
        ("Banin", "Banin"),
        ("a/b/c", "a b c"),
    ],
)
def test_a_surname_is_marked_where_it_is_known(text: str, made: str) -> None:
    assert personal_name(text) == made


def test_a_line_that_begins_with_an_at_sign_points_at_nobody() -> None:
    people = [person("a", headline={"az": "x"}, biography={"az": "@I_B@\n\n@VOID@\n@@"})]
    (note,) = [it for record in written(people) for it in record.children if it.tag == "NOTE"]
    assert note.text == "@I_B@\n\n@VOID@\n@@"
