"""Widget builds are small, and released ones never change."""

import json
import re
import sys
from base64 import b64encode
from hashlib import sha384
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from biobank.http.widget_assets import BUILDS_DIR, BUILDS_MANIFEST, list_builds
from frontend import build, widget_builds

OTHER_ORIGIN = "https://a-newspaper.example"
FORBIDDEN = (
    *("innerHTML", "insertAdjacentHTML", "document.write", "eval(", "http://", "https://"),
    *("localStorage", "sessionStorage", "document.cookie", "style=", ".style"),
)


def test_build_is_smaller_than_8_kb() -> None:
    script = (BUILDS_DIR / list_builds()[0].file).read_text("utf-8")
    assert "biobank-search" in script
    assert "biobank-person" in script
    assert (
        widget_builds.gzipped_size(script)
        == list_builds()[0].gzipped
        <= 8192
        == widget_builds.MAX_WIDGET_BYTES
    )


@pytest.mark.skipif(not build.is_available(), reason="needs Node and `npm ci` in frontend/")
def test_build_reports_size_and_fails_above_the_limit(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["build", "--check"])
    assert build.main() == 0
    assert re.search(r"widget +\d+ of 8192 B", capsys.readouterr().out)
    monkeypatch.setattr(widget_builds, "MAX_WIDGET_BYTES", list_builds()[0].gzipped - 1)
    assert build.main() == 1
    assert "larger than its limit" in capsys.readouterr().err


def test_changed_source_gets_another_build_file() -> None:
    listed = widget_builds.list_builds(BUILDS_DIR, "changed();\n")
    assert listed[0]["file"] not in {listed_build.file for listed_build in list_builds()}


def test_every_listed_build_matches_its_integrity() -> None:
    assert {file.name for file in BUILDS_DIR.glob("*.js")} == {
        listed_build.file for listed_build in list_builds()
    }
    for listed_build in list_builds():
        content = (BUILDS_DIR / listed_build.file).read_bytes()
        digest = sha384(content)
        assert listed_build.integrity == f"sha384-{b64encode(digest.digest()).decode()}"
        assert listed_build.file == f"biobank-{digest.hexdigest()[:16]}.js"
        assert listed_build.bytes == len(content)


def test_unreleased_build_is_replaced_and_released_one_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def write(text: str) -> None:
        widget_builds.remove_unreleased(tmp_path, text)
        for file, content in widget_builds.build_files(tmp_path, text).items():
            file.write_text(content, "utf-8")

    def version(number: str) -> None:
        project = tmp_path / "pyproject.toml"
        project.write_text(f'[project]\nversion = "{number}"\n', "utf-8")
        monkeypatch.setattr(widget_builds, "PYPROJECT", project)

    def there() -> set[str]:
        return {file.read_text("utf-8") for file in tmp_path.glob("*.js")}

    version("1.0.0")
    write("first")
    write("better")
    assert there() == {"better"}
    version("1.1.0")
    write("better")
    assert there() == {"better"}
    write("new")
    write("newer")
    assert there() == {"better", "newer"}
    listed = json.loads((tmp_path / widget_builds.VERSIONS_FILE).read_text("utf-8"))["v1"]
    assert [build["version"] for build in listed] == ["1.1.0", "1.0.0"]
    # Reverted sources produce the older build again.
    version("1.2.0")
    write("better")
    assert there() == {"better", "newer"}


def test_latest_build_is_cached_for_an_hour(client: FlaskClient) -> None:
    response = client.get("/widget/v1.js", headers={"Origin": OTHER_ORIGIN})
    assert response.status_code == 200
    assert response.data == (BUILDS_DIR / list_builds()[0].file).read_bytes()
    assert response.content_type == "text/javascript; charset=utf-8"
    assert response.headers["Cache-Control"] == "public, max-age=3600"
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    repeated = client.get("/widget/v1.js", headers={"If-None-Match": response.headers["ETag"]})
    assert repeated.status_code == 304


def test_pinned_build_is_immutable(client: FlaskClient) -> None:
    for listed_build in client.get("/widget/versions.json").json:
        response = client.get(listed_build["url"].removeprefix("http://localhost"))
        assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert response.headers["Access-Control-Allow-Origin"] == "*"
        digest = b64encode(sha384(response.data).digest()).decode()
        assert listed_build["integrity"] == f"sha384-{digest}"


def test_script_is_compressed(client: FlaskClient) -> None:
    response = client.get("/widget/v1.js", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(response.data) <= 8192


@pytest.mark.parametrize("name", ["biobank-0000000000000000", "versions", "v2", "..%2f..%2fsite"])
def test_unknown_build_is_not_found(client: FlaskClient, name: str) -> None:
    response = client.get(f"/widget/{name}.js")
    assert response.status_code == 404
    assert response.json["code"] == "not_found"


def test_build_list_allows_every_origin(client: FlaskClient) -> None:
    response = client.get("/widget/versions.json", headers={"Origin": OTHER_ORIGIN})
    assert response.headers["Access-Control-Allow-Origin"] == "*"
    assert response.json[0]["newest"] is True
    assert len(response.json) == len(json.loads(BUILDS_MANIFEST.read_text("utf-8"))["v1"])


def test_script_contacts_only_the_bank_and_parses_no_html() -> None:
    text = (BUILDS_DIR / list_builds()[0].file).read_text("utf-8")
    for word in FORBIDDEN:
        assert word not in text, word
    assert 'credentials:"omit"' in text
