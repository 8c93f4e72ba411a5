"""A small bank for fault injection, and the operations that are disturbed."""

import io
import json
import os
import shutil
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from biobank.accounts import tokens
from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services, make_services
from biobank.cli import main as command_line
from biobank.common.progress import null_progress
from biobank.editorial import pictures
from biobank.editorial.revisions.bulk_save import save_records
from biobank.errors import BiobankError
from biobank.exchange import seeding
from biobank.operations.backup import create_backup
from biobank.records.media.models import Picture
from biobank.settings import ENV_VARIABLES, Settings
from biobank.store import schema
from campaigns.fault_injection import Report
from tests.support import seed
from tests.support.apps import create_app
from tests.support.pictures import DETAILS, encode, quarters
from tests.support.users import add_user, csrf_token_in, signed_in_client

PEOPLE_COUNT = 5
#: In the draft of the last person: must never be read by the public.
DRAFT_MARK = "xyzunpublished"
#: In the change that is published.
CHANGE_MARK = "xyzpublished"
#: In the records that are imported and published.
IMPORT_MARK, IMPORT_COUNT = "xyzimported", 3
#: In a change that was published after the backup that is restored.
RECENT_MARK = "xyzrecent"
#: Of the picture that replaced the one in the backup, in pixels.
RECENT_WIDTH = 320
PICTURES_PATH = "/en/desk/pictures"
FIRST_VERSION = {"If-Match": '"1"'}
BACKUP_NAME = "bank.biobank"


@dataclass(frozen=True)
class Bank:
    """Folders and services of a bank; `data` is disturbed and replaced by `template` before each run."""

    folder: Path
    services: Services
    app: Flask
    writer_key: str
    reviewer_key: str
    client: FlaskClient
    csrf_token: str
    records: tuple[dict[str, Any], ...]

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(record["id"] for record in self.records)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def reset(self) -> None:
        # A forked process would go on with the connections of this one, whose files are deleted here.
        self.services.database.dispose()
        shutil.rmtree(self.data)
        shutil.copytree(self.folder / "template", self.data)


def prepare_bank(folder: Path) -> Bank:
    """Fill a bank of PEOPLE_COUNT people with users, a picture and a draft; save it as template."""
    data = folder / "data"
    data.mkdir()
    (data / "backups").mkdir()
    settings = make_settings(data)
    _set_environment(settings)

    services = make_services(settings)
    records = _fill(services, settings)
    users = [add_user(services.database, name, "editor") for name in ("Writer", "Reviewer")]
    keys = []
    for user, scopes in zip(users, (["write", "read"], ["write", "publish"]), strict=True):
        assert user.user_id is not None
        keys.append(tokens.create_token_for(services.database, OPERATOR, user.user_id, "faults", scopes))
    app = create_app(services)
    client = signed_in_client(app, services.database, users[0])
    token = csrf_token_in(client.get(PICTURES_PATH))
    _write_inputs(services, folder, records)
    services.close()
    shutil.copytree(data, folder / "template")
    # A new app: what the first one cached does not belong to the state before an operation.
    services = make_services(settings)
    app = create_app(services)
    fresh = app.test_client()
    fresh._cookies = client._cookies  # type: ignore[attr-defined]
    return Bank(folder, services, app, keys[0], keys[1], fresh, token, tuple(records))


def make_settings(data: Path) -> Settings:
    return Settings(
        database_url=f"sqlite:///{data}/biobank.db",
        index_dir=data / "index",
        media_dir=data / "media",
        imports_dir=data / "imports",
        dumps_dir=data / "dumps",
        secret_key="a key for the injection of faults",  # noqa: S106
    )


def _set_environment(settings: Settings) -> None:
    """Configure the commands like the services."""
    for variable, name in ENV_VARIABLES.items():
        if name in ("database_url", "index_dir", "media_dir", "imports_dir", "dumps_dir", "secret_key"):
            os.environ[variable] = str(getattr(settings, name))


def _fill(services: Services, settings: Settings) -> list[dict[str, Any]]:
    schema.upgrade(services.database)
    with services.database.write() as session:
        for kind in seeding.REFERENCE_KINDS:
            seeding.load_kind(session, kind, settings.seed_dir)
    records = seed.first_people(PEOPLE_COUNT)
    with services.database.write() as session:
        save_records(session, records, OPERATOR, "", publish=True)
    draft = {**records[-1], "headline": {"en": f"Never {DRAFT_MARK} public."}}
    with services.database.write() as session:
        save_records(session, [draft], OPERATOR, "", publish=False)
    details = pictures.PictureDetails(**DETAILS)  # type: ignore[arg-type]
    pictures.add_picture(
        services.database, services.media, OPERATOR, encode(quarters(300, 300), "PNG"), details
    )
    services.indexer.rebuild(null_progress)
    return records


def _write_inputs(services: Services, folder: Path, records: list[dict[str, Any]]) -> None:
    """Write the file to import and the backup to restore."""
    changed = [{**record, "headline": {"en": f"The {IMPORT_MARK} one."}} for record in records[:2]]
    new = {**seed.person_without_relations(sorted(seed.people())[-1]), "headline": changed[0]["headline"]}
    with (folder / "import.jsonl").open("w", encoding="utf-8") as target:
        target.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in [*changed, new])
    create_backup(
        services, folder / "old.biobank", passphrase=None, include_secret=False, progress=null_progress
    )
    _change_since_backup(services, records[3])


