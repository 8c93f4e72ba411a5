"""Consistency of the seed: references resolve, all languages and sources are present."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from biobank.common.i18n import LANGUAGES
from biobank.errors import RecordRefused
from biobank.exchange.imports.items import load_yaml, read_yaml_folder
from biobank.names.folding import has_letter
from biobank.records.organisations.schemas import organisation_schema
from biobank.records.people.citations import cited_in_facts, cited_in_text, strip_citations
from biobank.records.people.reference_checks import ReferenceIndex, check_references, missing_people
from biobank.records.people.schemas import person_schema
from biobank.records.places.schemas import place_schema
from biobank.records.sources.schemas import source_schema
from biobank.records.validation import load_validated
from biobank.records.vocabulary.models import VOCABULARIES
from biobank.records.vocabulary.schemas import term_schema
from tests.support import seed

#: Minimum number of words of a biography in each language.
MIN_BIOGRAPHY_WORDS = 120
SCHEMAS = {"places": place_schema, "organisations": organisation_schema, "sources": source_schema}
SCRIPTS = {"az": r"[A-Za-zƏəĞğİıŞşÇçÖöÜü]", "en": r"[A-Za-z]", "ru": r"[А-Яа-яЁё]"}

Record = dict[str, Any]


def loaded(folder: str) -> dict[str, Record]:
    records = (load_validated(SCHEMAS[folder], item.data) for item in read_yaml_folder(seed.SEED / folder))
    return {record["id"]: record for record in records}


@pytest.fixture(scope="module")
def places() -> dict[str, Record]:
    return loaded("places")


@pytest.fixture(scope="module")
def organisations() -> dict[str, Record]:
    return loaded("organisations")


@pytest.fixture(scope="module")
def sources() -> dict[str, Record]:
    return loaded("sources")


@pytest.fixture(scope="module")
def terms() -> dict[str, dict[str, Record]]:
    return {
        vocabulary: {
            entry["id"]: load_validated(term_schema, {"vocabulary": vocabulary, **entry})
            for entry in load_yaml(seed.SEED / "vocabularies" / f"{vocabulary}.yaml")
        }
        for vocabulary in VOCABULARIES
    }


@pytest.fixture(scope="module")
def people() -> dict[str, Record]:
    """Load all people in canonical form; an invalid file fails every test of the module."""
    records = {}
    for file in sorted((seed.SEED / "people").glob("*.yaml")):
        try:
            records[file.name] = load_validated(person_schema, load_yaml(file))
        except RecordRefused as refused:
            pytest.fail(f"{file.name}: {refused}")
    return {record["id"]: record for record in records.values()}


def iter_people(people: dict[str, Record]) -> Iterator[tuple[str, Record]]:
    assert people
    yield from people.items()


def test_there_are_eighty_people_or_more(people: dict[str, Record]) -> None:
    assert len(people) >= 80


def test_files_are_named_after_ids() -> None:
    for folder in ("people", "organisations", "sources"):
        for file in (seed.SEED / folder).glob("*.yaml"):
            assert load_yaml(file)["id"] == file.stem


def test_no_two_reference_records_share_an_id(terms: dict[str, dict[str, Record]]) -> None:
    for folder in SCHEMAS:
        ids = Counter(item.data["id"] for item in read_yaml_folder(seed.SEED / folder))
        assert [id_ for id_, count in ids.items() if count > 1] == []
    for vocabulary in VOCABULARIES:
        assert len(seed.terms(vocabulary)) == len(terms[vocabulary])


def test_a_third_are_women_or_lived_abroad(people: dict[str, Record]) -> None:
    counted = [
        id_
        for id_, record in iter_people(people)
        if record.get("gender") == "female" or set(record.get("countries", [])) - {"AZ"}
    ]
    assert len(counted) >= len(people) / 3
    women = [id_ for id_, record in iter_people(people) if record.get("gender") == "female"]
    assert len(women) >= 20


def test_people_span_a_thousand_years_and_many_professions(people: dict[str, Record]) -> None:
    years = {record.get("birth", {}).get("date", "")[:2] for _, record in iter_people(people)}
    assert years & {"09", "10"}
    assert years >= {"11", "12", "13", "14", "18", "19"}
    assert any("death" not in record for _, record in iter_people(people))
    professions = {profession for _, record in iter_people(people) for profession in record["professions"]}
    assert len(professions) >= 40


def test_every_reference_resolves(
    people: dict[str, Record],
    places: dict[str, Record],
    organisations: dict[str, Record],
    sources: dict[str, Record],
    terms: dict[str, dict[str, Record]],
) -> None:
    known = ReferenceIndex(
        terms={vocabulary: set(entries) for vocabulary, entries in terms.items()},
        places=set(places),
        organisations=set(organisations),
        sources={id_: record["csl"] for id_, record in sources.items()},
    )
    problems = {
        id_: [str(problem) for problem in entries]
        for id_, record in iter_people(people)
        if (entries := [*check_references(record, known), *missing_people(record, people)])
    }
    assert problems == {}


def test_references_of_reference_records_resolve(
    places: dict[str, Record], organisations: dict[str, Record], terms: dict[str, dict[str, Record]]
) -> None:
    for place in places.values():
        assert place.get("broader", place["id"]) in places, place["id"]
    for organisation in organisations.values():
        assert organisation.get("place", "baku") in places, organisation["id"]
    for entries in terms.values():
        for term in entries.values():
            assert set(term.get("broader", ())) <= entries.keys(), term["id"]
            assert term.get("inverse", term["id"]) in entries, term["id"]


def test_hierarchies_have_no_cycles(places: dict[str, Record], terms: dict[str, dict[str, Record]]) -> None:
    broader = {id_: [place["broader"]] for id_, place in places.items() if "broader" in place}
    _assert_no_cycle(broader)
    for entries in terms.values():
        _assert_no_cycle({id_: term.get("broader", []) for id_, term in entries.items()})


def _assert_no_cycle(broader: dict[str, list[str]]) -> None:
    for start in broader:
        seen: set[str] = set()
        pending = list(broader[start])
        while pending:
            step = pending.pop()
            assert step != start, start
            if step not in seen:
                seen.add(step)
                pending.extend(broader.get(step, []))


def test_the_inverse_of_an_inverse_is_the_relation_itself(terms: dict[str, dict[str, Record]]) -> None:
    relations = terms["relation"]
    for id_, term in relations.items():
        assert relations[term.get("inverse", id_)].get("inverse", id_) == id_


def test_relations_are_stored_at_one_end(
    people: dict[str, Record], terms: dict[str, dict[str, Record]]
) -> None:
    """A relation stored at both ends would be displayed twice."""
    stored = Counter(
        frozenset(
            [
                (id_, relation["type"], relation["person"]),
                (
                    relation["person"],
                    terms["relation"][relation["type"]].get("inverse", relation["type"]),
                    id_,
                ),
            ]
        )
        for id_, record in iter_people(people)
        for relation in record.get("relations", [])
    )
    assert [sorted(relation) for relation, count in stored.items() if count > 1] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_people_have_texts_in_every_language(people: dict[str, Record], lang: str) -> None:
    for id_, record in iter_people(people):
        preferred = [name["lang"] for name in record["names"] if name["kind"] == "preferred"]
        assert lang in preferred, id_
        for field in ("headline", "connection", "biography"):
            text = record.get(field, {}).get(lang, "")
            assert has_letter(text), (id_, field, lang)
            letter_count = len(re.findall(SCRIPTS[lang], text))
            assert letter_count > 0.7 * sum(char.isalpha() for char in text), (id_, field, lang)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_biographies_have_minimum_length(people: dict[str, Record], lang: str) -> None:
    short = {}
    for id_, record in iter_people(people):
        words = re.findall(r"\w[\w'’‑-]*", strip_citations(record["biography"][lang]))
        if len(words) < MIN_BIOGRAPHY_WORDS:
            short[id_] = len(words)
    assert short == {}


def test_texts_in_different_languages_are_different(people: dict[str, Record]) -> None:
    for id_, record in iter_people(people):
        for field in ("headline", "connection", "biography"):
            assert len(set(record[field].values())) == 3, (id_, field)


def test_reference_records_have_labels_in_every_language(
    places: dict[str, Record], organisations: dict[str, Record], terms: dict[str, dict[str, Record]]
) -> None:
    for entries in terms.values():
        for term in entries.values():
            assert term["labels"].keys() == set(LANGUAGES), term["id"]
    for record in [*places.values(), *organisations.values()]:
        assert {name["lang"] for name in record["names"]} >= set(LANGUAGES), record["id"]
    for organisation in organisations.values():
        assert organisation["summary"].keys() == set(LANGUAGES), organisation["id"]


def test_every_person_has_what_a_page_needs(people: dict[str, Record]) -> None:
    for id_, record in iter_people(people):
        assert record["professions"], id_
        assert record["countries"], id_
        assert record.get("gender"), id_
        assert record.get("birth") or record.get("floruit"), id_
        assert record["checked"]["against"], id_


def test_there_are_a_hundred_places_with_coordinates_and_fifteen_organisations(
    places: dict[str, Record], organisations: dict[str, Record]
) -> None:
    assert sum("lat" in place and "lon" in place for place in places.values()) >= 100
    assert len(organisations) >= 15
    for place in places.values():
        assert ("lat" in place) == ("lon" in place), place["id"]
        assert place.get("country"), place["id"]


def test_people_cite_at_least_two_sources(people: dict[str, Record], sources: dict[str, Record]) -> None:
    for id_, record in iter_people(people):
        cited = {*cited_in_facts(record), *cited_in_text(record)}
        works = {_work(sources[source]) for source in cited}
        assert len(works) >= 2, id_


def _work(source: Record) -> str:
    """Return the work of a source; all editions and mirrors of Wikipedia count as one."""
    text = f"{source['csl'].get('URL', '')} {source['csl'].get('container-title', '')}".lower()
    return "wikipedia" if "wiki" in text else source["id"]


def test_texts_have_no_malformed_citations(people: dict[str, Record]) -> None:
    """A malformed citation would appear on the page as typed."""
    for id_, record in iter_people(people):
        for lang, text in record["biography"].items():
            assert "[@" not in strip_citations(text), (id_, lang)
            assert "@" not in strip_citations(text), (id_, lang)


def test_every_biography_cites(people: dict[str, Record]) -> None:
    for id_, record in iter_people(people):
        for lang, text in record["biography"].items():
            assert cited_in_text({"biography": {lang: text}}), (id_, lang)


def test_birth_and_death_are_cited(people: dict[str, Record]) -> None:
    for id_, record in iter_people(people):
        for role in ("birth", "death"):
            if record.get(role, {}).get("date"):
                assert record[role].get("cites"), (id_, role)


def test_every_source_is_cited(people: dict[str, Record], sources: dict[str, Record]) -> None:
    used = {source for _, record in iter_people(people) for source in record.get("sources", [])}
    assert sources.keys() - used == set()


def test_no_two_sources_are_the_same_page(sources: dict[str, Record]) -> None:
    def address(url: str) -> str:
        return re.sub(r"^https?://(www\.)?", "", url).rstrip("/")

    pages = Counter(address(record["csl"]["URL"]) for record in sources.values() if "URL" in record["csl"])
    assert [page for page, count in pages.items() if count > 1] == []


def test_web_sources_have_access_dates(sources: dict[str, Record]) -> None:
    for id_, record in sources.items():
        if "URL" in record["csl"]:
            assert record["csl"].get("accessed", {}).get("date-parts"), id_
