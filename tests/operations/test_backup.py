"""A backup restores everything, is refused when damaged, and never replaces a bank by mistake."""

import gzip
import io
import stat
import tarfile
from pathlib import Path
from threading import Event, Thread
from typing import Any

import pytest
from sqlalchemy import select

from biobank.accounts import authentication, links, sessions
from biobank.accounts.identity import OPERATOR
from biobank.accounts.models import User
from biobank.bootstrap import Services
from biobank.common.progress import null_progress
from biobank.editorial.models import Revision
from biobank.editorial.revisions.bulk_save import save_records
from biobank.errors import AccountRefused, BackupRefused
from biobank.operations import archive, database_copy, restore
from biobank.operations.archive import verify_archive
from biobank.operations.backup import create_backup
from biobank.operations.restore import RestoreReport, restore_backup
from biobank.store import schema
from biobank.store.base import Base
from tests.operations.conftest import SHA, UZEYIR
from tests.support import seed
from tests.support.corrupt_files import flip_bytes
from tests.support.database_contents import database_rows
from tests.support.users import add_user

PASSPHRASE = "correct horse battery staple"


def back_up(bank: Services, file: Path, passphrase: str | None = None, *, secret: bool = False) -> Path:
    create_backup(bank, file, passphrase=passphrase, include_secret=secret, progress=null_progress)
    return file


def put_back(
    bank: Services, file: Path, passphrase: str | None = None, *, force: bool = False
) -> RestoreReport:
    return restore_backup(bank, file, passphrase=passphrase, force=force, progress=null_progress)


def media_files(bank: Services) -> dict[str, bytes]:
    folder = bank.media.folder
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.glob("*/*")}


def publish(bank: Services, person_id: str, **changes: Any) -> None:
    record = {**seed.person_without_relations(person_id), **changes}
    with bank.database.write() as session:
        save_records(session, [record], OPERATOR, "test", publish=True)


@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_a_restored_bank_equals_the_original(
    bank: Services, empty_bank: Services, tmp_path: Path, passphrase: str | None
) -> None:
    file = back_up(bank, tmp_path / "bank.backup", passphrase)
    report = put_back(empty_bank, file, passphrase)
    assert (report.people, report.pictures, report.upgraded_from) == (1, 2, "")
    assert database_rows(empty_bank.database) == database_rows(bank.database)
    assert media_files(empty_bank) == media_files(bank)
    assert empty_bank.indexer.verify().matches
    schema.require_current_schema(empty_bank.database)
    # The restored bank can be used and backed up again.
    publish(empty_bank, "niyazi")
    back_up(empty_bank, tmp_path / "again.backup")


def test_sessions_and_links_of_the_backup_are_ended(
    bank: Services, empty_bank: Services, tmp_path: Path
) -> None:
    """What a user ended after the backup, such as the session of a thief, must not come back."""
    actor = add_user(bank.database, "Nigar", "editor")
    with bank.database.write() as session:
        user = session.get_one(User, actor.user_id)
        key = sessions.create_session(session, user, actor, "a browser")
        link, _ = links.create_link(session, user, "reset")
    assert sessions.identify_session(bank.database, key, "192.0.2.1")
    file = back_up(bank, tmp_path / "bank.backup")
    put_back(empty_bank, file)
    assert sessions.identify_session(empty_bank.database, key, "192.0.2.1") is None
    with pytest.raises(AccountRefused):
        authentication.get_reset_email(empty_bank.database, link)


def test_a_backup_is_private_and_leaves_nothing_behind(bank: Services, tmp_path: Path) -> None:
    before = set(tmp_path.iterdir())
    file = back_up(bank, tmp_path / "bank.backup")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert set(tmp_path.iterdir()) == before | {file}


def test_a_backup_never_replaces_a_file(bank: Services, tmp_path: Path) -> None:
    file = back_up(bank, tmp_path / "bank.backup")
    content = file.read_bytes()
    with pytest.raises(BackupRefused, match="exists already"):
        back_up(bank, file)
    assert file.read_bytes() == content


def test_a_failed_backup_leaves_no_file(
    bank: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "BACKUP_GZIP_LEVEL", 99)
    before = set(tmp_path.iterdir())
    with pytest.raises(ValueError, match="initialization"):
        back_up(bank, tmp_path / "bank.backup")
    assert set(tmp_path.iterdir()) == before


