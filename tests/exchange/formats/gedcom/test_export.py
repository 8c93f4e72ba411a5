"""GEDCOM 7.0 export is valid and every pointer is answered from the other side."""

from collections.abc import Iterable
from typing import Any

import gedcom7
import pytest
from gedcom7.types import GedcomStructure
from hypothesis import given, settings

from biobank.bootstrap import Services
from biobank.exchange.exports.formats import iter_people
from biobank.exchange.formats.gedcom.structures import personal_name
from biobank.exchange.formats.gedcom.writer import write_gedcom
from biobank.records.people.record import NameRecord
from biobank.records.people.schemas import person_schema
from tests.support import records as strategies
from tests.support.eac import ADDRESS, make_edition
from tests.support.profiles import scaled

Record = dict[str, Any]
#: Tags that point at a record, and the tags of that record that point back.
INVERSE_TAGS = {"FAMC": ("CHIL",), "FAMS": ("HUSB", "WIFE"), "CHIL": ("FAMC",)}
INVERSE_TAGS |= {"HUSB": ("FAMS",), "WIFE": ("FAMS",)}


def read(text: str) -> list[GedcomStructure]:
    """Parse a file and check its validity and both ends of every family."""
    structures = gedcom7.loads(text)
    assert gedcom7.validate(structures) == []
    by_xref = {structure.xref: structure for structure in structures if structure.xref}
    for structure in structures:
        for child in structure.children:
            if child.tag in INVERSE_TAGS:
                targets = by_xref[child.pointer].children
                assert structure.xref in [
                    back.pointer for back in targets if back.tag in INVERSE_TAGS[child.tag]
                ]
    return structures


def export_and_read(records: Iterable[Record]) -> list[GedcomStructure]:
    return read("".join(write_gedcom(records, make_edition())))


def person(id_: str, gender: str = "", **fields: Any) -> Record:
    names = [{"text": id_.title(), "lang": "az", "kind": "preferred"}]
    return {"id": id_, "names": names, **({"gender": gender} if gender else {}), **fields}


def relation(type_: str, person_id: str, **fields: Any) -> Record:
    return {"type": type_, "person": person_id, **fields}


def families(records: Iterable[Record]) -> list[dict[str, list[str]]]:
    """Return partners and children of each family by tag, as ids."""
    results = []
    for structure in export_and_read(records):
        if structure.tag == "FAM":
            family: dict[str, list[str]] = {}
            for child in structure.children:
                if child.pointer:
                    family.setdefault(child.tag, []).append(child.pointer[3:-1].lower())
            results.append(family)
    return results


def test_export_of_the_bank_is_valid(services: Services) -> None:
    context = make_edition(services.catalogue(), "en")
    text = "".join(write_gedcom(iter_people(services.database), context))
    structures = read(text)
    assert [structure.tag for structure in structures[:2]] == ["HEAD", "SUBM"]
    assert structures[-1].tag == "TRLR"
    assert sum(structure.tag == "INDI" for structure in structures) == services.people_count()
    assert "1 NAME Uzeyir /Hajibeyov/\n" in text
    assert "2 PLAC Aghjabadi, " in text
    assert "1 OCCU composer\n" in text
    assert f"1 EXID uzeyir-hacibeyov\n2 TYPE {ADDRESS}\n" in text


@settings(max_examples=scaled(60))
@given(strategies.records(), strategies.records(), strategies.records())
def test_export_of_any_records_is_valid(first: Record, second: Record, third: Record) -> None:
    by_id = {record["id"]: record for record in (first, second, third)}
    export_and_read(map(person_schema.load, by_id.values()))


def test_empty_export_is_valid() -> None:
    assert [structure.tag for structure in export_and_read([])] == ["HEAD", "SUBM", "TRLR"]


def test_couple_with_children_is_one_family() -> None:
    people = [
        person("mother", "female", relations=[relation("spouse", "father"), relation("child", "son")]),
        person("father", "male"),
        person("son", relations=[relation("parent", "father")]),
        person("daughter", relations=[relation("parent", "father"), relation("parent", "mother")]),
    ]
    assert families(people) == [{"HUSB": ["father"], "WIFE": ["mother"], "CHIL": ["daughter", "son"]}]


def test_single_parent_is_a_family() -> None:
    people = [
        person("father", "male", relations=[relation("spouse", "wife")]),
        person("wife", "female"),
        person("child", relations=[relation("parent", "father")]),
    ]
    assert families(people) == [
        {"HUSB": ["father"], "WIFE": ["wife"]},
        {"HUSB": ["father"], "CHIL": ["child"]},
    ]


