"""What must hold after a fault: nothing acknowledged is lost, nothing leaks, no half file stays."""

import re
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path

from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import select
from whoosh.filedb.filestore import FileStorage
from whoosh.index import TOC

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services, make_services
from biobank.common.files import remove_temporary
from biobank.common.progress import null_progress
from biobank.editorial.models import Revision
from biobank.editorial.revisions.bulk_save import save_records
from biobank.errors import BiobankError
from biobank.operations.archive import verify_archive
from biobank.operations.leftovers import remove_leftovers
from biobank.records.media.models import Picture
from biobank.records.people.models import Person
from biobank.records.people.queries import load_record
from biobank.search.whoosh_engine.engine import INDEX_NAME
from campaigns.fault_bank import (
    BACKUP_NAME,
    CHANGE_MARK,
    DRAFT_MARK,
    IMPORT_COUNT,
    IMPORT_MARK,
    RECENT_MARK,
    RECENT_WIDTH,
    Bank,
    make_settings,
)
from campaigns.fault_injection import Run
from tests.support.apps import create_app

#: Files that a bank may consist of, relative to its folder.
ALLOWED_FILES = re.compile(
    r"biobank\.db(-wal|-shm)?|index/(CURRENT|writer\.lock)|index/g\d+-[0-9a-f]{8}/(MARK|MAIN_[\w.]+|_MAIN_\d+\.toc)"
    r"|index/g\d+-[0-9a-f]{8}/MAIN_WRITELOCK|media/[0-9a-f]{2}/[0-9a-f]{64}-(\d+|square)\.webp"
    rf"|backups/{re.escape(BACKUP_NAME)}"
)
#: Generations of the index: the serving one and the one before.
MAX_GENERATIONS = 2
#: In the change that is published after the fault, to see that the bank works again.
AFTER_MARK = "xyzafterwards"
#: Pages and answers that everybody may read.
PUBLIC_PATHS = (
    "/en/",
    "/en/people/{last}",
    "/en/people/{first}",
    "/api/v1/people/{last}",
    f"/en/search?q={DRAFT_MARK}",
    f"/api/v1/search?q={DRAFT_MARK}",
    "/api/v1/changes",
)


def find_violations(bank: Bank, run: Run) -> Iterator[str]:
    """Start the bank as after a crash, let it mend itself, and yield what is wrong then."""
    services = make_services(make_settings(bank.data))
    services.indexer.ensure(null_progress)
    # What `housekeeping` and the next backup into the folder do some hours later.
    remove_leftovers(services, min_age_seconds=0)
    remove_temporary(bank.data / "backups", min_age_seconds=0)
    yield from _check_database(bank.data / "biobank.db")
    yield from _check_acknowledged(bank, services, run.reported("acknowledged"))
    yield from _check_index(services)
    client = create_app(services).test_client()
    yield from _check_public(bank, services, client)
    yield from _check_works(bank, services, client)
    yield from _check_files(bank, services)
    services.close()


def _check_database(file: Path) -> Iterator[str]:
    with closing(sqlite3.connect(file)) as connection:
        (result,) = connection.execute("PRAGMA integrity_check").fetchone()
        broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    if result != "ok" or broken:
        yield f"database: {result} {broken[:3]}"


def _check_acknowledged(bank: Bank, services: Services, acknowledged: list[str]) -> Iterator[str]:
    """Yield what was acknowledged and is not there, or was not and is there in part."""
    with services.database.read() as session:
        states = {
            (row.person_id, row.number): row.state
            for row in session.execute(select(Revision.person_id, Revision.number, Revision.state))
        }
        pictures = session.scalars(select(Picture)).all()
        published = set(session.scalars(select(Person.id).where(Person.published.is_not(None))))
    first = states.get((bank.ids[0], 2))
    order = [None, "draft", "review", "published"]
    for state in ("draft", "review", "published"):
        if state in acknowledged and order.index(first) < order.index(state):
            yield f"lost: {state} was acknowledged, {first} is stored"
    if lost := set(bank.ids) - published:
        yield f"lost: published before and not any more: {lost}"
    if "picture" in acknowledged and len(pictures) != 2:
        yield f"lost: an uploaded picture; {len(pictures)} are stored"
    for picture in pictures:
        if not services.media.has(picture.sha):
            yield f"lost: files of the picture {picture.sha[:8]}"
    if "edited again" in acknowledged and states.get((bank.ids[1], 2)) != "draft":
        yield "lost: an edit by the server that had failed"
    yield from _check_whole(bank, services, acknowledged)
    yield from _check_backup(bank, acknowledged)


def _check_whole(bank: Bank, services: Services, acknowledged: list[str]) -> Iterator[str]:
    """Yield an import or a restoration that is there in part, or not at all although acknowledged."""
    with services.database.read() as session:
        people = session.scalars(select(Person.id)).all()
        widths = set(session.scalars(select(Picture.width)))
    headlines = [_headline(services, person_id) for person_id in people]
    imported, recent = (
        sum(mark in headline for headline in headlines) for mark in (IMPORT_MARK, RECENT_MARK)
    )
    if imported not in (0, IMPORT_COUNT) or ("import" in acknowledged and not imported):
        yield f"half: {imported} records of an import of {IMPORT_COUNT}"
    if (RECENT_WIDTH in widths) != recent or ("restore" in acknowledged and recent):
        yield f"half: a restoration: {recent} recent records, pictures {widths}"