def test_a_backup_while_editors_write_has_everything_acknowledged_before(
    bank: Services, empty_bank: Services, tmp_path: Path
) -> None:
    """A copied SQLite file lost all acknowledged changes that were still in the log."""
    acknowledged: list[str] = []
    enough, finished = Event(), Event()

    def write() -> None:
        for number in range(200):
            publish(bank, UZEYIR, id=f"person-{number}")
            acknowledged.append(f"person-{number}")
            if number == 5:
                enough.set()
            if finished.is_set():
                return

    writer = Thread(target=write)
    writer.start()
    try:
        enough.wait()
        before = list(acknowledged)
        file = back_up(bank, tmp_path / "bank.backup")
    finally:
        finished.set()
        writer.join()
    put_back(empty_bank, file)
    with empty_bank.database.read() as session:
        restored = set(session.scalars(select(Revision.person_id)))
    assert set(before) <= restored
    assert empty_bank.indexer.verify().matches


def test_the_secret_key_is_included_only_where_requested(
    bank: Services, empty_bank: Services, tmp_path: Path
) -> None:
    assert "secret_key" not in verify_archive(back_up(bank, tmp_path / "without.backup"), None).files
    file = back_up(bank, tmp_path / "with.backup", secret=True)
    assert put_back(empty_bank, file).secret_restored
    secret = tmp_path / "instance" / "secret_key"
    assert secret.read_text() == "a key"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600


def test_another_secret_key_is_set_aside(bank: Services, empty_bank: Services, tmp_path: Path) -> None:
    file = back_up(bank, tmp_path / "with.backup", secret=True)
    instance = tmp_path / "instance"
    instance.mkdir()
    (instance / "secret_key").write_text("of the other bank")
    put_back(empty_bank, file)
    assert (instance / "secret_key").read_text() == "a key"
    assert (instance / "secret_key.before-restore").read_text() == "of the other bank"


def test_a_bank_with_content_is_replaced_only_by_force(bank: Services, tmp_path: Path) -> None:
    file = back_up(bank, tmp_path / "bank.backup")
    backed_up, pictures = database_rows(bank.database), media_files(bank)
    publish(bank, "niyazi")
    bank.media.write("cd" * 32, {"square": b"later"})
    bank.indexer.sync()
    later = database_rows(bank.database)
    with pytest.raises(BackupRefused, match="the bank is not empty"):
        put_back(bank, file)
    assert database_rows(bank.database) == later
    put_back(bank, file, force=True)
    assert database_rows(bank.database) == backed_up
    assert media_files(bank) == pictures
    assert bank.indexer.verify().matches


def test_pictures_without_a_database_are_not_overwritten(
    bank: Services, empty_bank: Services, tmp_path: Path
) -> None:
    empty_bank.media.write(SHA, {"square": b"another"})
    with pytest.raises(BackupRefused, match="has pictures"):
        put_back(empty_bank, back_up(bank, tmp_path / "bank.backup"))