def test_siblings_without_parents_are_a_family_without_partners() -> None:
    people = [
        person("a", relations=[relation("sibling", "b")]),
        person("b"),
        person("c", relations=[relation("sibling", "b")]),
    ]
    assert families(people) == [{"CHIL": ["a", "b", "c"]}]


def test_parents_of_a_sibling_are_not_assumed() -> None:
    people = [
        person("a", relations=[relation("sibling", "b"), relation("parent", "father")]),
        person("b"),
        person("father"),
    ]
    assert families(people) == [{"HUSB": ["father"], "CHIL": ["a"]}]
    (association,) = [
        structure
        for record in export_and_read(people)
        for structure in record.children
        if structure.tag == "ASSO"
    ]
    assert association.pointer == "@I_B@"


def test_other_relations_are_associations_within_the_file() -> None:
    people = [
        person(
            "a", relations=[relation("teacher", "b"), relation("friend", "b"), relation("parent", "gone")]
        ),
        person("b", relations=[relation("teacher", "gone")]),
    ]
    structures = export_and_read(people)
    roles = [
        role.text
        for record in structures
        for structure in record.children
        if structure.tag == "ASSO"
        for role in structure.children
    ]
    assert roles == ["OTHER", "FRIEND"]
    assert families(people) == []
    assert "GONE" not in "".join(write_gedcom(people, make_edition()))


def test_marriage_stored_at_both_ends_is_written_once() -> None:
    married = {"date": "1910"}
    people = [
        person("a", "female", relations=[relation("spouse", "b", **married)]),
        person("b", "male", relations=[relation("spouse", "a", **married)]),
    ]
    text = "".join(write_gedcom(people, make_edition()))
    read(text)
    assert text.count("1 MARR\n2 DATE 1910\n") == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Üzeyir Əbdülhüseyn oğlu Hacıbəyov", "Üzeyir Əbdülhüseyn oğlu /Hacıbəyov/"),
        ("Məmməd Əmin Rəsulzadə", "Məmməd Əmin /Rəsulzadə/"),
        ("Узеир Гаджибеков", "Узеир /Гаджибеков/"),
        ("Гейдар Алиевич Алиев", "Гейдар Алиевич /Алиев/"),
        ("Məhəmməd Füzuli", "Məhəmməd Füzuli"),
        ("Nizami Gəncəvi", "Nizami Gəncəvi"),
        ("Banin", "Banin"),
        ("a/b/c", "a b c"),
        ("Əli/Vəli Hacıbəyov", "Əli Vəli /Hacıbəyov/"),
        ("İsa Hüseynov (Muğanna)", "İsa /Hüseynov/ (Muğanna)"),
        ("Hacıbəyov, Üzeyir", "/Hacıbəyov/, Üzeyir"),
    ],
)
def test_known_surnames_are_marked(text: str, expected: str) -> None:
    name: NameRecord = {"text": text, "lang": "az", "kind": "preferred"}
    assert personal_name({"names": [name]}, name) == expected


def test_stated_surnames_are_marked() -> None:
    name: NameRecord = {"text": "Mirvarid Dilbazi", "lang": "az", "kind": "preferred", "family": "Dilbazi"}
    english: NameRecord = {"text": "Mirvarid Dilbazi (poet)", "lang": "en", "kind": "preferred"}
    assert personal_name({"names": [name, english]}, name) == "Mirvarid /Dilbazi/"
    assert personal_name({"names": [name, english]}, english) == "Mirvarid /Dilbazi/ (poet)"


def test_pen_names_are_no_surnames() -> None:
    name: NameRecord = {"text": "Məhəmməd Füzuli", "lang": "az", "kind": "preferred"}
    pen_name: NameRecord = {"text": "Füzuli", "lang": "az", "kind": "pen"}
    assert personal_name({"names": [name, pen_name]}, name) == "Məhəmməd Füzuli"


def test_leading_at_sign_is_no_pointer() -> None:
    people = [person("a", headline={"az": "x"}, biography={"az": "@I_B@\n\n@VOID@\n@@"})]
    (note,) = [
        structure
        for record in export_and_read(people)
        for structure in record.children
        if structure.tag == "NOTE"
    ]
    assert note.text == "@I_B@\n\n@VOID@\n@@"
