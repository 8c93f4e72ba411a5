"""A record with a key in its file is matched to its person even if everything else changes."""

from collections.abc import Iterable

from biobank.accounts.identity import OPERATOR
from biobank.exchange.importing.importer import import_people
from biobank.exchange.importing.reading import Item
from biobank.exchange.importing.report import Report
from biobank.store.session import Database
from tests.support.jsonl import counts


def item(key: str, name: str, born: str) -> Item:
    names = [{"text": name, "lang": "az", "kind": "preferred"}]
    return Item(f"line {key}", {"names": names, "birth": {"date": born}}, key=key)


def brought_in(database: Database, items: Iterable[Item]) -> Report:
    return import_people(database, items, file="people.csv", who=OPERATOR, publish=True)


def test_a_key_finds_its_person_whatever_else_is_put_right(database: Database) -> None:
    first = [item("7", "Üzeyir", "1884"), item("8", "Ceyhun", "1891")]
    assert counts(brought_in(database, first)) == (2, 0, 0, 0)
    again = [item("8", "Ceyhun", "1891"), item("7", "Üzeyir bəy", "1885")]
    assert counts(brought_in(database, again)) == (0, 1, 1, 0)


def test_people_of_one_name_and_year_are_told_apart_by_their_keys(database: Database) -> None:
    twins = [item("7", "Üzeyir", "1885"), item("8", "Üzeyir", "1885")]
    assert counts(brought_in(database, twins)) == (2, 0, 0, 0)
    assert counts(brought_in(database, reversed(twins))) == (0, 0, 2, 0)


def test_a_key_stands_once_in_a_file(database: Database) -> None:
    twice = [item("7", "Üzeyir", "1885"), item("7", "Ceyhun", "1891")]
    report = brought_in(database, twice)
    assert counts(report) == (1, 0, 0, 1)
    assert "stands in this file already, at line 7" in report.refusals[0]["problems"][0]["message"]