@pytest.mark.sqlite
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("passphrase", [None, PASSPHRASE])
def test_a_damaged_backup_touches_nothing(bank: Services, tmp_path: Path, passphrase: str | None) -> None:
    file = back_up(bank, tmp_path / "bank.backup", passphrase)
    rows, pictures = database_rows(bank.database), media_files(bank)
    content = file.read_bytes()
    places = [len(content) * share // 1000 for share in (0, 100, 300, 500, 700, 900, 999)]
    for damaged in (*(flip_bytes(content, at) for at in places), *(content[:at] for at in places)):
        file.write_bytes(damaged)
        with pytest.raises(BackupRefused):
            put_back(bank, file, passphrase, force=True)
    assert database_rows(bank.database) == rows
    assert media_files(bank) == pictures


@pytest.mark.sqlite
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_backup_needs_its_passphrase(bank: Services, empty_bank: Services, tmp_path: Path) -> None:
    file = back_up(bank, tmp_path / "bank.backup", PASSPHRASE)
    assert UZEYIR.encode() not in file.read_bytes()
    with pytest.raises(BackupRefused, match="is encrypted"):
        put_back(empty_bank, file)
    with pytest.raises(BackupRefused, match="passphrase is wrong"):
        put_back(empty_bank, file, "something else")


def forged(changes: dict[str, bytes], files: dict[str, bytes]) -> bytes:
    """Return a backup with these members and a manifest that fits them."""
    target = io.BytesIO()
    with archive.write_archive(target, None) as writer:
        for name, content in {**files, **changes}.items():
            writer.add_bytes(name, content)
    return target.getvalue()


@pytest.fixture
def members(bank: Services, tmp_path: Path) -> dict[str, bytes]:
    file = back_up(bank, tmp_path / "original.backup")
    with archive.read_archive(file, None) as entries:
        return {name: content.read() for name, content in entries if name != "manifest.json"}


FORGED_MEMBERS = (
    ("../outside.webp", b"x"),
    ("media/ab/../../outside.webp", b"x"),
    (f"media/cd/{SHA}-square.webp", b"x"),
    ("/etc/outside", b"x"),
    ("database.sqlite", b"no database"),
    ("database.sqlite", b"SQLite format 3\0" + b"\xff" * 5000),
    ("backup.json", b"{}"),
    ("backup.json", b"no json"),
    ("backup.json", b'{"format": 9}'),
)


@pytest.mark.sqlite
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_forged_backup_touches_nothing(bank: Services, members: dict[str, bytes], tmp_path: Path) -> None:
    file = tmp_path / "forged.backup"
    file.touch()
    rows, before = database_rows(bank.database), set(tmp_path.rglob("*"))
    for name, content in FORGED_MEMBERS:
        file.write_bytes(forged({name: content}, members))
        with pytest.raises(BackupRefused):
            put_back(bank, file, force=True)
        assert set(tmp_path.rglob("*")) == before
    assert database_rows(bank.database) == rows


@pytest.mark.sqlite
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_links_in_a_backup_are_refused(bank: Services, tmp_path: Path) -> None:
    file = tmp_path / "links.backup"
    with tarfile.open(file, "w:gz") as tar:
        link = tarfile.TarInfo(f"media/ab/{SHA}-square.webp")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    with pytest.raises(BackupRefused, match="unexpected entry"):
        put_back(bank, file, force=True)


@pytest.mark.sqlite
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_another_file_is_no_backup(bank: Services, tmp_path: Path) -> None:
    file = tmp_path / "other"
    for content in (b"", b"text", gzip.compress(b"no tar"), gzip.compress(b"\0" * 10240)):
        file.write_bytes(content)
        with pytest.raises(BackupRefused):
            put_back(bank, file, force=True)


@pytest.mark.sqlite
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("database", b'"postgresql"', "is of postgresql"),
        ("schema", b'"9999"', "newer than this version"),
    ],
)
def test_an_incompatible_backup_is_refused(
    bank: Services, members: dict[str, bytes], tmp_path: Path, field: str, value: bytes, message: str
) -> None:
    current = {"database": b'"sqlite"', "schema": f'"{schema.current_revision(bank.database)}"'.encode()}
    description = members["backup.json"].replace(current[field], value)
    file = tmp_path / "forged.backup"
    extra = {"database.pgdump": b"x"} if field == "database" else {}
    file.write_bytes(forged({"backup.json": description, **extra}, members))
    with pytest.raises(BackupRefused, match=message):
        put_back(bank, file, force=True)


@pytest.mark.sqlite
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_missing_space_is_reported_before_anything_is_touched(
    bank: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = back_up(bank, tmp_path / "bank.backup")
    monkeypatch.setattr(restore, "SPACE_FACTOR", 10**12)
    with pytest.raises(BackupRefused, match="MB of free space"):
        put_back(bank, file, force=True)


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_a_failing_restore_leaves_postgresql_unchanged(
    bank: Services, tmp_path: Path, members: dict[str, bytes]
) -> None:
    """The dump is cut off, which pg_restore notices only after most of its script."""
    rows = database_rows(bank.database)
    file = tmp_path / "forged.backup"
    dump = members["database.pgdump"]
    file.write_bytes(forged({"database.pgdump": dump[: len(dump) * 9 // 10]}, members))
    with pytest.raises(BackupRefused, match="pg_restore failed"):
        put_back(bank, file, force=True)
    assert database_rows(bank.database) == rows


@pytest.mark.postgres
@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_password_is_not_an_argument(bank: Services) -> None:
    url = bank.database.engine.url.set(password="secret word").update_query_dict({"password": "other word"})
    argument = database_copy._client_url(url)
    assert "secret" not in argument
    assert "other" not in argument


def test_missing_client_programs_are_named(
    bank: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if bank.database.is_sqlite:
        pytest.skip("SQLite needs none")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupRefused, match="pg_dump is not installed"):
        back_up(bank, tmp_path / "bank.backup")


def test_every_table_is_compared(bank: Services) -> None:
    assert set(database_rows(bank.database)) == set(Base.metadata.tables)
