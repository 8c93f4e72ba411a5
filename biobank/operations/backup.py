"""Creation of a backup: database, pictures and, on request, the secret key."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from biobank import __version__
from biobank.bootstrap import Services
from biobank.common.clock import now
from biobank.common.files import remove_temporary, replace_atomically, temporary_folder
from biobank.common.progress import ProgressReporter
from biobank.errors import BackupRefused
from biobank.operations.archive import (
    DATABASE_NAMES,
    DESCRIPTION_NAME,
    FORMAT_VERSION,
    MEDIA_PATTERN,
    MEDIA_PREFIX,
    SECRET_NAME,
    ArchiveWriter,
    BackupDescription,
    write_archive,
)
from biobank.operations.database_copy import copy_database, database_kind
from biobank.settings import secret_key
from biobank.store import schema


@dataclass(frozen=True)
class BackupReport:
    """The result of a backup."""

    people: int
    pictures: int
    bytes: int


def create_backup(
    services: Services,
    file: Path,
    *,
    passphrase: str | None,
    include_secret: bool,
    progress: ProgressReporter,
) -> BackupReport:
    """Write a backup of the bank to `file`, readable by its owner only.

    The database is copied first, so that every picture in it exists in the media folder.

    Raises:
        BackupRefused: `file` exists or cannot be written, or the database cannot be copied.
    """
    if file.exists():
        raise BackupRefused(f"{file} exists already; a backup never replaces a file")
    schema.require_current_schema(services.database)
    remove_temporary(file.parent)
    try:
        # Beside the file, which needs the space anyway; the name begins with a dot.
        with temporary_folder(file.parent) as folder:
            copy = folder / "database"
            progress("database", 0, 1)
            copy_database(services.database, copy)
            progress("database", 1, 1)
            description = _describe(services, include_secret=include_secret)
            with replace_atomically(file) as target, write_archive(target, passphrase) as archive:
                pictures = _fill(archive, services, description, copy, progress)
        return BackupReport(description.people, pictures, file.stat().st_size)
    except OSError as error:
        raise BackupRefused(f"the backup {file} cannot be written", detail=error) from error


def _fill(
    archive: ArchiveWriter,
    services: Services,
    description: BackupDescription,
    copy: Path,
    progress: ProgressReporter,
) -> int:
    """Add everything to the archive; return the number of picture files."""
    archive.add_bytes(DESCRIPTION_NAME, json.dumps(asdict(description), indent=1).encode())
    archive.add_file(DATABASE_NAMES[description.database], copy)
    media = services.media.folder
    pictures = _add_media(archive, media, _media_files(media), progress)
    if description.has_secret:
        archive.add_bytes(SECRET_NAME, secret_key(services.settings).encode("utf-8"))
    return pictures


def _describe(services: Services, *, include_secret: bool) -> BackupDescription:
    return BackupDescription(
        format=FORMAT_VERSION,
        biobank=__version__,
        created_at=now().isoformat(timespec="seconds"),
        database=database_kind(services.database),
        schema=schema.current_revision(services.database) or "",
        people=services.people_count(),
        has_secret=include_secret,
    )


def _media_files(folder: Path) -> list[str]:
    """Return the names of all picture files as members of a backup; incomplete uploads are left out."""
    names = (MEDIA_PREFIX + path.relative_to(folder).as_posix() for path in sorted(folder.glob("*/*.webp")))
    return [name for name in names if MEDIA_PATTERN.fullmatch(name)]


def _add_media(archive: ArchiveWriter, folder: Path, names: list[str], progress: ProgressReporter) -> int:
    """Add the files that still exist; a picture may be removed meanwhile."""
    added = 0
    for number, name in enumerate(names, start=1):
        try:
            archive.add_file(name, folder / name.removeprefix(MEDIA_PREFIX))
            added += 1
        except FileNotFoundError:
            pass
        progress("pictures", number, len(names))
    return added
