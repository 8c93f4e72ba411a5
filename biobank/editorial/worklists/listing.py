"""The people on a worklist, in its order, with the reasons why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from biobank.accounts.identity import Identity
from biobank.accounts.policy import Action, require
from biobank.editorial.worklists.lists import LISTS, Worklist
from biobank.errors import NotFound
from biobank.records.people import queries
from biobank.records.people.citations import IN_TEXT, facts
from biobank.records.people.mapping import Record, preferred_name
from biobank.records.people.text_ages import stale_of
from biobank.search.gaps import fact_kind, is_unsure
from biobank.search.service import SearchService
from biobank.store.session import Database

#: Number of people per page, and per batch when all are read.
PAGE = 50


@dataclass(frozen=True)
class Why:
    """One reason: a kind of fact or a language, and its date if there is one."""

    what: str
    date: str = ""


@dataclass(frozen=True)
class Listed:
    """A person on a list; `birth` and `death` are EDTF dates, empty if unknown."""

    id: str
    name: str
    birth: str
    death: str
    #: Whether no death is recorded.
    living: bool
    why: tuple[Why, ...]


@dataclass(frozen=True)
class ListPage:
    """A page of a worklist, with the total number of people on the list."""

    total: int
    people: tuple[Listed, ...]


def list_called(list_id: str) -> Worklist:
    """Return the worklist.

    Raises:
        NotFound: if there is none with this id.
    """
    if list_id not in LISTS:
        raise NotFound("There is no such list.")
    return LISTS[list_id]


def page_of_list(
    search: SearchService,
    database: Database,
    who: Identity,
    list_id: str,
    lang: str,
    day: date,
    page: int = 1,
) -> ListPage:
    """Return a page of a list, with names in `lang`.

    Raises:
        NotFound: if there is no list with this id.
    """
    require(who, Action.SEE_DESK)
    list_ = list_called(list_id)
    query = replace(list_.question(lang, day), page=page, size=PAGE)
    total, ids = search.page(query)
    return ListPage(total, tuple(_listed(database, list_, ids, lang)))


def whole_list(
    search: SearchService, database: Database, who: Identity, list_id: str, lang: str, day: date
) -> Iterator[Listed]:
    """Return an iterator over all people on a list; permissions are checked immediately."""
    require(who, Action.SEE_DESK)
    list_ = list_called(list_id)
    ids = search.everybody(list_.question(lang, day))
    return (
        one
        for at in range(0, len(ids), PAGE)
        for one in _listed(database, list_, ids[at : at + PAGE], lang)
    )


def _listed(database: Database, list_: Worklist, ids: Sequence[str], lang: str) -> Iterator[Listed]:
    with database.read() as session:
        records = queries.records(session, ids)
        stale = stale_of(session, ids) if list_.gap == "stale" else {}
    for id_, record in records.items():
        yield Listed(
            id=id_,
            name=preferred_name(record, lang),
            birth=_date(record.get("birth")),
            death=_date(record.get("death")),
            living=not record.get("death"),
            why=tuple(_why(list_, record, stale.get(id_, {}))),
        )


def _why(list_: Worklist, record: Record, stale: Mapping[str, str]) -> Iterator[Why]:
    value = list_.id.rpartition("-")[2]
    if list_.id == "unchecked":
        yield Why("checked", (record.get("checked") or {}).get("on", ""))
    elif list_.id == "unsourced-facts":
        kinds = (fact_kind(path) for path, part in facts(record) if not part.get("cites"))
        yield from map(Why, dict.fromkeys(kinds))
    elif list_.id == "unsourced-biographies":
        texts: Mapping[str, str] = record.get("biography") or {}
        yield from (Why(lang) for lang, text in texts.items() if not IN_TEXT.search(text))
    elif list_.id == "uncertain-dates":
        for path, part in facts(record):
            if is_unsure(part.get("date")):
                yield Why(fact_kind(path), part["date"])
    elif list_.gap == "stale" and value in stale:
        yield Why(stale[value])


def _date(part: Mapping[str, Any] | None) -> str:
    return (part or {}).get("date") or ""
