"""Documents are valid by the schema of EAC-CPF 2.0 and complete."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from lxml import etree

from biobank.accounts.identity import Identity
from biobank.bootstrap import Services
from biobank.editorial.merging.merge import merge_people
from biobank.editorial.merging.redirects import find_public_aliases
from biobank.editorial.revisions.bulk_save import save_records
from biobank.exchange.exports.context import RelatedRecords, iter_records, with_related_records
from biobank.exchange.formats.eac.writer import write_document
from biobank.records.catalogue import Catalogue
from biobank.records.people.schemas import person_schema
from tests.support import records as strategies
from tests.support import seed
from tests.support.eac import ADDRESS, NAMES, assert_valid, make_edition, read_eac, write_eac
from tests.support.profiles import scaled

UZEYIR = "uzeyir-hacibeyov"
BARE: dict[str, Any] = {"id": "person", "names": [{"text": "Ə", "lang": "az", "kind": "preferred"}]}


@pytest.fixture(scope="module")
def uzeyir(services: Services) -> etree._Element:
    context = make_edition(services.catalogue())
    records = iter_records(services.database, [UZEYIR])
    ((record, related),) = with_related_records(records, services.database)
    return assert_valid(write_document(record, context, related))


def texts(element: etree._Element, path: str) -> list[str]:
    return [str(result) for result in element.xpath(path, namespaces=NAMES)]  # type: ignore[union-attr]


@settings(max_examples=scaled(50))
@given(strategies.records())
def test_document_of_any_record_is_valid(record: dict[str, Any]) -> None:
    assert_valid(write_eac(person_schema.load(record)))


def test_document_of_a_minimal_record_is_valid() -> None:
    root = assert_valid(write_eac(BARE))
    assert not root.findall(".//e:description", NAMES)
    assert not root.findall(".//e:relations", NAMES)


@pytest.mark.parametrize(
    "url", ["https://a.example/a b", "https://a.example/%zz", "https://ə.example/ə[1]", "http://a:x/", "x"]
)
def test_invalid_address_leaves_the_document_valid(url: str) -> None:
    record = {**BARE, "sources": ["a"], "media": [{"type": "image", "url": url}]}
    csl = {"type": "webpage", "title": "T", "URL": url}
    root = assert_valid(write_eac(record, RelatedRecords(sources={"a": csl})))
    # The address itself is kept in our own namespace.
    assert texts(root, "//@bb:address") == [url]


def test_names_have_their_language_script_and_kind(uzeyir: etree._Element) -> None:
    preferred = "//e:nameEntry[@preferredForm='true'][@status='authorized']"
    assert texts(uzeyir, f"{preferred}/@languageOfElement") == ["az", "en", "ru"]
    assert texts(uzeyir, f"{preferred}/e:part[@localType='givenname']/text()")[0] == "Üzeyir"
    assert texts(uzeyir, f"{preferred}/e:part[@localType='familyname']/text()")[0] == "Hacıbəyov"
    assert texts(uzeyir, "//e:nameEntry[@localType='pen']/e:part/text()") == ["Filankəs"]
    assert "Arab" in texts(uzeyir, "//e:nameEntry/@scriptOfElement")


def test_names_without_a_surname_are_one_part() -> None:
    pen = [{"text": "Məhəmməd Füzuli", "lang": "az", "kind": "preferred"}]
    pen += [{"text": "Füzuli", "lang": "az", "kind": "pen"}]
    root = assert_valid(write_eac({**BARE, "names": pen}))
    assert texts(root, "//e:part/text()") == ["Məhəmməd Füzuli", "Füzuli"]
    assert texts(root, "//e:part/@localType") == []


def test_labels_are_in_all_three_languages(uzeyir: etree._Element) -> None:
    labels = texts(uzeyir, "//e:occupation[@bb:id='composer']/e:term/text()")
    assert labels == ["bəstəkar", "composer", "композитор"]
    sibling = "//e:relation[@bb:type='sibling']"
    assert texts(uzeyir, f"{sibling}/e:targetEntity/@valueURI") == [f"{ADDRESS}ceyhun-hacibeyli"]
    assert "Ceyhun Hacıbəyli" in texts(uzeyir, f"{sibling}/e:targetEntity/e:part/text()")
    assert "sibling" in texts(uzeyir, f"{sibling}/e:targetRole/text()")


def test_dates_have_edtf_and_bounds() -> None:
    record = {**BARE, "birth": {"date": "1141~"}, "death": {"date": "[1209..]"}}
    root = assert_valid(write_eac(record))
    span = "//e:existDates/e:dateRange"
    assert texts(root, f"{span}/e:fromDate/@standardDate") == ["1141~"]
    assert texts(root, f"{span}/e:fromDate/@notBefore") == ["1136-01-01"]
    assert texts(root, f"{span}/e:fromDate/@notAfter") == ["1146-12-31"]
    assert texts(root, f"{span}/e:toDate/@notBefore") == ["1209-01-01"]
    assert texts(root, f"{span}/e:toDate/@notAfter") == []


def test_open_interval_is_ongoing() -> None:
    record = {**BARE, "floruit": {"date": "1928/.."}}
    span = "//e:existDates[@localType='floruit']/e:dateRange"
    root = assert_valid(write_eac(record))
    assert texts(root, f"{span}/e:fromDate/@standardDate") == ["1928"]
    assert texts(root, f"{span}/e:toDate/@status") == ["ongoing"]


def test_citations_refer_to_source_and_passage(uzeyir: etree._Element) -> None:
    ids = set(texts(uzeyir, "//e:source/@id"))
    referenced = [id_ for refs in texts(uzeyir, "//@sourceReference") for id_ in refs.split()]
    assert referenced
    assert set(referenced) <= ids
    assert {id_ for refs in texts(uzeyir, "//e:p/e:reference/@target") for id_ in refs.split()} <= ids
    record = {**BARE, "death": {"date": "1948", "cites": [{"source": "a", "locator": "p. 12"}]}}
    root = assert_valid(write_eac({**record, "sources": ["a"]}))
    (passage,) = texts(root, "//e:toDate/@sourceReference")
    assert texts(root, f"//e:source[@id='{passage}']/e:citedRange/text()") == ["p. 12"]


def test_control_has_revisions_and_merged_ids() -> None:
    revisions = [(1, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)), (3, datetime(2026, 2, 3, tzinfo=UTC))]
    related = RelatedRecords(revisions={"person": revisions}, old_ids={"person": ["another"]})
    root = assert_valid(write_eac(BARE, related))
    types = texts(root, "//e:maintenanceEvent/@maintenanceEventType")
    assert types == ["created", "revised"]
    assert texts(root, "//e:eventDateTime/@standardDateTime")[0] == "2026-01-02T03:04:05Z"
    assert texts(root, "//e:control/@publicationStatus") == ["published"]
    assert texts(root, "//e:otherRecordId[@localType='merged']/text()") == ["another"]


def test_ids_of_merged_drafts_are_omitted(own_services: Services) -> None:
    database, editor = own_services.database, Identity("editor", "session", "an editor", 1)
    draft = BARE | {"id": "never-public"}
    with database.write() as session:
        save_records(session, [draft], editor, "", publish=False)
    merge_people(database, editor, UZEYIR, "never-public", 1, 1, {})
    merge_people(database, editor, UZEYIR, "qara-qarayev", 2, 1, {})
    with database.read() as session:
        assert find_public_aliases(session, [UZEYIR]) == {UZEYIR: ["qara-qarayev"]}


def test_authors_are_omitted(uzeyir: etree._Element) -> None:
    assert set(texts(uzeyir, "//e:agent/text()")) == {"Azərbaycan Bioqrafiya Bankı"}


def test_invalid_xml_characters_are_removed() -> None:
    record = {**BARE, "headline": {"az": "a\ufffeb"}}
    (item,) = read_eac(write_eac(record))
    assert_valid(write_eac(record))
    assert item.data["headline"] == {"az": "ab"}


def test_unknown_term_is_given_by_id() -> None:
    root = assert_valid(
        write_document({**BARE, "professions": ["composer"]}, make_edition(Catalogue()), RelatedRecords())
    )
    assert texts(root, "//e:occupation/e:term/text()") == ["composer"]


def test_paragraphs_and_citations_are_preserved() -> None:
    record = seed.person(UZEYIR)
    root = assert_valid(write_eac(person_schema.load(record)))
    biography = root.find(".//e:biogHist[@languageOfElement='en']", NAMES)
    assert biography is not None
    paragraphs = ["".join(p.itertext()) for p in biography.findall("e:p", NAMES)]
    assert "\n\n".join(paragraphs) == record["biography"]["en"].strip()
