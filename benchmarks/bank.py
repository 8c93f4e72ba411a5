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

from benchmarks.corpus import SEED, seeded_random
from benchmarks.duplicates import DUPLICATE_EVERY, generate_people
from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from biobank.editorial.models import Revision
from biobank.editorial.revisions.bulk_save import save_records
from biobank.exchange import seeding
from biobank.records.people import queries
from biobank.records.people.models import Person, PersonRow, TextAge
from biobank.search.document import Document
from biobank.search.whoosh_engine import WhooshEngine
from biobank.settings import Settings
from biobank.store import schema
from biobank.store.session import Database

CHUNK = 500
#: People that are actually imported.
BASE = 5_000
#: One person in BIOGRAPHY_EVERY has a biography, one in REVIEW_EVERY a pending draft.
BIOGRAPHY_EVERY, REVIEW_EVERY = 10, 100
DONOR_FACT_FIELDS = ("gender", "professions", "countries", "headline", "events", "memberships", "works")
COPIED_FIELDS = (*DONOR_FACT_FIELDS, "awards", "sources")
#: Id prefixes of generated people; people of the seed are not copied.
GENERATED_PREFIXES = ("made-", "again-")

Record = dict[str, Any]


class _MultiplyingEngine(WhooshEngine):
    """An engine that indexes every document and `copies` variants of each generated one."""

    copies = 0

    def build(self, documents: Iterable[Document]) -> str:
        return super().build(variant for document in documents for variant in self._variants(document))

    def _variants(self, document: Document) -> Iterator[Document]:
        lean = replace(document, text={}, works={}, ties={})
        yield lean
        if document.id.startswith(GENERATED_PREFIXES):
            for copy in range(1, self.copies + 1):
                yield replace(lean, id=f"{document.id}-{copy}")


def open_bank(folder: Path, people: int) -> Services:
    """Open the bank of `folder`, filling and indexing it if needed.

    The people of the seed are included; numbers above BASE are rounded up to a multiple of it.
    """
    is_filled = (folder / "made").exists()
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(
        database_url=f"sqlite:///{folder}/biobank.db",
        index_dir=folder / "index",
        media_dir=folder / "media",
        imports_dir=folder / "imports",
        dumps_dir=folder / "dumps",
        secret_key="a key for measuring",  # noqa: S106
    )
    engine = _MultiplyingEngine(settings.index_dir)
    services = Services(settings, Database(settings.database_url), engine)
    if not is_filled:
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
        seed = [record for chunk in queries.iter_chunks(session) for record in chunk.values()]
    people_records = list(with_facts(list(generate_people(seed, people)), seed))
    for start in range(0, len(people_records), CHUNK):
        with services.database.write() as session:
            save_records(session, people_records[start : start + CHUNK], OPERATOR, "made", publish=True)
    waiting = [
        {**person_record, "headline": {"en": "Written anew"}}
        for person_record in people_records[::REVIEW_EVERY]
    ]
    with services.database.write() as session:
        save_records(session, waiting, OPERATOR, "written anew", publish=False)
        drafts = update(Revision).where(Revision.state == "draft", Revision.id % 2 == 0)
        session.execute(drafts.values(state="review"))


def with_facts(records: Sequence[Record], seed: Sequence[Record]) -> Iterator[Record]:
    rng = seeded_random()
    for number, record in enumerate(records):
        donor = rng.choice(seed)
        copied = {name: donor[name] for name in COPIED_FIELDS if name in donor}
        if number % BIOGRAPHY_EVERY == 0:
            copied |= {name: donor[name] for name in ("biography", "connection") if name in donor}
        place = (donor.get("birth") or {}).get("place")
        birth = {**record["birth"], "place": place} if place else record["birth"]
        neighbour_ids = [records[max(0, number - rng.randint(1, DUPLICATE_EVERY))]["id"] for _ in range(2)]
        relation_types = [relation["type"] for relation in donor.get("relations", ())]
        relations = [
            {"type": type_, "person": neighbour_id}
            for type_, neighbour_id in zip(relation_types, dict.fromkeys(neighbour_ids), strict=False)
            if neighbour_id != record["id"]
        ]
        yield {**record, **copied, "birth": birth, "relations": relations}


def _copy(session: Session, copies: int) -> None:
    """Copy every row of every generated person `copies` times."""
    tables = [model.__table__ for model in (Person, TextAge, Revision, *PersonRow.__subclasses__())]
    for copy in range(1, copies + 1):
        for table in tables:
            assert isinstance(table, Table)
            _copy_table(session, table, f"-{copy}")


def _copy_table(session: Session, table: Table, suffix: str) -> None:
    owner = table.c.id if table.name == "people" else table.c.person_id
    columns: dict[str, Any] = {column.name: column for column in table.columns}
    if table.name != "people":
        columns.pop("id", None)
    for name in ("person_id", "other_id") if table.name != "people" else ("id",):
        if name in columns:
            columns[name] = columns[name] + literal(suffix)
    if "record" in columns:
        columns["record"] = func.json_set(table.c.record, "$.id", owner + literal(suffix))
    # Ids of the base contain one number, those of earlier copies two.
    is_generated = Person.id.like("made-%") | Person.id.like("again-%")
    base_ids = select(Person.id).where(is_generated, ~Person.id.like("%-%-%"))
    rows = select(*columns.values()).where(owner.in_(base_ids))
    session.execute(insert(table).from_select(list(columns), rows))