def _check_backup(bank: Bank, acknowledged: list[str]) -> Iterator[str]:
    backup = bank.data / "backups" / BACKUP_NAME
    if "backup" in acknowledged and not backup.exists():
        yield "lost: an acknowledged backup"
    if backup.exists():
        try:
            verify_archive(backup, None)
        except BiobankError as error:
            yield f"half: the backup: {error}"


def _check_index(services: Services) -> Iterator[str]:
    comparison = services.indexer.verify()
    if not comparison.matches:
        yield f"index: {comparison}"
    try:
        services.engine.check()
        services.indexer.require_same_state()
    except BiobankError as error:
        yield f"index: {error}"
    if pending := services.indexer.count_outstanding():
        yield f"index: {pending} changes are pending"


def _check_public(bank: Bank, services: Services, client: FlaskClient) -> Iterator[str]:
    """Yield public answers that fail, contain the draft, or a change that is not published."""
    headline = _headline(services, bank.ids[0])
    for path in PUBLIC_PATHS:
        response = client.get(path.format(first=bank.ids[0], last=bank.ids[-1]))
        text = response.text.replace(f"q={DRAFT_MARK}", "")
        if response.status_code != 200:
            yield f"public: {path} answers {response.status_code}"
        if f"Never {DRAFT_MARK}" in text:
            yield f"leak: the draft in {path}"
        if CHANGE_MARK in text and CHANGE_MARK not in headline:
            yield f"leak: an unpublished change in {path}"
    for mark, person_id in (
        (CHANGE_MARK, bank.ids[0]),
        (IMPORT_MARK, bank.ids[0]),
        (RECENT_MARK, bank.ids[3]),
    ):
        is_public = client.get(f"/api/v1/search?q={mark}").get_json()["total"] > 0
        if is_public != (mark in _headline(services, person_id)):
            yield f"search: {mark} is {'' if is_public else 'not '}found, unlike in the store"


def _headline(services: Services, person_id: str) -> str:
    with services.database.read() as session:
        record = load_record(session, person_id) or {}
    return str(record.get("headline", {}).get("en", ""))


def _check_works(bank: Bank, services: Services, client: FlaskClient) -> Iterator[str]:
    """Publish another change, as the next editor does."""
    person_id = bank.ids[2]
    with services.database.read() as session:
        record = load_record(session, person_id)
    record = {**record, "headline": {"en": f"Still {AFTER_MARK}."}}  # type: ignore[dict-item]
    with services.database.write() as session:
        save_records(session, [record], OPERATOR, "", publish=True)
    services.indexer.sync()
    total = client.get(f"/api/v1/search?q={AFTER_MARK}").get_json()["total"]
    if total != 1:
        yield f"works: a change after the fault is found {total} times"


def _check_files(bank: Bank, services: Services) -> Iterator[str]:
    for path in sorted(bank.data.rglob("*")):
        name = path.relative_to(bank.data).as_posix()
        if path.is_file() and not ALLOWED_FILES.fullmatch(name):
            yield f"half: {re.sub(r'[0-9a-z_]{8}(?=[./]|$)', '…', name)}"
        elif path.is_dir() and path.name.startswith("."):
            yield f"half: folder {path.name[:9]}…"
        elif name.endswith(".webp"):
            try:
                Image.open(BytesIO(path.read_bytes())).load()
            except OSError as error:
                yield f"half: a picture: {error}"
    generations = [path for path in (bank.data / "index").glob("g*") if path.is_dir()]
    if len(generations) > MAX_GENERATIONS:
        yield f"half: {len(generations)} generations"
    serving = services.engine.health().generation
    folder = bank.data / "index" / serving
    segments = {segment.segment_id() for segment in TOC.read(FileStorage(str(folder)), INDEX_NAME).segments}
    for path in folder.iterdir():
        if (match := re.match(r"(MAIN_[0-9a-z]+)\.", path.name)) and match[1] not in segments:
            yield f"half: a segment file *{path.suffix} that no index uses"


def find_shown_violations(run: Run) -> Iterator[str]:
    """Yield what is wrong with the errors that were shown."""
    if run.status < 0 and run.status != -signal.SIGKILL:
        yield f"crash: signal {-run.status}"
    for resumed in run.reported("resumed"):
        yield f"resumed: {resumed}"
    for crash in run.reported("crash"):
        yield f"crash: {crash.splitlines()[-1]} … {crash[-1200:]}"
    for report in run.reports:
        shown = report.get("shown", "")
        if "Traceback" in shown:
            yield f"shown: a traceback: {shown.strip().splitlines()[-1]} … {shown[-600:]}"
        if report.get("answer", 503) != 503:
            yield f"shown: status {report['answer']}: {shown[:200]}"
    if not run.reports and run.status == 0:
        yield "shown: neither success nor an error"
