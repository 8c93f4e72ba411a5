"""Documents are valid by the schema of EAC-CPF 2.0 and complete."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from lxml import etree

from biobank.accounts.identity import Identity
from biobank.bootstrap import Services
from biobank.editorial.merging.leading import led_to
from biobank.editorial.merging.merge import merge
from biobank.editorial.publishing import save_many
from biobank.exchange.answers.edition import records_of
from biobank.exchange.answers.surroundings import Surroundings, with_surroundings
from biobank.exchange.eac.writing import document
from biobank.records.catalogue import Catalogue
from biobank.records.people.schemas import person_schema
from tests.support import records as strategies
from tests.support import seed
from tests.support.eac import ADDRESS, NAMES, edition, read, valid, written

UZEYIR = "uzeyir-hacibeyov"
BARE: dict[str, Any] = {
    "id": "person",
    "names": [{"text": "Ə", "lang": "az", "kind": "preferred"}],
}


@pytest.fixture(scope="module")
def uzeyir(services: Services) -> etree._Element:
    its = edition(services.catalogue())
    records = records_of(services.database, [UZEYIR])
    ((record, around),) = with_surroundings(records, services.database)
    return valid(document(record, its, around))


def texts(made: etree._Element, path: str) -> list[str]:
    return [str(it) for it in made.xpath(path, namespaces=NAMES)]  # type: ignore[union-attr]


@settings(max_examples=50)
@given(strategies.records())
def test_whatever_a_record_holds_its_document_is_valid(record: dict[str, Any]) -> None:
    valid(written(person_schema.load(record)))


def test_the_least_that_a_record_may_be_is_valid() -> None:
    made = valid(written(BARE))
    assert not made.findall(".//e:description", NAMES)
    assert not made.findall(".//e:relations", NAMES)


@pytest.mark.parametrize(
    "url",
    [
        "https://a.example/a b",
        "https://a.example/%zz",
        "https://ə.example/ə[1]",
        "http://a:x/",
        "x",
    ],
)
def test_an_address_that_is_none_leaves_the_document_valid(url: str) -> None:
    record = {**BARE, "sources": ["a"], "media": [{"type": "image", "url": url}]}
    csl = {"type": "webpage", "title": "T", "URL": url}
    made = valid(written(record, Surroundings(sources={"a": csl})))
    # The address itself is kept in our own namespace.
    assert texts(made, "//@bb:address") == [url]


def test_names_have_their_language_script_and_kind(uzeyir: etree._Element) -> None:
    preferred = "//e:nameEntry[@preferredForm='true'][@status='authorized']"
    assert texts(uzeyir, f"{preferred}/@languageOfElement") == ["az", "en", "ru"]
    assert texts(uzeyir, f"{preferred}/e:part/text()")[0] == "Üzeyir Hacıbəyov"
    assert texts(uzeyir, "//e:nameEntry[@localType='pen']/e:part/text()") == ["Filankəs"]
    assert "Arab" in texts(uzeyir, "//e:nameEntry/@scriptOfElement")


def test_labels_stand_in_all_three_languages(uzeyir: etree._Element) -> None:
    told = texts(uzeyir, "//e:occupation[@bb:id='composer']/e:term/text()")
    assert told == ["bəstəkar", "composer", "композитор"]
    sibling = "//e:relation[@bb:type='sibling']"
    assert texts(uzeyir, f"{sibling}/e:targetEntity/@valueURI") == [f"{ADDRESS}ceyhun-hacibeyli"]
    assert "Ceyhun Hacıbəyli" in texts(uzeyir, f"{sibling}/e:targetEntity/e:part/text()")
    assert "sibling" in texts(uzeyir, f"{sibling}/e:targetRole/text()")


def test_dates_are_edtf_with_the_days_they_can_mean() -> None:
    record = {**BARE, "birth": {"date": "1141~"}, "death": {"date": "[1209..]"}}
    made = valid(written(record))
    span = "//e:existDates/e:dateRange"
    assert texts(made, f"{span}/e:fromDate/@standardDate") == ["1141~"]
    assert texts(made, f"{span}/e:fromDate/@notBefore") == ["1136-01-01"]
    assert texts(made, f"{span}/e:fromDate/@notAfter") == ["1146-12-31"]
    assert texts(made, f"{span}/e:toDate/@notBefore") == ["1209-01-01"]
    assert texts(made, f"{span}/e:toDate/@notAfter") == []


def test_what_lasts_is_a_range_and_what_still_does_is_ongoing() -> None:
    record = {**BARE, "floruit": {"date": "1928/.."}}
    span = "//e:existDates[@localType='floruit']/e:dateRange"
    made = valid(written(record))
    assert texts(made, f"{span}/e:fromDate/@standardDate") == ["1928"]
    assert texts(made, f"{span}/e:toDate/@status") == ["ongoing"]


def test_every_citation_points_at_its_source_and_passage(uzeyir: etree._Element) -> None:
    ids = set(texts(uzeyir, "//e:source/@id"))
    pointed = [id_ for refs in texts(uzeyir, "//@sourceReference") for id_ in refs.split()]
    assert pointed
    assert set(pointed) <= ids
    assert {
        id_ for refs in texts(uzeyir, "//e:p/e:reference/@target") for id_ in refs.split()
    } <= ids
    record = {**BARE, "death": {"date": "1948", "cites": [{"source": "a", "locator": "p. 12"}]}}
    made = valid(written({**record, "sources": ["a"]}))
    (passage,) = texts(made, "//e:toDate/@sourceReference")
    assert texts(made, f"//e:source[@id='{passage}']/e:citedRange/text()") == ["p. 12"]


def test_revisions_and_merged_ids_stand_in_the_control() -> None:
    moments = [
        (1, datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)),
        (3, datetime(2026, 2, 3, tzinfo=UTC)),
    ]
    around = Surroundings(revisions={"person": moments}, old_ids={"person": ["another"]})
    made = valid(written(BARE, around))
    types = texts(made, "//e:maintenanceEvent/@maintenanceEventType")
    assert types == ["created", "revised"]
    assert texts(made, "//e:eventDateTime/@standardDateTime")[0] == "2026-01-02T03:04:05Z"
    assert texts(made, "//e:control/@publicationStatus") == ["published"]
    assert texts(made, "//e:otherRecordId[@localType='merged']/text()") == ["another"]


def test_ids_of_drafts_that_were_merged_do_not_surround_anybody(own_services: Services) -> None:
    database, who = own_services.database, Identity("editor", "session", "an editor", 1)
    draft = BARE | {"id": "never-public"}
    with database.write() as session:
        save_many(session, [draft], who, "", publish=False)
    merge(database, who, UZEYIR, "never-public", 1, 1, {})
    merge(database, who, UZEYIR, "qara-qarayev", 2, 1, {})
    with database.read() as session:
        assert led_to(session, [UZEYIR]) == {UZEYIR: ["qara-qarayev"]}


def test_who_wrote_is_not_told(uzeyir: etree._Element) -> None:
    assert set(texts(uzeyir, "//e:agent/text()")) == {"Azərbaycan Bioqrafiya Bankı"}


def test_what_xml_cannot_write_is_left_out() -> None:
    record = {**BARE, "headline": {"az": "a\ufffeb"}}
    (item,) = read(written(record))
    valid(written(record))
    assert item.data["headline"] == {"az": "ab"}


def test_a_catalogue_without_a_term_tells_its_id() -> None:
    made = valid(
        document({**BARE, "professions": ["composer"]}, edition(Catalogue()), Surroundings())
    )
    assert texts(made, "//e:occupation/e:term/text()") == ["composer"]


def test_paragraphs_stay_apart_and_their_marks_within() -> None:
    record = seed.person(UZEYIR)
    made = valid(written(person_schema.load(record)))
    life = made.find(".//e:biogHist[@languageOfElement='en']", NAMES)
    assert life is not None
    paragraphs = ["".join(p.itertext()) for p in life.findall("e:p", NAMES)]
    assert "\n\n".join(paragraphs) == record["biography"]["en"].strip()
