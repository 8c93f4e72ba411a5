"""Minimum match quality on data sets made by others; of the longest a sample is queried by default.

`python -m benchmarks.recall` reports the figures over whole lists, by language and script.
"""

import json
from pathlib import Path

import pytest

from biobank.names.evaluation import evaluate
from biobank.names.folding import fold
from biobank.names.matcher import NameMatcher
from tests.names.name_lists import DATA, canonical_names, politicians, read_lines, sample_spellings
from tests.support.near_duplicates import near_duplicates_of
from tests.support.profiles import every

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def distractors(shared: Path) -> list[str]:
    return read_lines(shared / "data" / "names_distractors.txt")


@pytest.fixture(scope="module")
def variants(shared: Path) -> list[str]:
    return read_lines(shared / "data" / "name_variants_dev.jsonl")


def test_variants_find_their_person_first(variants: list[str], distractors: list[str]) -> None:
    metrics = evaluate(sample_spellings(variants, every(2)), distractors).metrics["all"].as_dict()
    assert metrics["recall_1"] >= 0.99
    assert metrics["recall_10"] >= 0.998


def test_similar_names_are_distinguished(variants: list[str], distractors: list[str]) -> None:
    more = near_duplicates_of(canonical_names(variants), distractors)
    metrics = evaluate(sample_spellings(variants, every(2)), [*distractors, *more]).metrics["all"].as_dict()
    assert metrics["recall_1"] >= 0.975


def test_labels_of_wikidata_find_their_person(shared: Path, distractors: list[str]) -> None:
    people = read_lines(shared / "data" / "names_azerbaijanis_dev.jsonl")
    metrics = evaluate(people, distractors).metrics
    # A few labels share no name with the Azerbaijani one: Musa Urud is Musa Quliyev.
    assert metrics["lang ru"].first == metrics["lang ru"].total
    assert metrics["lang tr"].first == metrics["lang tr"].total
    assert metrics["lang en"].first >= metrics["lang en"].total - 2


def test_names_of_the_world_are_found_across_scripts(shared: Path) -> None:
    people = read_lines(shared / "data" / "names_world_dev.jsonl")
    metrics = evaluate(sample_spellings(people, every(4), other_scripts=True), indexed_lang="en").metrics
    for script in ("script Cyrillic", "script Arabic"):
        assert metrics[script].total > 500
        assert metrics[script].as_dict()["recall_1"] >= 0.93


def test_unseen_people_are_found_first(distractors: list[str]) -> None:
    people = read_lines(DATA / "azerbaijanis.jsonl")
    metrics = evaluate(sample_spellings(people, every(8)), distractors).metrics["all"].as_dict()
    assert metrics["recall_1"] >= 0.99
    assert metrics["recall_10"] >= 0.995


def test_similar_names_of_unseen_people_are_distinguished(distractors: list[str]) -> None:
    people = read_lines(DATA / "azerbaijanis.jsonl")
    more = near_duplicates_of(canonical_names(people), distractors)
    metrics = evaluate(sample_spellings(people, every(8)), [*distractors, *more]).metrics["all"].as_dict()
    assert metrics["recall_1"] >= 0.975


def test_well_known_people_are_found_across_scripts(shared: Path) -> None:
    other_people = map(json.loads, read_lines(shared / "data" / "names_world_dev.jsonl"))
    latin = [n["text"] for person in other_people for n in person["names"] if n["lang"] == "en"]
    metrics = evaluate(read_lines(DATA / "world.jsonl"), latin, indexed_lang="en").metrics
    assert metrics["lang ru"].as_dict()["recall_1"] >= 0.95
    assert metrics["lang fa"].as_dict()["recall_1"] >= 0.95


def test_politicians_of_the_world_are_found_across_scripts(shared: Path) -> None:
    people = politicians(shared / "data" / "people_everypolitician_2015.jsonl.gz", every=3)
    metrics = evaluate(people, indexed_lang="en").metrics
    assert metrics["script Cyrillic"].as_dict()["recall_1"] >= 0.95
    assert metrics["script Arabic"].as_dict()["recall_1"] >= 0.9


def test_absent_people_are_seldom_matched(distractors: list[str]) -> None:
    absent = distractors[::12]
    out = {fold(name) for name in absent}
    matcher = NameMatcher([(name, [name], 0) for name in distractors if fold(name) not in out])
    results = [matcher.find(name, 1) for name in absent]
    mistaken = [matches for matches in results if matches and matches[0].quality != "similar"]
    assert len(mistaken) < 0.05 * len(absent)
