"""Duplicate candidates: found in any script and in drafts, with reasons, except marked pairs."""

import threading
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from biobank.accounts.identity import OPERATOR, anonymous
from biobank.editorial.duplicates.candidates import (
    COMPARED_FIELDS,
    ComparableRecord,
    DraftNameIndex,
    DuplicateFinder,
    DuplicateReason,
    score_facts,
    to_comparable,
)
from biobank.editorial.duplicates.not_duplicates import mark_distinct
from biobank.editorial.duplicates.scan import (
    SCAN_THREAD_NAME,
    DuplicateScanCache,
    exclude_decided,
    find_pairs,
)
from biobank.editorial.review.workflow import withdraw
from biobank.editorial.revisions.bulk_save import save_records
from biobank.editorial.revisions.latest_revisions import get_latest_revisions, iter_latest_revisions
from biobank.errors import NotSignedIn
from biobank.names.matcher import NameMatcher
from biobank.records.dates import DateError, parse_vital_date, year_of
from biobank.store.session import Database


class FakePublicNames:
    """A stand-in for the names of public people in the search index."""

    def __init__(self, *people: tuple[str, str]) -> None:
        self._matcher = NameMatcher((id_, [name], 0) for id_, name in people)

    def matcher(self) -> NameMatcher:
        return self._matcher


def person(id_: str, *names: str, **fields: Any) -> dict[str, Any]:
    variants = [{"text": name, "lang": "az", "kind": "variant"} for name in names]
    for role in ("birth", "death"):
        if role in fields:
            fields[role] = {"date": fields[role]}
    return {"id": id_, "names": variants, **fields}


def save(database: Database, *records: dict[str, Any], publish: bool = False) -> None:
    with database.write() as session:
        save_records(session, records, OPERATOR, "", publish=publish)


def make_finder(database: Database, *public: tuple[str, str]) -> DuplicateFinder:
    return DuplicateFinder(database, FakePublicNames(*public))  # type: ignore[arg-type]


def find_ids(finder: DuplicateFinder, *names: str, **fields: Any) -> list[str]:
    subject = to_comparable(person("", *names, **fields))
    return [revision.person_id for _, revision in finder.find_candidates(OPERATOR, subject)]


@pytest.mark.parametrize(
    "typed",
    ["Qurban Zəfəranov", "Гурбан Зафаранов", "Gurban Zafaranov", "Гурбан Зәфәранов", "zeferanov qurban"],
)
def test_candidates_are_found_in_any_script(database: Database, typed: str) -> None:
    save(database, person("hidden", "Qurban Zəfəranov"))
    assert find_ids(make_finder(database), typed) == ["hidden"]
    save(database, person("shown", "Qurban Zəfəranov"), publish=True)
    finder = make_finder(database, ("shown", "Qurban Zəfəranov"))
    assert sorted(find_ids(finder, typed)) == ["hidden", "shown"]


def test_years_confirm_or_exclude_candidates(database: Database) -> None:
    save(
        database,
        person("same", "Qurban Zəfəranov", birth="1885-03-02", death="1950"),
        person("perhaps", "Qurban Zəfəranov", birth="188X"),
        person("older", "Qurban Zəfəranov", birth="1790"),
        person("dead-before", "Qurban Zəfəranov", death="1840"),
        person("unknown", "Qurban Zəfəranov"),
    )
    finder = make_finder(database)
    assert find_ids(finder, "Gurban Zafaranov", birth="1885") == ["same", "perhaps", "unknown"]
    subject = to_comparable(person("", "Qurban Zəfəranov", birth="1885-03-02", death="1950"))
    best, revision = finder.find_candidates(OPERATOR, subject)[0]
    assert revision.person_id == "same"
    assert best.reasons == (DuplicateReason("birth_day", "1885-03-02"), DuplicateReason("death", "1950"))
    assert best.match is not None
    assert best.match.name == "Qurban Zəfəranov"


def test_partial_name_is_no_candidate(database: Database) -> None:
    save(database, person("two-words", "Qurban Zəfəranov"), person("one-word", "Zülmət"))
    finder = make_finder(database)
    assert find_ids(finder, "Qurban") == []
    assert find_ids(finder, "Zəfəranov") == []
    assert find_ids(finder, "Зульмат") == ["one-word"]
    assert find_ids(finder, "Balabəy Tarverdiyev") == []


def test_marked_people_are_not_candidates(database: Database) -> None:
    save(database, person("one", "Qurban Zəfəranov"), person("two", "Qurban Zəfəranov"))
    finder = make_finder(database)
    subject = to_comparable(person("one", "Qurban Zəfəranov"))
    assert [revision.person_id for _, revision in finder.find_candidates(OPERATOR, subject)] == ["two"]
    assert finder.find_candidates(OPERATOR, subject, excluding=["two"]) == []
    mark_distinct(database, OPERATOR, "two", "one")
    assert finder.find_candidates(OPERATOR, subject) == []


def test_drafts_are_matched_by_current_names(database: Database) -> None:
    names = DraftNameIndex()
    save(database, person("one", "Qurban Zəfəranov"))
    finder = DuplicateFinder(database, FakePublicNames(), names)  # type: ignore[arg-type]
    assert find_ids(finder, "Qurban Zəfəranov") == ["one"]
    save(database, person("one", "Balabəy Tarverdiyev"))
    assert find_ids(finder, "Qurban Zəfəranov") == []
    assert find_ids(finder, "Balabəy Tarverdiyev") == ["one"]


