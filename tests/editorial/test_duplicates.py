"""Duplicate candidates: found in any script and in drafts, with reasons, except marked pairs."""

import threading
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from biobank.accounts.identity import OPERATOR, anonymous
from biobank.editorial.distinct import say_distinct
from biobank.editorial.duplicates import DraftNames, Duplicates
from biobank.editorial.heads import heads, walk
from biobank.editorial.publishing import save_many
from biobank.editorial.sameness import PARTS, Compared, Reason, compared, facts
from biobank.editorial.suspects import THREAD, KnownSuspects, suspects
from biobank.editorial.workflow import withdraw
from biobank.errors import NotSignedIn
from biobank.names.matcher import Matcher
from biobank.records.dates import DateError, moment, year_of
from biobank.store.session import Database


class Known:
    """A stand-in for the names of public people in the search index."""

    def __init__(self, *people: tuple[str, str]) -> None:
        self._matcher = Matcher((id_, [name], 0) for id_, name in people)

    def matcher(self) -> Matcher:
        return self._matcher


def person(id_: str, *names: str, **more: Any) -> dict[str, Any]:
    given = [{"text": name, "lang": "az", "kind": "variant"} for name in names]
    for role in ("birth", "death"):
        if role in more:
            more[role] = {"date": more[role]}
    return {"id": id_, "names": given, **more}


def save(database: Database, *records: dict[str, Any], publish: bool = False) -> None:
    with database.write() as session:
        save_many(session, records, OPERATOR, "", publish=publish)


def looking(database: Database, *public: tuple[str, str]) -> Duplicates:
    return Duplicates(database, Known(*public))  # type: ignore[arg-type]


def like(found: Duplicates, *names: str, **more: Any) -> list[str]:
    given = compared(person("", *names, **more))
    return [head.person_id for _, head in found.like(OPERATOR, given)]


@pytest.mark.parametrize(
    "typed",
    [
        "Qurban Zəfəranov",
        "Гурбан Зафаранов",
        "Gurban Zafaranov",
        "Гурбан Зәфәранов",
        "zeferanov qurban",
    ],
)
def test_somebody_is_found_in_any_script_public_or_not(database: Database, typed: str) -> None:
    save(database, person("hidden", "Qurban Zəfəranov"))
    assert like(looking(database), typed) == ["hidden"]
    save(database, person("shown", "Qurban Zəfəranov"), publish=True)
    found = looking(database, ("shown", "Qurban Zəfəranov"))
    assert sorted(like(found, typed)) == ["hidden", "shown"]


def test_years_bear_a_name_out_or_rule_somebody_out(database: Database) -> None:
    save(
        database,
        person("same", "Qurban Zəfəranov", birth="1885-03-02", death="1950"),
        person("perhaps", "Qurban Zəfəranov", birth="188X"),
        person("older", "Qurban Zəfəranov", birth="1790"),
        person("dead-before", "Qurban Zəfəranov", death="1840"),
        person("unknown", "Qurban Zəfəranov"),
    )
    found = looking(database)
    assert like(found, "Gurban Zafaranov", birth="1885") == ["same", "perhaps", "unknown"]
    given = compared(person("", "Qurban Zəfəranov", birth="1885-03-02", death="1950"))
    best, head = found.like(OPERATOR, given)[0]
    assert head.person_id == "same"
    assert best.reasons == (Reason("birth_day", "1885-03-02"), Reason("death", "1950"))
    assert best.match is not None
    assert best.match.name == "Qurban Zəfəranov"


def test_a_part_of_a_name_is_no_suspicion(database: Database) -> None:
    save(database, person("two-words", "Qurban Zəfəranov"), person("one-word", "Zülmət"))
    found = looking(database)
    assert like(found, "Qurban") == []
    assert like(found, "Zəfəranov") == []
    assert like(found, "Зульмат") == ["one-word"]
    assert like(found, "Balabəy Tarverdiyev") == []


def test_what_was_said_to_be_another_is_not_told_again(database: Database) -> None:
    save(database, person("one", "Qurban Zəfəranov"), person("two", "Qurban Zəfəranov"))
    found = looking(database)
    given = compared(person("one", "Qurban Zəfəranov"))
    assert [head.person_id for _, head in found.like(OPERATOR, given)] == ["two"]
    assert found.like(OPERATOR, given, besides=["two"]) == []
    say_distinct(database, OPERATOR, "two", "one")
    assert found.like(OPERATOR, given) == []


def test_drafts_are_known_by_the_names_they_have_now(database: Database) -> None:
    names = DraftNames()
    save(database, person("one", "Qurban Zəfəranov"))
    found = Duplicates(database, Known(), names)  # type: ignore[arg-type]
    assert like(found, "Qurban Zəfəranov") == ["one"]
    save(database, person("one", "Balabəy Tarverdiyev"))
    assert like(found, "Qurban Zəfəranov") == []
    assert like(found, "Balabəy Tarverdiyev") == ["one"]


def test_those_who_were_withdrawn_are_nobodys_double(database: Database) -> None:
    save(database, person("one", "Qurban Zəfəranov"), publish=True)
    save(database, person("two", "Qurban Zəfəranov"), publish=True)
    found = looking(database, ("one", "Qurban Zəfəranov"), ("two", "Qurban Zəfəranov"))
    assert sorted(like(found, "Qurban Zəfəranov")) == ["one", "two"]
    withdraw(database, OPERATOR, "two", "wish", "as they asked")
    assert like(found, "Qurban Zəfəranov") == ["one"]
    with database.read() as session:
        assert suspects(session) == []


