"""Restoration of a backup: verified as a whole, then database, pictures and index."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from sqlalchemy import delete, inspect, select

from biobank.accounts.models import OneTimeLink, SignIn, User
from biobank.bootstrap import Services
from biobank.common.files import (
    create_private_file,
    create_private_folder,
    replace_atomically,
    temporary_folder,
)
from biobank.common.progress import ProgressReporter
from biobank.editorial.models import Revision
from biobank.errors import BackupRefused
from biobank.operations.archive import (
    COPY_BYTES,
    DATABASE_NAMES,
    MEDIA_PREFIX,
    SECRET_NAME,
    HashingReader,
    VerifiedBackup,
    read_archive,
    verify_archive,
)
from biobank.operations.database_copy import check_sqlite, database_kind, restore_postgresql, restore_sqlite
from biobank.settings import INSTANCE_DIR, SECRET_FILE
from biobank.store import schema
from biobank.store.session import Database

#: Free space required beyond the size of the content, as a factor: SQLite writes it to its log too.
SPACE_FACTOR = 3


@dataclass(frozen=True)
class RestoreReport:
    """The result of a restoration."""

    people: int
    pictures: int
    #: Version of Biobank that wrote the backup.
    version: str
    #: Schema of the backup, if it was older and was upgraded.
    upgraded_from: str = ""
    secret_restored: bool = False


def restore_backup(
    services: Services, file: Path, *, passphrase: str | None, force: bool, progress: ProgressReporter
) -> RestoreReport:
    """Replace the bank with the content of a backup and rebuild the index.

    Everything is verified, extracted and upgraded to the schema of this version before the bank is
    touched. Files of pictures come first, the database replaces the old one in one transaction, and
    pictures that are not in the backup are removed last.

    Raises:
        BackupRefused: the backup is damaged, of another database or newer; or the bank is not empty
            and `force` is false; or files cannot be written.
    """
    progress("verified", 0, 1)
    backup = verify_archive(file, passphrase)
    progress("verified", 1, 1)
    _require_compatible(services.database, backup)
    if not force:
        require_empty(services)
    with _translate_write_errors(), _work_folder(services, backup) as folder:
        pictures = _extract(services, file, passphrase, backup, folder, progress)
        upgraded_from = _restore_database(services.database, backup, folder)
        _remove_other_media(services.media.folder, backup)
        secret_restored = _restore_secret(folder / SECRET_NAME)
    people = services.indexer.rebuild(progress)
    return RestoreReport(people, pictures, backup.description.biobank, upgraded_from, secret_restored)


@contextmanager
def _translate_write_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        message = "the files of the backup cannot be written; mend that, then restore it again"
        raise BackupRefused(message, detail=error) from error


def require_empty(services: Services) -> None:
    """Check that nothing would be lost: no revisions, no users, no pictures.

    Raises:
        BackupRefused: the bank has content.
    """
    tables = inspect(services.database.engine).get_table_names()
    with services.database.read() as session:
        for model in (Revision, User):
            if model.__tablename__ in tables and session.execute(select(model.id).limit(1)).first():
                raise BackupRefused(
                    "the bank is not empty; back it up, then add --force to replace all of it"
                )
    if any(services.media.folder.glob("*/*.webp")):
        raise BackupRefused(
            f"{services.media.folder} has pictures; move them away, or add --force to replace them"
        )


def _require_compatible(database: Database, backup: VerifiedBackup) -> None:
    kind = database_kind(database)
    if backup.description.database != kind:
        raise BackupRefused(
            f"the backup is of {backup.description.database}, BIOBANK_DATABASE_URL names a database of "
            f"{kind}; restore it into its own kind"
        )
    if not schema.is_known(backup.description.schema):
        raise BackupRefused(
            f"the backup was made by Biobank {backup.description.biobank}, which is newer than this "
            "version; install that version to restore it"
        )


@contextmanager
def _work_folder(services: Services, backup: VerifiedBackup) -> Iterator[Path]:
    """Yield a private folder beside the database or, for PostgreSQL, beside the pictures."""
    url = services.database.engine.url
    near = services.media.folder
    if services.database.is_sqlite:
        near = Path(url.database or "")
        create_private_file(near)
    create_private_folder(near.parent)
    free, needed = shutil.disk_usage(near.parent).free, SPACE_FACTOR * backup.size
    if free < needed:
        raise BackupRefused(
            f"{near.parent} has {free // 2**20} MB of free space, the restoration needs {needed // 2**20} MB"
        )
    with temporary_folder(near.parent) as folder:
        yield folder


def _extract(
    services: Services,
    file: Path,
    passphrase: str | None,
    backup: VerifiedBackup,
    folder: Path,
    progress: ProgressReporter,
) -> int:
    """Extract everything: pictures into the media folder, the rest into `folder`."""
    fixed = {*DATABASE_NAMES.values(), SECRET_NAME}
    pictures, total = 0, sum(name.startswith(MEDIA_PREFIX) for name in backup.files)
    with read_archive(file, passphrase) as members:
        for name, content in members:
            if name in fixed:
                _extract_file(backup, name, content, folder / name)
            elif name.startswith(MEDIA_PREFIX) and name in backup.files:
                path = services.media.folder / name.removeprefix(MEDIA_PREFIX)
                create_private_folder(path.parent)
                _extract_file(backup, name, content, path)
                pictures += 1
                progress("pictures", pictures, total)
    return pictures


def _extract_file(backup: VerifiedBackup, name: str, content: IO[bytes], path: Path) -> None:
    reader = HashingReader(content)
    with replace_atomically(path) as target:
        while data := reader.read(COPY_BYTES):
            target.write(data)
        if reader.hexdigest() != backup.files[name].sha256:
            raise BackupRefused("the backup changed while it was read")


def _restore_database(database: Database, backup: VerifiedBackup, folder: Path) -> str:
    """Replace the database; return its schema in the backup if it was older than this version's."""
    extracted = folder / DATABASE_NAMES[backup.description.database]
    if database.is_sqlite:
        check_sqlite(extracted)
        copy = Database(f"sqlite:///{extracted}")
        schema.upgrade(copy)
        _end_access(copy)
        copy.dispose()
        restore_sqlite(extracted, database)
    else:
        restore_postgresql(extracted, database)
        schema.upgrade(database)
        _end_access(database)
    old = backup.description.schema
    return old if old != schema.current_revision(database) else ""


def _end_access(database: Database) -> None:
    """End all sessions and open links: some may have been ended or used since the backup."""
    with database.write() as session:
        session.execute(delete(SignIn))
        session.execute(delete(OneTimeLink).where(OneTimeLink.used_at.is_(None)))


def _remove_other_media(folder: Path, backup: VerifiedBackup) -> None:
    for path in folder.glob("*/*.webp"):
        if MEDIA_PREFIX + path.relative_to(folder).as_posix() not in backup.files:
            path.unlink(missing_ok=True)


def _restore_secret(extracted: Path, instance: Path = INSTANCE_DIR) -> bool:
    """Put the secret key of the backup into its file; keep another one beside it."""
    if not extracted.exists():
        return False
    key = extracted.read_bytes()
    file = instance / SECRET_FILE
    create_private_folder(instance)
    if file.exists() and file.read_bytes() != key:
        file.replace(file.with_name(f"{SECRET_FILE}.before-restore"))
    with replace_atomically(file) as target:
        target.write(key)
    return True
