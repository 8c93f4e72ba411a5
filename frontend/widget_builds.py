"""Builds of the embeddable script: one small file, with every release preserved.

A site may reference a build by its hash and pin its integrity, so its URL is permanent.
`versions.json` lists all builds, newest first, with the version of the bank. The build of an
unreleased version is replaced until the version number changes.
"""

import gzip
import json
import tomllib
from base64 import b64encode
from hashlib import sha384
from pathlib import Path
from typing import Any

#: Maximum gzipped size of the widget in bytes; documented for embedding sites.
MAX_WIDGET_BYTES = 8192
VERSIONS_FILE = "versions.json"
#: Hexadecimal digits of the hash in file names.
HASH_DIGITS = 16
PYPROJECT = Path(__file__).parents[1] / "pyproject.toml"


def gzipped_size(text: str) -> int:
    """Return the gzipped size in bytes at the usual compression level of servers."""
    return len(gzip.compress(text.encode(), 6, mtime=0))


def build_files(folder: Path, text: str) -> dict[Path, str]:
    """Return the content of `folder`: the build and the list of all builds."""
    listed = json.dumps({"v1": list_builds(folder, text)}, indent=1) + "\n"
    return {folder / build_filename(text): text, folder / VERSIONS_FILE: listed}


def remove_unreleased(folder: Path, text: str) -> None:
    """Remove the build that `text` replaces; create the folder if it is missing."""
    folder.mkdir(exist_ok=True)
    kept_files = {build["file"] for build in list_builds(folder, text)}
    for file in folder.glob("biobank-*.js"):
        if file.name not in kept_files:
            file.unlink()


def list_builds(folder: Path, text: str) -> list[dict[str, Any]]:
    """Return all builds, newest first, with `text` as the newest."""
    file = folder / VERSIONS_FILE
    previous = json.loads(file.read_text("utf-8"))["v1"] if file.is_file() else []
    if any(build["file"] == build_filename(text) for build in previous[:1]):
        return previous
    version = tomllib.loads(PYPROJECT.read_text("utf-8"))["project"]["version"]
    new_build = _build_entry(text, version)
    released = (old for old in previous if old["version"] != version and old["file"] != new_build["file"])
    return [new_build, *released]


def build_filename(text: str) -> str:
    return f"biobank-{sha384(text.encode()).hexdigest()[:HASH_DIGITS]}.js"


def _build_entry(text: str, version: str) -> dict[str, Any]:
    digest = b64encode(sha384(text.encode()).digest()).decode()
    return {
        "file": build_filename(text),
        "integrity": f"sha384-{digest}",
        "version": version,
        "bytes": len(text.encode()),
        "gzipped": gzipped_size(text),
    }