def test_nobody_unknown_looks_for_drafts(database: Database) -> None:
    with pytest.raises(NotSignedIn):
        looking(database).like(anonymous(), compared(person("", "Qurban Zəfəranov")))


def test_the_whole_bank_tells_its_pairs_best_first(database: Database) -> None:
    save(
        database,
        person("one", "Qurban Zəfəranov", birth="1885-03-02"),
        person("one-again", "Гурбан Зафаранов", birth="1885"),
        person("nameless", "Tamamilə Başqası", identifiers={"wikidata": "Q1"}),
        person("nameless-again", "Heç Kimsə", identifiers={"wikidata": "Q1"}),
        person("weak", "Qurban Zəfəranov"),
        person("father", "Balabəy Tarverdiyev", birth="1850"),
        person("son", "Balabəy Tarverdiyev", birth="1900"),
        person("she", "Nazlı Ceyranlı", gender="female"),
        person("he", "Nazlı Ceyranlı", gender="male"),
        person("kin", "Sarıtel Güldəstə"),
        person("kin-too", "Sarıtel Güldəstə", relations=[{"type": "parent", "person": "kin"}]),
    )
    with database.read() as session:
        found = suspects(session)
    assert [one.ids for one in found] == [
        ("nameless", "nameless-again"),
        ("one", "one-again"),
        ("one", "weak"),
        ("one-again", "weak"),
    ]
    assert found[0].suspect.reasons == (Reason("identifier", "wikidata: Q1"),)


def test_pairs_that_were_told_apart_leave_the_list_at_once(database: Database) -> None:
    save(database, person("one", "Qurban Zəfəranov"), person("two", "Qurban Zəfəranov"))
    known = KnownSuspects(database)
    assert [one.ids for one in known.undecided(OPERATOR)] == [("one", "two")]
    say_distinct(database, OPERATOR, "one", "two")
    assert known.undecided(OPERATOR) == []


def test_what_is_written_later_is_found_behind_the_back_of_whoever_looks(
    database: Database,
) -> None:
    save(database, person("one", "Qurban Zəfəranov"))
    known = KnownSuspects(database, kept=0.0)
    assert known.undecided(OPERATOR) == []
    _finish()
    save(database, person("two", "Qurban Zəfəranov"))
    assert known.undecided(OPERATOR) == []
    _finish()
    assert [one.ids for one in known.undecided(OPERATOR)] == [("one", "two")]
    _finish()


def test_nobody_waits_for_a_large_bank_to_be_looked_through_first(database: Database) -> None:
    save(database, person("one", "Qurban Zəfəranov"), person("two", "Qurban Zəfəranov"))
    known = KnownSuspects(database, at_once=1)
    assert known.undecided(OPERATOR) is None
    _finish()
    assert [one.ids for one in known.undecided(OPERATOR) or ()] == [("one", "two")]


def _finish() -> None:
    """Wait until no background scan is running."""
    for thread in threading.enumerate():
        if thread.name == THREAD:
            thread.join()


def of(**more: Any) -> Compared:
    return compared(person("", "Qurban Zəfəranov", **more))


def test_sources_that_differ_by_a_year_or_two_are_no_contradiction() -> None:
    assert facts(of(birth="1885"), of(birth="1887")) == (0.0, ())
    told = facts(of(birth="1885"), of(birth="1892"))
    assert told is not None
    assert told[0] < 0
    assert facts(of(birth="1885"), of(birth="1896")) is None
    assert facts(of(death="[..1900]"), of(death="1950")) is None
    assert facts(of(birth="1141~"), of(birth="1150")) is not None


def test_the_parts_of_a_record_are_all_that_is_compared(database: Database) -> None:
    whole = person(
        "whole",
        "Qurban Zəfəranov",
        "Гурбан Зафаранов",
        birth="1885-03-02",
        death="[..1950]",
        gender="male",
        professions=["poet"],
        identifiers={"wikidata": "Q1"},
        relations=[{"type": "parent", "person": "bare"}],
        headline={"az": "Şair"},
    )
    save(database, whole, person("bare", "Balabəy Tarverdiyev"), publish=True)
    with database.read() as session:
        told = {head.person_id: head for head in walk(session, PARTS)}
        known = heads(session, ["bare", "whole"])
    assert list(told) == ["bare", "whole"]
    for id_, head in known.items():
        record = head.record
        assert told[id_].record == {part: record[part] for part in PARTS if part in record}
        assert compared(told[id_].record, id_) == compared(head.record, id_)


@given(
    st.from_regex("[0-9]{4}(-[0-9]{2}(-[0-3][0-9])?)?", fullmatch=True)
    | st.dates().map(str)
    | st.text(max_size=10)
)
@example("0000")
@example("0000-01-01")
@example("1900-02-29")
@example("١٨٨٥")
def test_plain_dates_have_the_years_that_the_parser_tells(date: str) -> None:
    assert of(birth=date).born == _parsed(date)


def _parsed(date: str) -> tuple[int | None, int | None]:
    try:
        found = moment(date)[0]
    except DateError:
        return None, None
    first, last = (None if it is None else year_of(it) for it in (found.earliest, found.latest))
    return first, last
