"""EAC-CPF of other systems: what can be converted is, and the rest is reported."""

import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from biobank.accounts.identity import OPERATOR
from biobank.exchange.formats.eac.reader import read_eac_cpf
from biobank.exchange.formats.eac.reader_parts import HEADING_YEARS_PATTERN
from biobank.exchange.imports.importer import import_people
from biobank.records.people import queries
from biobank.records.people.schemas import person_schema
from biobank.store.session import Database
from tests.support.eac import read_eac

EAC_1_DOCUMENT = """<?xml version="1.0" encoding="UTF-8"?>
<eac-cpf xmlns="urn:isbn:1-931666-33-4" xmlns:xlink="http://www.w3.org/1999/xlink" xml:lang="eng">
 <control>
  <recordId>w6abc</recordId>
  <otherRecordId>http://viaf.org/viaf/12345678</otherRecordId>
  <maintenanceStatus>revised</maintenanceStatus>
  <maintenanceAgency>
   <agencyCode>US-Example</agencyCode><agencyName>An archive</agencyName>
  </maintenanceAgency>
  <languageDeclaration><language languageCode="eng">English</language></languageDeclaration>
  <maintenanceHistory/>
  <sources>
   <source xlink:href="https://archive.example/a">
    <sourceEntry>Papers of a composer</sourceEntry>
   </source>
   <source xlink:href="http://www.wikidata.org/entity/Q317397"/>
  </sources>
 </control>
 <cpfDescription>
  <identity>
   <entityType>person</entityType>
   <nameEntry xml:lang="eng">
    <part>Hajibeyov, Uzeyir, 1885-1948.</part><authorizedForm>lcnaf</authorizedForm>
   </nameEntry>
   <nameEntry xml:lang="rus" scriptCode="Cyrl">
    <part localType="surname">Гаджибеков</part><part localType="forename">Узеир</part>
   </nameEntry>
  </identity>
  <description>
   <existDates><dateRange>
    <fromDate standardDate="1885-09-18">18 September 1885</fromDate>
    <toDate>23 November 1948</toDate>
   </dateRange></existDates>
   <localDescription localType="http://viaf.org/viaf/terms#gender"><term>Male</term></localDescription>
   <place><placeRole>birth</placeRole><placeEntry countryCode="AZ">Aghjabadi</placeEntry></place>
   <occupation><term>Composers</term></occupation>
   <biogHist><abstract>A composer.</abstract><p>He was born in
    Aghjabadi.</p></biogHist>
   <biogHist xml:lang="fre"><p>Compositeur.</p></biogHist>
  </description>
  <relations>
   <cpfRelation cpfRelationType="family">
    <relationEntry>Hajibeyli, Jeyhun</relationEntry>
   </cpfRelation>
  </relations>
 </cpfDescription>
</eac-cpf>
"""
EAC_2_DOCUMENT = """<eac xmlns="https://archivists.org/ns/eac/v2" languageOfElement="az">
 <control maintenanceStatus="new"><recordId>7</recordId>
  <maintenanceAgency><agencyName>Arxiv</agencyName></maintenanceAgency>
  <maintenanceHistory><maintenanceEvent maintenanceEventType="created"><agent>a</agent>
   <eventDateTime>2020</eventDateTime></maintenanceEvent></maintenanceHistory>
  <languageDeclaration languageCode="az"/>
 </control>
 <cpfDescription>
  <identity><entityType value="person"/>
   <nameEntry languageOfElement="az" preferredForm="true"><part>Nizami Gəncəvi</part></nameEntry>
   <identityId valueURI="https://www.wikidata.org/wiki/Q9327">Q9327</identityId>
  </identity>
  <description>
   <existDates><dateRange><fromDate notBefore="1138" notAfter="1144"/>
    <toDate standardDate="1209" certainty="approximate"/></dateRange></existDates>
  </description>
 </cpfDescription>
</eac>
"""


def read_single(text: str) -> tuple[dict[str, Any], list[str]]:
    (item,) = read_eac(text.encode())
    assert not item.error
    return person_schema.load(item.data), [str(notice) for notice in item.notices]


def test_eac_1_documents_are_converted() -> None:
    record, _ = read_single(EAC_1_DOCUMENT)
    assert record["names"] == [
        {"text": "Uzeyir Hajibeyov", "lang": "en", "kind": "preferred"},
        {"text": "Узеир Гаджибеков", "lang": "ru", "script": "Cyrl", "kind": "variant"},
    ]
    assert record["birth"] == {"date": "1885-09-18"}
    assert record["death"] == {"date": "1948-11-23"}
    assert record["gender"] == "male"
    assert record["countries"] == ["AZ"]
    assert record["biography"] == {"en": "A composer.\n\nHe was born in Aghjabadi."}
    assert record["identifiers"] == {"viaf": "12345678", "wikidata": "Q317397", "eac-cpf": "US-Example/w6abc"}
    assert record["sources"][0]["csl"] == {
        "type": "document",
        "title": "Papers of a composer",
        "URL": "https://archive.example/a",
    }


def test_unsupported_elements_are_reported() -> None:
    _, notices = read_single(EAC_1_DOCUMENT)
    text = "\n".join(notices)
    for words in ("Composers", "Aghjabadi", "Hajibeyli, Jeyhun", "Compositeur.", "1885-1948"):
        assert words in text


def test_a_record_of_the_second_edition_that_is_not_ours_is_read_by_the_standard() -> None:
    record, _ = read_single(EAC_2_DOCUMENT)
    assert record["names"][0] == {"text": "Nizami Gəncəvi", "lang": "az", "kind": "preferred"}
    assert record["birth"]["date"] == "[1138..1144]"
    assert record["death"]["date"] == "1209~"
    assert record["identifiers"] == {"wikidata": "Q9327", "eac-cpf": "Arxiv/7"}


@pytest.mark.parametrize("kind", ["corporateBody", "family", ""])
def test_other_entity_types_are_refused(kind: str) -> None:
    (item,) = read_eac(EAC_1_DOCUMENT.replace(">person<", f">{kind}<").encode())
    assert item.error.message.endswith("Only records about people are imported.")


def test_several_documents_in_one_file_are_read() -> None:
    bare = EAC_1_DOCUMENT.partition("?>")[2]
    items = read_eac(f"<ListRecords><x/><record>{bare}</record>{EAC_2_DOCUMENT}{bare}</ListRecords>".encode())
    assert [item.label for item in items] == ["record 1", "record 2", "record 3"]
    assert [len(item.data["names"]) for item in items] == [2, 1, 2]


def test_documents_become_drafts_and_a_repeated_import_changes_nothing(database: Database) -> None:
    def import_text(text: str) -> tuple[int, int, int]:
        items = read_eac_cpf(io.BytesIO(text.encode()))
        report = import_people(database, items, file="a.xml", actor=OPERATOR, publish=False)
        assert report.refusals == []
        return report.new, report.changed, report.same

    assert import_text(EAC_1_DOCUMENT) == (1, 0, 0)
    assert import_text(EAC_1_DOCUMENT) == (0, 0, 1)
    assert import_text(EAC_1_DOCUMENT.replace("A composer.", "Composer.")) == (0, 1, 0)
    with database.read() as session:
        assert queries.count(session) == 0


@given(st.text(max_size=300))
def test_any_heading_is_read_in_time(text: str) -> None:
    for heading in (text, ",b" * 150 + text):
        assert len(HEADING_YEARS_PATTERN.sub("", heading)) <= len(heading)
