"""Worklists: sizes match the records and are stored daily; saved searches."""

from datetime import date, timedelta

import pytest

from biobank.accounts.identity import OPERATOR, anonymous
from biobank.bootstrap import Services
from biobank.editorial.publishing import save_many
from biobank.editorial.worklists import counting, saved
from biobank.editorial.worklists.lists import LISTS, PEOPLE
from biobank.editorial.worklists.models import ADDRESS_MOST
from biobank.errors import NotFound, NotSignedIn, RecordRefused
from biobank.records.people import queries
from biobank.store.session import Database
from tests.relevance.bank import read_bank
from tests.relevance.counted import checked, values_of
from tests.support.users import add_user

DAY = date(2026, 11, 26)


def test_every_list_is_as_long_as_a_count_over_the_records(services: Services) -> None:
    bank = read_bank(services)
    found = counting.counts(services.search, DAY)
    assert found.pop(PEOPLE) == len(bank.people)
    assert set(found) == set(LISTS)
    for list_ in LISTS.values():
        if list_.gap:
            value = list_.text(DAY).partition(":")[2]
            on_it = [
                one for one in bank.people.values() if value in values_of(bank, one, list_.gap)
            ]
            assert found[list_.id] == len(on_it), list_.id
    start = date(2025, 1, 1).toordinal()
    old = [one for one in bank.people.values() if (checked(one) or (0, 0))[0] < start]
    assert found["unchecked"] == len(old)
    assert 0 < found["without-portrait"] <= len(bank.people)


def test_a_text_goes_stale_when_another_changes_and_is_fresh_when_it_follows(
    own_services: Services,
) -> None:
    def publish(person_id: str, **texts: str) -> None:
        with own_services.database.write() as session:
            record = dict(queries.record(session, person_id) or {})
            record["biography"] = {**record["biography"], **texts}
            save_many(session, [record], OPERATOR, "a text", publish=True)
        own_services.indexer.sync()

    def stale() -> dict[str, int]:
        found = counting.counts(own_services.search, DAY)
        return {lang: found[f"stale-{lang}"] for lang in ("az", "en", "ru")}

    assert stale() == {"az": 0, "en": 0, "ru": 0}
    publish("uzeyir-hacibeyov", en="An English text that is newer [@anl-hacibeyli].")
    assert stale() == {"az": 1, "en": 0, "ru": 1}
    publish("uzeyir-hacibeyov", ru="Текст, который следует за английским.")
    assert stale() == {"az": 1, "en": 1, "ru": 0}


def test_counts_of_a_day_are_noted_once(own_services: Services) -> None:
    database, search = own_services.database, own_services.search
    for days in (0, 1, 500):
        assert counting.note_counts(database, search, DAY - timedelta(days=days))
    assert not counting.note_counts(database, search, DAY)
    found = counting.progress(database, OPERATOR, DAY)
    assert set(found) == {*LISTS, PEOPLE}
    assert [noted.day for noted in found[PEOPLE]] == [DAY - timedelta(days=1), DAY]
    assert {id_: noted[-1].count for id_, noted in found.items()} == counting.counts(search, DAY)
    with pytest.raises(NotSignedIn):
        counting.progress(database, anonymous(), DAY)


def test_a_search_is_kept_seen_by_others_where_shared_and_removed_by_its_owner(
    database: Database,
) -> None:
    nigar, aygun = (add_user(database, name, "contributor") for name in ("Nigar", "Aygün"))
    own = saved.save(database, nigar, "  Şuşa,\n no text ", "q=lacks%3Aen&place=susa")
    shared = saved.save(database, nigar, "Composers", "profession=composer", shared=True)
    assert [(s.name, s.own) for s in saved.kept_for(database, nigar)] == [
        ("Composers", True),
        ("Şuşa, no text", True),
    ]
    seen = saved.kept_for(database, aygun)
    assert [(s.id, s.own, s.owner) for s in seen] == [(shared, False, "Nigar")]
    with pytest.raises(NotFound):
        saved.remove(database, aygun, shared)
    for id_ in (own, shared):
        saved.remove(database, nigar, id_)
    assert not saved.kept_for(database, nigar)
    with pytest.raises(NotSignedIn):
        saved.save(database, anonymous(), "a", "")


@pytest.mark.parametrize(
    ("name", "address", "code"),
    [
        ("", "q=a", "bad_name"),
        ("a" * 101, "q=a", "bad_name"),
        ("a\x07b", "q=a", "bad_name"),
        ("a", "q" * (ADDRESS_MOST + 1), "long_question"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_field(
    own_services: Services, name: str, address: str, code: str
) -> None:
    who = add_user(own_services.database, "Nigar", "editor")
    with pytest.raises(RecordRefused) as caught:
        saved.save(own_services.database, who, name, address)
    assert [problem.code for problem in caught.value.problems] == [code]


def test_nobody_keeps_searches_without_end(
    own_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved, "SAVED_MOST", 2)
    who = add_user(own_services.database, "Nigar", "editor")
    for _ in range(2):
        saved.save(own_services.database, who, "a", "q=a")
    with pytest.raises(RecordRefused):
        saved.save(own_services.database, who, "a", "q=a")
