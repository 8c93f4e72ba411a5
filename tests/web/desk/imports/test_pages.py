"""The upload form of imports: rejected files, and the privacy of uploads."""

import io
import os
import stat
import time
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from biobank.accounts.identity import Identity
from biobank.bootstrap import Services
from biobank.errors import IMPORT_CODES, ImportRefused
from biobank.exchange.imports import service, worker
from biobank.exchange.imports.service import MAX_UPLOAD_BYTES, SubmittedFile
from biobank.exchange.imports.uploads import MAX_UPLOADED_FILES, SECONDS_PER_DAY, UPLOAD_RETENTION_DAYS
from biobank.web.desk.imports.labels import UPLOAD_ERRORS
from tests.support.pages import select, text_at, text_of
from tests.support.users import submit_form
from tests.web.desk.imports.uploads import LINES, PATH, process_imports, run_state, upload


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "people.jsonl", "Choose a file that is not empty."),
        (b"name\nA\n", "people.csv", "Add a mapping file that describes the columns of the table."),
        (
            b"{}",
            "people.json",
            "A JSON file can have different formats. Choose one: wikidata, popolo or jsonl.",
        ),
    ],
    ids=["empty", "unmapped", "ambiguous"],
)
def test_rejected_file_is_reported_at_its_field(
    editor_client: FlaskClient, own_services: Services, content: bytes, name: str, words: str
) -> None:
    response = submit_form(editor_client, PATH, file=(io.BytesIO(content), name))
    assert response.status_code == 422
    assert words in text_of(response.text)
    assert select(response.text, "[aria-invalid=true]")
    assert not list(own_services.settings.imports_dir.glob("[0-9a-f]*"))


def test_mapping_error_is_reported_at_the_mapping_field(editor_client: FlaskClient) -> None:
    table = (io.BytesIO(b"name\nA\n"), "people.csv")
    mapping = (io.BytesIO(b"record: {nmaes: []}\n"), "people.map.yaml")
    response = submit_form(editor_client, PATH, file=table, map=mapping)
    assert response.status_code == 422
    error = text_at(response.text, "#map-error.field-error")
    assert "people.map.yaml" in error
    assert "record.nmaes" in error
    assert not select(response.text, "#file-error")


def test_oversized_file_is_rejected(own_services: Services, editor: Identity) -> None:
    heavy = SubmittedFile("people.jsonl", b"x" * (MAX_UPLOAD_BYTES + 1))
    with pytest.raises(ImportRefused) as refused:
        service.submit_file(own_services.database, own_services.uploads, editor, heavy)
    assert refused.value.code == "import_heavy"


def test_every_upload_error_has_a_message() -> None:
    assert {*UPLOAD_ERRORS, "import_unreadable", "import_bad_mapping"} == set(IMPORT_CODES)


def test_run_fails_for_a_file_of_the_wrong_format(editor_client: FlaskClient, own_services: Services) -> None:
    file = (io.BytesIO(b"no workbook"), "people.xlsx")
    rules = b"record: {names: [{text: {from: name}, lang: az, kind: preferred}]}"
    response = submit_form(editor_client, PATH, file=file, map=(io.BytesIO(rules), "people.map.yaml"))
    assert response.status_code == 303
    process_imports(own_services)
    assert run_state(own_services, response.headers["Location"]) == "failed"


def test_uploads_are_private_limited_and_expire(editor_client: FlaskClient, own_services: Services) -> None:
    address = upload(editor_client, LINES)
    process_imports(own_services)
    folder: Path = own_services.settings.imports_dir
    [file] = folder.glob("[0-9a-f]*")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for number in range(MAX_UPLOADED_FILES - 1):
        (folder / f"{number:032x}").touch()
    response = submit_form(editor_client, PATH, file=(io.BytesIO(b"{}"), "people.jsonl"))
    assert "Too many files are waiting for a decision. Decide on some of them first." in text_of(
        response.text
    )
    long_ago = time.time() - (UPLOAD_RETENTION_DAYS + 1) * SECONDS_PER_DAY
    os.utime(file, (long_ago, long_ago))
    assert worker.run_maintenance(own_services.database, own_services.uploads) == 1
    assert run_state(own_services, address) == "stopped"
    assert not file.exists()


def test_uploaded_text_is_escaped(editor_client: FlaskClient, own_services: Services) -> None:
    name = "<img src=x>.jsonl"
    line = {"id": "a", "names": [{"text": "<b>x</b>", "lang": "<i>", "kind": "preferred"}]}
    address = upload(editor_client, [line], name)
    process_imports(own_services)
    for path in (address, PATH):
        page = editor_client.get(path).text
        assert "<img src=x>" not in page
        assert "<i>" not in page
