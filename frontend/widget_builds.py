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
MOST = 8192
LIST = "versions.json"
#: Hexadecimal digits of the hash in file names.
DIGITS = 16
PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def bundle(style: str, script: str) -> str:
    """Return the module: its style sheet as a constant, then the script."""
    return f"const STYLE = {json.dumps(style.replace(chr(10), ''), ensure_ascii=False)};\n{script}"


def weight(text: str) -> int:
    """Return the gzipped size in bytes at the usual compression level of servers."""
    return len(gzip.compress(text.encode(), 6, mtime=0))


def files(folder: Path, text: str) -> dict[Path, str]:
    """Return the content of `folder`: the build and the list of all builds."""
    listed = json.dumps({"v1": builds(folder, text)}, indent=1) + "\n"
    return {folder / name_of(text): text, folder / LIST: listed}


def forget_unreleased(folder: Path, text: str) -> None:
    """Remove the build that `text` replaces; create the folder if it is missing."""
    folder.mkdir(exist_ok=True)
    kept = {build["file"] for build in builds(folder, text)}
    for file in folder.glob("biobank-*.js"):
        if file.name not in kept:
            file.unlink()


def builds(folder: Path, text: str) -> list[dict[str, Any]]:
    """Return all builds, newest first, with `text` as the newest."""
    file = folder / LIST
    before = json.loads(file.read_text("utf-8"))["v1"] if file.is_file() else []
    if any(build["file"] == name_of(text) for build in before[:1]):
        return before
    version = tomllib.loads(PROJECT.read_text("utf-8"))["project"]["version"]
    this = _build(text, version)
    kept = (old for old in before if old["version"] != version and old["file"] != this["file"])
    return [this, *kept]


def name_of(text: str) -> str:
    return f"biobank-{sha384(text.encode()).hexdigest()[:DIGITS]}.js"


def _build(text: str, version: str) -> dict[str, Any]:
    digest = b64encode(sha384(text.encode()).digest()).decode()
    return {
        "file": name_of(text),
        "integrity": f"sha384-{digest}",
        "version": version,
        "bytes": len(text.encode()),
        "gzipped": weight(text),
    }