def _change_since_backup(services: Services, record: dict[str, Any]) -> None:
    """Publish a change and replace the picture, so that half a restoration would be seen."""
    recent = {**record, "headline": {"en": f"A {RECENT_MARK} one."}}
    with services.database.write() as session:
        save_records(session, [recent], OPERATOR, "", publish=True)
        (old,) = session.scalars(select(Picture.id))
    pictures.delete_picture(services.database, services.media, OPERATOR, old)
    details = pictures.PictureDetails(**DETAILS)  # type: ignore[arg-type]
    pictures.add_picture(
        services.database, services.media, OPERATOR, encode(quarters(RECENT_WIDTH, 300), "PNG"), details
    )
    services.indexer.sync()


def publish(bank: Bank, report: Report) -> None:
    """Save, submit and publish a change by the API, then index it as the background process does."""
    person_id = bank.ids[0]
    path = f"/api/v1/people/{person_id}"
    record = {**bank.records[0], "headline": {"en": f"Now {CHANGE_MARK}."}}
    saved = _send(bank, report, "put", path, bank.writer_key, record, FIRST_VERSION)
    if not saved:
        return
    number = 2
    report(acknowledged="draft")
    for state, key in (("review", bank.writer_key), ("published", bank.reviewer_key)):
        if not _send(bank, report, "post", f"{path}/state", key, {"to": state, "number": number}, {}):
            return
        report(acknowledged=state)
    follow_index(bank.services, report)


def _send(
    bank: Bank, report: Report, method: str, path: str, key: str, body: Any, headers: dict[str, str]
) -> bool:
    client = bank.app.test_client()
    headers = {**headers, "Authorization": f"Bearer {key}"}
    response = client.open(path, method=method.upper(), json=body, headers=headers)
    if response.status_code < 300:
        return True
    report(answer=response.status_code, shown=response.text)
    return False


def follow_index(services: Services, report: Report) -> None:
    """Apply pending changes as `index follow` does, once."""
    rounds = iter((False, True))
    try:
        services.indexer.follow(lambda: next(rounds))
    except (BiobankError, OSError) as error:
        # The command prints this, ends, and is started again by `serve`.
        report(indexer=str(error))


def upload(bank: Bank, report: Report) -> None:
    """Upload a picture at the desk."""
    form: dict[str, Any] = {"csrf_token": bank.csrf_token, "file": (io.BytesIO(encode()), "a.jpg")}
    form |= {"licence": DETAILS["licence"], "author": DETAILS["author"], "source": DETAILS["source"]}
    form |= {f"alt-{lang}": text for lang, text in DETAILS["alt"].items()}  # type: ignore[attr-defined]
    response = bank.client.post(PICTURES_PATH, data=form, content_type="multipart/form-data")
    if response.status_code == 303:
        report(acknowledged="picture")
    else:
        report(answer=response.status_code, shown=response.text)


def edit_again(bank: Bank, report: Report) -> None:
    """Read and edit another record, as the same server must do after a fault."""
    path = f"/api/v1/people/{bank.ids[1]}"
    answer = bank.app.test_client().get(path)
    if answer.status_code != 200:
        report(resumed=f"reading answers {answer.status_code}")
    record = {**bank.records[1], "headline": {"en": "Edited again."}}
    refused: list[str] = []
    _send(
        bank, lambda **shown: refused.append(str(shown)), "put", path, bank.writer_key, record, FIRST_VERSION
    )
    if refused:
        report(resumed=f"an edit is refused: {refused[0][:300]}")
    else:
        report(acknowledged="edited again")


def upload_again(bank: Bank, report: Report) -> None:
    """Upload the same picture again, as its editor does after an error."""
    edit_again(bank, report)
    answers: list[dict[str, Any]] = []
    upload(bank, lambda **shown: answers.append(shown))
    if answers != [{"acknowledged": "picture"}]:
        report(resumed=f"the same upload is refused: {str(answers)[-300:]}")
    else:
        report(acknowledged="picture")


def _command(*arguments: str) -> Callable[[Bank, Report], None]:
    def run(bank: Bank, report: Report) -> None:
        names = {"FOLDER": str(bank.folder), "DATA": str(bank.data)}
        run_command(bank, report, [argument.format_map(names) for argument in arguments])

    return run


def run_command(bank: Bank, report: Report, arguments: list[str]) -> None:
    """Run a command of `biobank`; report its success, or its output and status."""
    with _captured(bank.folder / "output") as output:
        status: object = 0
        try:
            command_line.main(arguments, prog_name="biobank")
        except SystemExit as ended:
            status = ended.code
        except Exception:
            traceback.print_exc()
            status = 1
        sys.stderr.flush()
        sys.stdout.flush()
    if status in (0, None):
        report(acknowledged=arguments[0])
    else:
        report(exit=status, shown=output.read_text(errors="replace"))


@contextmanager
def _captured(file: Path) -> Iterator[Path]:
    """Redirect both outputs of the process into a file."""
    with file.open("w") as target:
        os.dup2(target.fileno(), 1)
        os.dup2(target.fileno(), 2)
        yield file


OPERATIONS: dict[str, Callable[[Bank, Report], None]] = {
    "publish": publish,
    "upload": upload,
    "rebuild": _command("index", "rebuild"),
    "import": _command("import", "{FOLDER}/import.jsonl", "--publish"),
    "backup": _command("backup", "{DATA}/backups/" + BACKUP_NAME),
    "restore": _command("restore", "{FOLDER}/old.biobank", "--force"),
}
#: What the process that was disturbed does afterwards. Commands end.
RESUMPTIONS = {"publish": edit_again, "upload": upload_again}