def test_withdrawn_people_are_not_candidates(database: Database) -> None:
    save(database, person("one", "Qurban Zəfəranov"), publish=True)
    save(database, person("two", "Qurban Zəfəranov"), publish=True)
    finder = make_finder(database, ("one", "Qurban Zəfəranov"), ("two", "Qurban Zəfəranov"))
    assert sorted(find_ids(finder, "Qurban Zəfəranov")) == ["one", "two"]
    withdraw(database, OPERATOR, "two", "wish", "as they asked")
    assert find_ids(finder, "Qurban Zəfəranov") == ["one"]
    with database.read() as session:
        assert exclude_decided(session, find_pairs(session)) == []


def test_finding_candidates_requires_contributor(database: Database) -> None:
    with pytest.raises(NotSignedIn):
        make_finder(database).find_candidates(anonymous(), to_comparable(person("", "Qurban Zəfəranov")))


def test_scan_returns_pairs_best_first(database: Database) -> None:
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
        pairs = exclude_decided(session, find_pairs(session))
    assert [pair.ids for pair in pairs] == [
        ("nameless", "nameless-again"),
        ("one", "one-again"),
        ("one", "weak"),
        ("one-again", "weak"),
    ]
    assert pairs[0].candidate.reasons == (DuplicateReason("identifier", "wikidata: Q1"),)


def test_marked_pairs_leave_the_list_immediately(database: Database) -> None:
    save(database, person("one", "Qurban Zəfəranov"), person("two", "Qurban Zəfəranov"))
    known = DuplicateScanCache(database)
    assert [pair.ids for pair in known.undecided_pairs(OPERATOR)] == [("one", "two")]
    mark_distinct(database, OPERATOR, "one", "two")
    assert known.undecided_pairs(OPERATOR) == []


def test_later_edits_are_scanned_in_background(database: Database) -> None:
    save(database, person("one", "Qurban Zəfəranov"))
    known = DuplicateScanCache(database, cache_seconds=0.0)
    assert known.undecided_pairs(OPERATOR) == []
    _wait_for_scan()
    save(database, person("two", "Qurban Zəfəranov"))
    assert known.undecided_pairs(OPERATOR) == []
    _wait_for_scan()
    assert [pair.ids for pair in known.undecided_pairs(OPERATOR)] == [("one", "two")]
    _wait_for_scan()


def test_large_bank_is_scanned_in_background(database: Database) -> None:
    save(database, person("one", "Qurban Zəfəranov"), person("two", "Qurban Zəfəranov"))
    known = DuplicateScanCache(database, max_inline_people=1)
    assert known.undecided_pairs(OPERATOR) is None
    _wait_for_scan()
    assert [pair.ids for pair in known.undecided_pairs(OPERATOR) or ()] == [("one", "two")]


def _wait_for_scan() -> None:
    """Wait until no background scan is running."""
    for thread in threading.enumerate():
        if thread.name == SCAN_THREAD_NAME:
            thread.join()


def comparable(**fields: Any) -> ComparableRecord:
    return to_comparable(person("", "Qurban Zəfəranov", **fields))


def test_small_date_differences_are_no_contradiction() -> None:
    assert score_facts(comparable(birth="1885"), comparable(birth="1887")) == (0.0, ())
    scored = score_facts(comparable(birth="1885"), comparable(birth="1892"))
    assert scored is not None
    assert scored[0] < 0
    assert score_facts(comparable(birth="1885"), comparable(birth="1896")) is None
    assert score_facts(comparable(death="[..1900]"), comparable(death="1950")) is None
    assert score_facts(comparable(birth="1141~"), comparable(birth="1150")) is not None


def test_only_compared_fields_are_needed(database: Database) -> None:
    complete = person(
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
    save(database, complete, person("bare", "Balabəy Tarverdiyev"), publish=True)
    with database.read() as session:
        partial = {
            revision.person_id: revision for revision in iter_latest_revisions(session, COMPARED_FIELDS)
        }
        known = get_latest_revisions(session, ["bare", "whole"])
    assert list(partial) == ["bare", "whole"]
    for id_, revision in known.items():
        record = revision.record
        assert partial[id_].record == {part: record[part] for part in COMPARED_FIELDS if part in record}
        assert to_comparable(partial[id_].record, id_) == to_comparable(revision.record, id_)


@given(
    st.from_regex("[0-9]{4}(-[0-9]{2}(-[0-3][0-9])?)?", fullmatch=True)
    | st.dates().map(str)
    | st.text(max_size=10)
)
@example("0000")
@example("0000-01-01")
@example("1900-02-29")
@example("١٨٨٥")
def test_plain_years_match_the_parser(date: str) -> None:
    assert comparable(birth=date).born == _parsed(date)


def _parsed(date: str) -> tuple[int | None, int | None]:
    try:
        span = parse_vital_date(date)[0]
    except DateError:
        return None, None
    first, last = (None if day is None else year_of(day) for day in (span.earliest, span.latest))
    return first, last
