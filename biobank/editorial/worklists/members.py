"""The worklists: the people on each with the reasons why, and their sizes, current and daily."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.common.grouping import group_pairs
from biobank.common.i18n import LANGUAGES
from biobank.editorial.models import WorklistCount
from biobank.errors import NotFound
from biobank.records.people import queries
from biobank.records.people.citations import CITATION_MARK, iter_facts
from biobank.records.people.mapping import preferred_name
from biobank.records.people.queries import stale_translations_by_person
from biobank.records.people.record import PersonRecord, vital_event
from biobank.search.completeness import fact_kind, is_uncertain
from biobank.search.query import SearchQuery
from biobank.search.service import SearchService
from biobank.store.outbox import batched
from biobank.store.session import Database

#: The key of the count of all people, which the lists are compared with.
ALL_PEOPLE: Final = "people"
#: Number of calendar years for which a comparison with the sources stays valid.
CHECK_VALID_YEARS: Final = 1
#: Number of people per page, and per batch when all are read.
WORKLIST_PAGE_SIZE = 50


@dataclass(frozen=True)
class Worklist:
    """A list: its id, its query on a day and the order of its people.

    `gap` is the query field that explains why a person is on the list; empty for `checked`.
    """

    id: str
    text: Callable[[date], str]
    gap: str
    sort: str = "relevance"

    def to_query(self, lang: str, day: date) -> SearchQuery:
        """Return the search query for the people on the list."""
        return SearchQuery(text=self.text(day), lang=lang, sort=self.sort)


def _gap_worklist(list_id: str, gap: str, value: str) -> Worklist:
    return Worklist(list_id, lambda _day: f"{gap}:{value}", gap)


def oldest_valid_check_year(day: date) -> int:
    """Return the first year in which a comparison with the sources is still valid."""
    return day.year - CHECK_VALID_YEARS


WORKLISTS: Final[Mapping[str, Worklist]] = {
    worklist.id: worklist
    for worklist in (
        *(_gap_worklist(f"missing-{lang}", "lacks", lang) for lang in LANGUAGES),
        *(_gap_worklist(f"stale-{lang}", "stale", lang) for lang in LANGUAGES),
        _gap_worklist("unsourced-facts", "unsourced", "fact"),
        _gap_worklist("unsourced-biographies", "unsourced", "biography"),
        _gap_worklist("uncertain-dates", "uncertain", "date"),
        _gap_worklist("dead-ends", "lacks", "relation"),
        Worklist(
            "unchecked",
            lambda day: f"checked:unknown OR checked:<{oldest_valid_check_year(day)}",
            "",
            sort="checked",
        ),
        _gap_worklist("without-portrait", "lacks", "portrait"),
        _gap_worklist("without-identifier", "lacks", "identifier"),
    )
}


@dataclass(frozen=True)
class WorklistReason:
    """One reason: a kind of fact or a language, and its date if there is one."""

    code: str
    date: str = ""


@dataclass(frozen=True)
class WorklistMember:
    """A person on a list; `birth` and `death` are EDTF dates, empty if unknown."""

    id: str
    name: str
    birth: str
    death: str
    #: Whether no death is recorded.
    living: bool
    reasons: tuple[WorklistReason, ...]


@dataclass(frozen=True)
class WorklistMembersPage:
    """A page of a worklist, with the total number of people on the list."""

    total: int
    people: tuple[WorklistMember, ...]


def get_worklist(list_id: str) -> Worklist:
    """Return the worklist.

    Raises:
        NotFound: if there is none with this id.
    """
    if list_id not in WORKLISTS:
        raise NotFound("Worklist not found.")
    return WORKLISTS[list_id]


def get_worklist_page(
    search: SearchService,
    database: Database,
    actor: Identity,
    list_id: str,
    lang: str,
    day: date,
    page: int = 1,
) -> WorklistMembersPage:
    """Return a page of a list, with names in `lang`.

    Raises:
        NotFound: if there is no list with this id.
    """
    require(actor, Action.SEE_DESK)
    worklist = get_worklist(list_id)
    query = replace(worklist.to_query(lang, day), page=page, size=WORKLIST_PAGE_SIZE)
    total, ids = search.page(query)
    return WorklistMembersPage(total, tuple(_load_members(database, worklist, ids, lang)))


def iter_worklist(
    search: SearchService, database: Database, actor: Identity, list_id: str, lang: str, day: date
) -> Iterator[WorklistMember]:
    """Return an iterator over all people on a list; permissions are checked immediately."""
    require(actor, Action.SEE_DESK)
    worklist = get_worklist(list_id)
    ids = search.all_ids(worklist.to_query(lang, day))
    return (
        member
        for chunk in batched(ids, WORKLIST_PAGE_SIZE)
        for member in _load_members(database, worklist, chunk, lang)
    )


def _load_members(
    database: Database, worklist: Worklist, ids: Sequence[str], lang: str
) -> Iterator[WorklistMember]:
    with database.read() as session:
        records = queries.load_records(session, ids)
        stale = stale_translations_by_person(session, ids) if worklist.gap == "stale" else {}
    for id_, record in records.items():
        yield WorklistMember(
            id=id_,
            name=preferred_name(record, lang),
            birth=vital_event(record, "birth").get("date", ""),
            death=vital_event(record, "death").get("date", ""),
            living=not record.get("death"),
            reasons=tuple(_find_reasons(worklist, record, stale.get(id_, {}))),
        )


def _find_reasons(
    worklist: Worklist, record: PersonRecord, stale: Mapping[str, str]
) -> Iterator[WorklistReason]:
    value = worklist.id.rpartition("-")[2]
    if worklist.id == "unchecked":
        yield WorklistReason("checked", record["checked"]["on"] if "checked" in record else "")
    elif worklist.id == "unsourced-facts":
        kinds = (fact_kind(path) for path, part in iter_facts(record) if not part.get("cites"))
        yield from map(WorklistReason, dict.fromkeys(kinds))
    elif worklist.id == "unsourced-biographies":
        texts: Mapping[str, str] = record.get("biography") or {}
        yield from (WorklistReason(lang) for lang, text in texts.items() if not CITATION_MARK.search(text))
    elif worklist.id == "uncertain-dates":
        for path, part in iter_facts(record):
            if is_uncertain(part.get("date")):
                yield WorklistReason(fact_kind(path), part["date"])
    elif worklist.gap == "stale" and value in stale:
        yield WorklistReason(stale[value])


#: Number of days covered by the progress chart.
PROGRESS_DAYS = 366


@dataclass(frozen=True)
class DailyCount:
    """The number of people on a list on one day."""

    day: date
    count: int


def count_worklists(search: SearchService, day: date) -> dict[str, int]:
    """Return the number of people on each list by its id, and the total as ALL_PEOPLE."""
    lang = LANGUAGES[0]
    totals = {worklist.id: search.total(worklist.to_query(lang, day)) for worklist in WORKLISTS.values()}
    return {**totals, ALL_PEOPLE: search.total(SearchQuery())}


def store_counts(database: Database, search: SearchService, day: date) -> bool:
    """Store the counts of a day once; return whether they were stored now."""
    with database.read() as session:
        existing = session.scalar(select(func.count()).where(WorklistCount.day == day))
    if existing:
        return False
    totals = count_worklists(search, day)
    try:
        with database.write() as session:
            session.add_all(WorklistCount(day=day, list=id_, count=n) for id_, n in totals.items())
    except IntegrityError:
        return False  # another process stored them first
    return True


def list_progress(database: Database, actor: Identity, day: date) -> Mapping[str, tuple[DailyCount, ...]]:
    """Return the daily counts of each list in the year before `day`, oldest first."""
    require(actor, Action.SEE_DESK)
    since = day - timedelta(days=PROGRESS_DAYS)
    query = select(WorklistCount).where(WorklistCount.day >= since).order_by(WorklistCount.day)
    with database.read() as session:
        by_list = group_pairs((row.list, DailyCount(row.day, row.count)) for row in session.scalars(query))
    return {id_: tuple(counts) for id_, counts in by_list.items()}
