"""Worklists: sizes match the records and are stored daily; saved searches."""

from datetime import date, timedelta

import pytest

from biobank.accounts.identity import OPERATOR, anonymous
from biobank.bootstrap import Services
from biobank.editorial.models import MAX_SEARCH_ADDRESS_CHARS
from biobank.editorial.revisions.bulk_save import save_records
from biobank.editorial.worklists import members, saved_searches
from biobank.editorial.worklists.members import ALL_PEOPLE, WORKLISTS
from biobank.errors import NotFound, NotSignedIn, RecordRefused
from biobank.records.people import queries
from biobank.store.session import Database
from tests.relevance.oracle import load_bank
from tests.relevance.oracle_counts import checked, values_of
from tests.support.users import add_user

DAY = date(2026, 11, 26)


def test_list_sizes_match_the_records(services: Services) -> None:
    bank = load_bank(services)
    totals = members.count_worklists(services.search, DAY)
    assert totals.pop(ALL_PEOPLE) == len(bank.people)
    assert set(totals) == set(WORKLISTS)
    for list_ in WORKLISTS.values():
        if list_.gap:
            value = list_.text(DAY).partition(":")[2]
            ids = [record for record in bank.people.values() if value in values_of(bank, record, list_.gap)]
            assert totals[list_.id] == len(ids), list_.id
    start = date(2025, 1, 1).toordinal()
    old = [record for record in bank.people.values() if (checked(record) or (0, 0))[0] < start]
    assert totals["unchecked"] == len(old)
    assert 0 < totals["without-portrait"] <= len(bank.people)


def test_text_is_outdated_until_it_follows_a_change(own_services: Services) -> None:
    def publish(person_id: str, **texts: str) -> None:
        with own_services.database.write() as session:
            record = dict(queries.load_record(session, person_id) or {})
            record["biography"] = {**record["biography"], **texts}
            save_records(session, [record], OPERATOR, "a text", publish=True)
        own_services.indexer.sync()

    def stale() -> dict[str, int]:
        totals = members.count_worklists(own_services.search, DAY)
        return {lang: totals[f"stale-{lang}"] for lang in ("az", "en", "ru")}

    assert stale() == {"az": 0, "en": 0, "ru": 0}
    publish("uzeyir-hacibeyov", en="An English text that is newer [@anl-hacibeyli].")
    assert stale() == {"az": 1, "en": 0, "ru": 1}
    publish("uzeyir-hacibeyov", ru="Текст, который следует за английским.")
    assert stale() == {"az": 1, "en": 1, "ru": 0}


def test_daily_counts_are_stored_once(own_services: Services) -> None:
    database, search = own_services.database, own_services.search
    for days in (0, 1, 500):
        assert members.store_counts(database, search, DAY - timedelta(days=days))
    assert not members.store_counts(database, search, DAY)
    progress = members.list_progress(database, OPERATOR, DAY)
    assert set(progress) == {*WORKLISTS, ALL_PEOPLE}
    assert [counts.day for counts in progress[ALL_PEOPLE]] == [DAY - timedelta(days=1), DAY]
    assert {id_: counts[-1].count for id_, counts in progress.items()} == members.count_worklists(search, DAY)
    with pytest.raises(NotSignedIn):
        members.list_progress(database, anonymous(), DAY)


def test_saved_search_is_shared_and_removed_by_owner(database: Database) -> None:
    nigar, aygun = (add_user(database, name, "contributor") for name in ("Nigar", "Aygün"))
    own = saved_searches.save_search(database, nigar, "  Şuşa,\n no text ", "q=lacks%3Aen&place=susa")
    shared = saved_searches.save_search(database, nigar, "Composers", "profession=composer", shared=True)
    assert [(s.name, s.own) for s in saved_searches.list_searches(database, nigar)] == [
        ("Composers", True),
        ("Şuşa, no text", True),
    ]
    seen = saved_searches.list_searches(database, aygun)
    assert [(s.id, s.own, s.owner) for s in seen] == [(shared, False, "Nigar")]
    with pytest.raises(NotFound):
        saved_searches.remove_search(database, aygun, shared)
    for id_ in (own, shared):
        saved_searches.remove_search(database, nigar, id_)
    assert not saved_searches.list_searches(database, nigar)
    with pytest.raises(NotSignedIn):
        saved_searches.save_search(database, anonymous(), "a", "")


@pytest.mark.parametrize(
    ("name", "address", "code"),
    [
        ("", "q=a", "bad_name"),
        ("a" * 101, "q=a", "bad_name"),
        ("a\x07b", "q=a", "bad_name"),
        ("a", "q" * (MAX_SEARCH_ADDRESS_CHARS + 1), "long_question"),
    ],
)
def test_invalid_search_is_refused_with_path(
    own_services: Services, name: str, address: str, code: str
) -> None:
    actor = add_user(own_services.database, "Nigar", "editor")
    with pytest.raises(RecordRefused) as exc_info:
        saved_searches.save_search(own_services.database, actor, name, address)
    assert [problem.code for problem in exc_info.value.problems] == [code]


def test_saved_searches_are_limited(own_services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(saved_searches, "MAX_SAVED_SEARCHES", 2)
    actor = add_user(own_services.database, "Nigar", "editor")
    for _ in range(2):
        saved_searches.save_search(own_services.database, actor, "a", "q=a")
    with pytest.raises(RecordRefused):
        saved_searches.save_search(own_services.database, actor, "a", "q=a")
