"""A record without an id is matched by an identifier, else by its file and its key."""

from typing import Any

import pytest

from biobank.accounts.identity import OPERATOR
from biobank.editorial.review import workflow
from biobank.records.people import queries
from biobank.store.session import Database
from tests.support import seed
from tests.support.database_contents import database_contents
from tests.support.jsonl import counts, import_lines

#: Q identifiers are real ones of other things than people: numbers.
Q1, Q2 = {"wikidata": "Q199"}, {"wikidata": "Q200"}


def without_id(person_id: str, **changes: Any) -> dict[str, Any]:
    """Return a seed record without its id, and with no identifiers but those of `changes`."""
    record = seed.person_without_relations(person_id)
    record.pop("identifiers", None)
    del record["id"]
    return {**record, **changes}


UZEYIR, NIZAMI = without_id("uzeyir-hacibeyov"), without_id("nizami-gencevi")


def names_only(record: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """Return the names only: two such records are indistinguishable."""
    return {"names": record["names"], **changes}


def public(database: Database) -> dict[str, dict[str, Any]]:
    with database.read() as session:
        return {id_: record for step in queries.iter_chunks(session) for id_, record in step.items()}


def test_an_id_is_generated_from_the_preferred_azerbaijani_name(database: Database) -> None:
    import_lines(database, [UZEYIR, NIZAMI])
    assert public(database).keys() == {"uzeyir-hacibeyov", "nizami-gencevi"}


def test_a_generated_id_is_unique(database: Database) -> None:
    import_lines(database, [seed.person_without_relations("nizami-gencevi")], file="first.jsonl")
    namesake = without_id("nizami-gencevi", birth={"date": "1900"}, death=None)
    assert counts(import_lines(database, [namesake], file="second.jsonl")) == (1, 0, 0, 0)
    assert public(database).keys() == {"nizami-gencevi", "nizami-gencevi-2"}


@pytest.mark.parametrize("publish", [True, False])
def test_the_same_file_again_finds_the_same_people(database: Database, publish: bool) -> None:
    assert counts(import_lines(database, [UZEYIR, NIZAMI], publish=publish)) == (2, 0, 0, 0)
    before = database_contents(database)
    repeated = import_lines(database, [NIZAMI, UZEYIR], publish=publish)
    assert counts(repeated) == (0, 0, 2, 0)
    assert database_contents(database) == before


def test_a_changed_record_updates_its_person(database: Database) -> None:
    import_lines(database, [UZEYIR])
    assert counts(import_lines(database, [{**UZEYIR, "gender": "other"}])) == (0, 1, 0, 0)
    assert public(database)["uzeyir-hacibeyov"]["gender"] == "other"


def test_another_file_is_another_namespace(database: Database) -> None:
    import_lines(database, [UZEYIR], file="first.jsonl")
    assert counts(import_lines(database, [UZEYIR], file="second.jsonl")) == (1, 0, 0, 0)


@pytest.mark.parametrize("publish", [True, False])
def test_an_identifier_matches_across_files_and_names(database: Database, publish: bool) -> None:
    uzeyir = {**seed.person_without_relations("uzeyir-hacibeyov"), "identifiers": Q1}
    import_lines(database, [uzeyir], file="first.jsonl", publish=publish)
    renamed = {**NIZAMI, "identifiers": {"viaf": "1", **Q1}}
    report = import_lines(database, [renamed], file="second.jsonl", publish=publish)
    assert counts(report) == (0, 1, 0, 0)


def test_two_records_with_one_identifier_are_one_person(database: Database) -> None:
    lines = [{**UZEYIR, "identifiers": Q1}, {**NIZAMI, "identifiers": Q1}]
    for outcome in ((1, 0, 0, 1), (0, 0, 1, 1)):
        report = import_lines(database, lines)
        assert counts(report) == outcome
        assert report.refusals[0]["at"] == "line 2"
        assert report.refusals[0]["problems"][0]["path"] == "id"


def test_equal_records_are_distinguished_by_ordinal(database: Database) -> None:
    lines = [names_only(NIZAMI), names_only(NIZAMI, gender="male"), names_only(NIZAMI, gender="female")]
    assert counts(import_lines(database, lines)) == (3, 0, 0, 0)
    before = database_contents(database)
    assert counts(import_lines(database, lines)) == (0, 0, 3, 0)
    assert database_contents(database) == before


@pytest.mark.parametrize("publish", [True, False])
def test_an_added_identifier_does_not_shift_equal_records(database: Database, publish: bool) -> None:
    lines = [
        names_only(NIZAMI, identifiers=Q1),
        names_only(NIZAMI, gender="male"),
        names_only(NIZAMI, identifiers=Q2),
        names_only(NIZAMI, gender="female"),
    ]
    assert counts(import_lines(database, lines, publish=publish)) == (4, 0, 0, 0)
    before = database_contents(database)
    assert counts(import_lines(database, lines, publish=publish)) == (0, 0, 4, 0)
    assert database_contents(database) == before


def test_a_refused_record_does_not_shift_equal_records(database: Database) -> None:
    bad = names_only(NIZAMI, birth={"place": "no-such-place"})
    corrected = names_only(NIZAMI, birth={"place": "gence"})
    good = names_only(NIZAMI, gender="male")
    assert counts(import_lines(database, [bad, good])) == (1, 0, 0, 1)
    assert counts(import_lines(database, [corrected, good])) == (1, 0, 1, 0)


def test_a_non_ascii_name_gets_an_id(database: Database) -> None:
    names = [{"text": "ʻ", "lang": "ar", "kind": "pen"}]
    assert counts(import_lines(database, [{"names": names}, {"names": names}])) == (2, 0, 0, 0)
    assert public(database).keys() == {"person", "person-2"}


@pytest.mark.parametrize(("reason", "back"), [("wish", False), ("law", False), ("mistake", True)])
def test_withdrawn_people_are_not_reimported(database: Database, reason: str, back: bool) -> None:
    known = {**seed.person_without_relations("uzeyir-hacibeyov"), "identifiers": Q1}
    import_lines(database, [known])
    workflow.withdraw(database, OPERATOR, "uzeyir-hacibeyov", reason, "")
    by_identifier = names_only(NIZAMI, identifiers=Q1)
    for line in (known, by_identifier):
        codes = [
            problem["code"]
            for refusal in import_lines(database, [line]).refusals
            for problem in refusal["problems"]
        ]
        assert codes == ([] if back else ["withdrawn"])
    assert ("uzeyir-hacibeyov" in public(database)) == back
