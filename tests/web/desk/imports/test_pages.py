"""The upload form of imports: rejected files, and the privacy of uploads."""

import io
import os
import re
import stat
import time
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from biobank.accounts.identity import Identity
from biobank.bootstrap import Services
from biobank.errors import IMPORT_CODES, ImportRefused
from biobank.exchange.importing import desk, working
from biobank.exchange.importing.desk import BYTES_MOST, Sent
from biobank.exchange.importing.uploads import DAY, DAYS_MOST, FILES_MOST
from biobank.web.desk.imports.words import REFUSALS
from tests.support.pages import text_of
from tests.support.users import send
from tests.web.desk.imports.sending import LINES, PATH, sent, state, work


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"", "people.jsonl", "Choose a file that is not empty."),
        (b"name\nA\n", "people.csv", "A table needs a mapping file"),
        (b"{}", "people.json", "JSON may be several things"),
    ],
    ids=["empty", "unmapped", "ambiguous"],
)
def test_a_file_that_cannot_be_taken_is_told_at_its_field(
    editors: FlaskClient, own_services: Services, content: bytes, name: str, words: str
) -> None:
    answer = send(editors, PATH, file=(io.BytesIO(content), name))
    assert answer.status_code == 422
    assert words in text_of(answer.text)
    assert 'aria-invalid="true"' in answer.text
    assert not list(own_services.settings.imports_dir.glob("[0-9a-f]*"))


def test_what_is_wrong_with_a_mapping_is_told_at_the_mapping(editors: FlaskClient) -> None:
    table = (io.BytesIO(b"name\nA\n"), "people.csv")
    mapping = (io.BytesIO(b"record: {nmaes: []}\n"), "people.map.yaml")
    answer = send(editors, PATH, file=table, map=mapping)
    assert answer.status_code == 422
    told = re.search(r'<p class="wrong" id="map-wrong">(.*?)</p>', answer.text)
    assert told
    assert "people.map.yaml" in told[1]
    assert "record.nmaes" in told[1]
    assert 'id="file-wrong"' not in answer.text


def test_a_file_that_is_too_heavy_is_not_taken(own_services: Services, editor: Identity) -> None:
    heavy = Sent("people.jsonl", b"x" * (BYTES_MOST + 1))
    with pytest.raises(ImportRefused) as refused:
        desk.take(own_services.database, own_services.uploads, editor, heavy)
    assert refused.value.code == "import_heavy"


def test_every_refusal_has_words_of_its_own() -> None:
    assert {*REFUSALS, "import_unreadable", "import_bad_mapping"} == set(IMPORT_CODES)


def test_a_file_that_is_none_of_its_kind_fails_with_the_reason(
    editors: FlaskClient, own_services: Services
) -> None:
    file = (io.BytesIO(b"no workbook"), "people.xlsx")
    rules = b"record: {names: [{text: {from: name}, lang: az, kind: preferred}]}"
    answer = send(editors, PATH, file=file, map=(io.BytesIO(rules), "people.map.yaml"))
    assert answer.status_code == 303
    work(own_services)
    assert state(own_services, answer.headers["Location"]) == "failed"


def test_files_are_their_owners_alone_few_and_not_for_long(
    editors: FlaskClient, own_services: Services
) -> None:
    address = sent(editors, LINES)
    work(own_services)
    folder: Path = own_services.settings.imports_dir
    [file] = folder.glob("[0-9a-f]*")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for number in range(FILES_MOST - 1):
        (folder / f"{number:032x}").touch()
    answer = send(editors, PATH, file=(io.BytesIO(b"{}"), "people.jsonl"))
    assert "Too many files wait already" in text_of(answer.text)
    long_ago = time.time() - (DAYS_MOST + 1) * DAY
    os.utime(file, (long_ago, long_ago))
    assert working.keep_house(own_services.database, own_services.uploads) == 1
    assert state(own_services, address) == "stopped"
    assert not file.exists()


def test_what_is_sent_is_text_on_the_page(editors: FlaskClient, own_services: Services) -> None:
    name = "<img src=x>.jsonl"
    line = {"id": "a", "names": [{"text": "<b>x</b>", "lang": "<i>", "kind": "preferred"}]}
    address = sent(editors, [line], name)
    work(own_services)
    for path in (address, PATH):
        page = editors.get(path).text
        assert "<img src=x>" not in page
        assert "<i>" not in page
