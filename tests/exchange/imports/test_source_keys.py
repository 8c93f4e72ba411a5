"""A record with a key in its file is matched to its person even if everything else changes."""

from collections.abc import Iterable

from biobank.accounts.identity import OPERATOR
from biobank.exchange.imports.importer import import_people
from biobank.exchange.imports.items import ImportItem
from biobank.exchange.imports.runs import ImportReport
from biobank.store.session import Database
from tests.support.jsonl import counts


def item(key: str, name: str, born: str) -> ImportItem:
    names = [{"text": name, "lang": "az", "kind": "preferred"}]
    return ImportItem(f"line {key}", {"names": names, "birth": {"date": born}}, key=key)


def import_items(database: Database, items: Iterable[ImportItem]) -> ImportReport:
    return import_people(database, items, file="people.csv", actor=OPERATOR, publish=True)


def test_a_key_matches_its_person_after_other_changes(database: Database) -> None:
    first = [item("7", "Üzeyir", "1884"), item("8", "Ceyhun", "1891")]
    assert counts(import_items(database, first)) == (2, 0, 0, 0)
    repeated = [item("8", "Ceyhun", "1891"), item("7", "Üzeyir bəy", "1885")]
    assert counts(import_items(database, repeated)) == (0, 1, 1, 0)


def test_keys_distinguish_people_of_one_name_and_year(database: Database) -> None:
    namesakes = [item("7", "Üzeyir", "1885"), item("8", "Üzeyir", "1885")]
    assert counts(import_items(database, namesakes)) == (2, 0, 0, 0)
    assert counts(import_items(database, reversed(namesakes))) == (0, 0, 2, 0)


def test_a_key_is_unique_in_a_file(database: Database) -> None:
    twice = [item("7", "Üzeyir", "1885"), item("7", "Ceyhun", "1891")]
    report = import_items(database, twice)
    assert counts(report) == (1, 0, 0, 1)
    assert "is already in the file: line 7" in report.refusals[0]["problems"][0]["message"]
