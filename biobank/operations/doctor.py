"""Diagnosis of a bank: what is wrong, and what to do about it."""

import shlex
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select

from biobank.bootstrap import Services
from biobank.common.clock import as_utc, now
from biobank.common.files import WORLD_BITS
from biobank.editorial.models import Revision
from biobank.errors import BiobankError
from biobank.records.media.models import Picture
from biobank.settings import INSTANCE_DIR, SECRET_FILE
from biobank.store import outbox, schema
from biobank.store.integrity import check_integrity, check_writable, database_folder

#: Free share of a disk below which it should be enlarged.
MIN_FREE_SHARE = 0.05
#: Difference of clocks that time stamps and one-time passwords tolerate.
MAX_CLOCK_DIFFERENCE = timedelta(seconds=30)
#: Missing pictures named in a message.
MAX_NAMED = 5


@dataclass(frozen=True)
class Diagnosis:
    """The result of one check; `advice` is what to do, empty if all is well."""

    check: str
    message: str
    advice: str = ""

    @property
    def is_ok(self) -> bool:
        return not self.advice


def diagnose(services: Services) -> Iterator[Diagnosis]:
    """Yield the result of every check; later ones run although earlier ones failed."""
    for name, (check, advice) in CHECKS.items():
        try:
            yield from check(services)
        except (BiobankError, OSError) as error:
            message = error.message if isinstance(error, BiobankError) else str(error)
            yield Diagnosis(name, message, advice)


def _check_store(services: Services) -> Iterator[Diagnosis]:
    services.database.ping()
    check_integrity(services.database)
    yield Diagnosis("store", "The database can be read completely.")


def _check_schema(services: Services) -> Iterator[Diagnosis]:
    schema.require_current_schema(services.database)
    yield Diagnosis("schema", f"The schema is {schema.expected_revision()}; no migration is pending.")


def _check_index(services: Services) -> Iterator[Diagnosis]:
    services.engine.health()
    services.indexer.require_same_state()
    comparison = services.indexer.verify()
    pending = services.indexer.count_outstanding()
    if comparison.matches:
        yield Diagnosis("index", "The index matches the database.")
    elif comparison.is_pending:
        yield Diagnosis(
            "index",
            f"{pending} changes are not indexed yet.",
            "Start biobank serve, or run: biobank index sync",
        )
    else:
        yield Diagnosis("index", "The index differs from the database.", "Run: biobank index rebuild")


def _check_media(services: Services) -> Iterator[Diagnosis]:
    with services.database.read() as session:
        hashes = session.scalars(select(Picture.sha)).all()
    missing = [sha for sha in hashes if not services.media.has(sha)]
    if missing:
        yield Diagnosis(
            "media",
            f"Files of {len(missing)} of {len(hashes)} pictures are missing: {', '.join(missing[:MAX_NAMED])}",
            "Copy the media folder of a backup, or upload them again: the same file becomes the same picture",
        )
    else:
        yield Diagnosis("media", f"The files of all {len(hashes)} pictures exist.")


def _check_permissions(services: Services) -> Iterator[Diagnosis]:
    settings = services.settings
    paths = [settings.index_dir, settings.media_dir, settings.imports_dir, settings.dumps_dir]
    paths.append(INSTANCE_DIR / SECRET_FILE)
    if database_folder(services.database):
        file = Path(services.database.engine.url.database or "")
        paths += [file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-shm")]
    open_paths = [path for path in paths if path.exists() and path.stat().st_mode & WORLD_BITS]
    if open_paths:
        names = " ".join(shlex.quote(str(path)) for path in open_paths)
        yield Diagnosis(
            "permissions",
            f"Other users of this system have access to {names}.",
            f"Run: chmod o-rwx {names}",
        )
    else:
        yield Diagnosis("permissions", "Files and folders are private.")


def _check_clocks(services: Services) -> Iterator[Diagnosis]:
    current_time = now()
    with services.database.read() as session:
        times = [session.scalar(select(func.max(column))) for column in (Revision.at, outbox.OutboxRow.at)]
        if not services.database.is_sqlite:
            server_time = session.scalar(select(func.now()))
            if server_time and abs(server_time - current_time) > MAX_CLOCK_DIFFERENCE:
                yield Diagnosis(
                    "clocks",
                    f"The clock of the database server differs by {abs(server_time - current_time)}.",
                    "Run a time service such as chrony on both",
                )
    latest = max((as_utc(value) for value in times if value), default=current_time)
    if latest - current_time > MAX_CLOCK_DIFFERENCE:
        yield Diagnosis(
            "clocks",
            f"The latest change is of {latest:%Y-%m-%d %H:%M:%S} UTC, "
            f"but the clock says {current_time:%Y-%m-%d %H:%M:%S}.",
            "Set the clock, and run a time service such as chrony",
        )
    else:
        yield Diagnosis("clocks", "No change is in the future.")


def _check_space(services: Services) -> Iterator[Diagnosis]:
    settings = services.settings
    wanted = [database_folder(services.database), settings.index_dir, settings.media_dir, settings.dumps_dir]
    for folder in dict.fromkeys(_existing(path) for path in wanted if path):
        check_writable(folder)
        usage = shutil.disk_usage(folder)
        if usage.free < MIN_FREE_SHARE * usage.total:
            yield Diagnosis(
                "space",
                f"{folder}: {usage.free // 2**20} of {usage.total // 2**20} MB are free.",
                "Free space or enlarge the disk",
            )
            return
    yield Diagnosis("space", "There is free space.")


def _existing(path: Path) -> Path:
    """Return the folder, or its nearest parent that exists."""
    return next(folder for folder in (path.absolute(), *path.absolute().parents) if folder.is_dir())


Check = Callable[[Services], Iterator[Diagnosis]]
#: Checks by name, with what to do if one cannot be completed.
CHECKS: dict[str, tuple[Check, str]] = {
    "store": (
        _check_store,
        "Check BIOBANK_DATABASE_URL and the server; if damaged: biobank restore --force FILE",
    ),
    "schema": (_check_schema, "Run: biobank db upgrade"),
    "index": (_check_index, "Run: biobank index rebuild"),
    "media": (_check_media, "Check BIOBANK_MEDIA_DIR and the database"),
    "permissions": (_check_permissions, "Run the command as the user who runs biobank serve"),
    "clocks": (_check_clocks, "Check the database"),
    "space": (_check_space, "Free space, or make the folder writable"),
}
