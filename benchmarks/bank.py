"""A bank of a given number of people, stored in a folder and reused.

BASE people are imported: names as in `benchmarks.duplicates`, with facts and relations taken from
people of the seed, some with biographies, some with drafts and reviews pending. The others are
copies under other ids, made within the database, so that 100,000 people take minutes. The index
leaves out texts, works and relations, whose cost `benchmarks.search` measures.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Table, func, insert, literal, select, update
from sqlalchemy.orm import Session

from benchmarks.corpus import SEED, same_chance
from benchmarks.duplicates import TWICE, made_people
from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial.models import Revision
from biobank.editorial.publishing import save_many
from biobank.exchange import seeding
from biobank.records.people import queries
from biobank.records.people.models import OfPerson, Person, TextAge
from biobank.search.document import Document
from biobank.search.whoosh_engine import WhooshEngine
from biobank.settings import Settings
from biobank.store import schema
from biobank.store.session import Database

CHUNK = 500
#: People that are actually imported.
BASE = 5_000
#: One person in BIOGRAPHY_EVERY has a biography, one in REVIEW_EVERY a pending draft.
TOLD, WAITING = 10, 100
FACTS = ("gender", "professions", "countries", "headline", "events", "memberships", "works")
MORE = (*FACTS, "awards", "sources")
#: Id prefixes of generated people; people of the seed are not copied.
MADE = ("made-", "again-")

Record = dict[str, Any]


class _Multiplied(WhooshEngine):
    """An engine that indexes every document and `copies` variants of each generated one."""

    copies = 0

    def build(self, documents: Iterable[Document]) -> str:
        return super().build(one for document in documents for one in self._all_of(document))

    def _all_of(self, document: Document) -> Iterator[Document]:
        lean = replace(document, text={}, works={}, ties={})
        yield lean
        if document.id.startswith(MADE):
            for copy in range(1, self.copies + 1):
                yield replace(lean, id=f"{document.id}-{copy}")


def open_bank(folder: Path, people: int) -> Services:
    """Open the bank of `folder`, filling and indexing it if needed.

    The people of the seed are included; numbers above BASE are rounded up to a multiple of it.
    """
    made = (folder / "made").exists()
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(
        database_url=f"sqlite:///{folder}/biobank.db",
        index_dir=folder / "index",
        media_dir=folder / "media",
        imports_dir=folder / "imports",
        dumps_dir=folder / "dumps",
        secret_key="a key for measuring",  # noqa: S106
    )
    engine = _Multiplied(settings.index_dir)
    services = Services(settings, Database(settings.database_url), engine)
    if not made:
        engine.copies = -(-people // BASE) - 1
        _fill(services, min(people, BASE))
        services.indexer.rebuild(lambda *_: None)
        with services.database.write() as session:
            _copy(session, engine.copies)
        (folder / "made").touch()
    return services


def _fill(services: Services, people: int) -> None:
    schema.upgrade(services.database)
    seeding.seed(services.database, SEED)
    with services.database.read() as session:
        seed = [record for chunk in queries.walk(session) for record in chunk.values()]
    whole = list(_with_facts(list(made_people(seed, people)), seed))
    for at in range(0, len(whole), CHUNK):
        with services.database.write() as session:
            save_many(session, whole[at : at + CHUNK], OPERATOR, "made", publish=True)
    waiting = [{**one, "headline": {"en": "Written anew"}} for one in whole[::WAITING]]
    with services.database.write() as session:
        save_many(session, waiting, OPERATOR, "written anew", publish=False)
        under = update(Revision).where(Revision.state == "draft", Revision.id % 2 == 0)
        session.execute(under.values(state="review"))


def _with_facts(made: Sequence[Record], seed: Sequence[Record]) -> Iterator[Record]:
    chance = same_chance()
    for number, record in enumerate(made):
        of = chance.choice(seed)
        more = {name: of[name] for name in MORE if name in of}
        if number % TOLD == 0:
            more |= {name: of[name] for name in ("biography", "connection") if name in of}
        place = (of.get("birth") or {}).get("place")
        birth = {**record["birth"], "place": place} if place else record["birth"]
        others = [made[max(0, number - chance.randint(1, TWICE))]["id"] for _ in range(2)]
        ties = [tie["type"] for tie in of.get("relations", ())]
        relations = [
            {"type": type_, "person": other}
            for type_, other in zip(ties, dict.fromkeys(others), strict=False)
            if other != record["id"]
        ]
        yield {**record, **more, "birth": birth, "relations": relations}


def _copy(session: Session, copies: int) -> None:
    """Copy every row of every generated person `copies` times."""
    tables = [model.__table__ for model in (Person, TextAge, Revision, *OfPerson.__subclasses__())]
    for copy in range(1, copies + 1):
        for table in tables:
            assert isinstance(table, Table)
            _copy_table(session, table, f"-{copy}")


def _copy_table(session: Session, table: Table, ending: str) -> None:
    owner = table.c.id if table.name == "people" else table.c.person_id
    columns: dict[str, Any] = {column.name: column for column in table.columns}
    if table.name != "people":
        columns.pop("id", None)
    for name in ("person_id", "other_id") if table.name != "people" else ("id",):
        if name in columns:
            columns[name] = columns[name] + literal(ending)
    if "record" in columns:
        columns["record"] = func.json_set(table.c.record, "$.id", owner + literal(ending))
    # Ids of the base contain one number, those of earlier copies two.
    made = Person.id.like("made-%") | Person.id.like("again-%")
    base = select(Person.id).where(made, ~Person.id.like("%-%-%"))
    rows = select(*columns.values()).where(owner.in_(base))
    session.execute(insert(table).from_select(list(columns), rows))
