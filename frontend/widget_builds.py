"""The script that other sites embed: one file, light, and every release of it kept.

A site may name a build by its hash and pin it with its integrity. So a build stays at its address:
`versions.json` lists all of them, newest first, each with the version of the bank it came with. The
build of a version that is being worked on is replaced until the version is raised.
"""

import gzip
import json
import tomllib
from base64 import b64encode
from hashlib import sha384
from pathlib import Path
from typing import Any

#: Bytes, gzipped, of both elements with their style and words: promised to those who embed.
MOST = 8192
LIST = "versions.json"
#: Hexadecimal digits of the hash in the name of a file.
DIGITS = 16
PROJECT = Path(__file__).parents[1] / "pyproject.toml"


def bundle(style: str, script: str) -> str:
    """The module: its style sheet as a text, then the script."""
    return f"const STYLE = {json.dumps(style.replace(chr(10), ''), ensure_ascii=False)};\n{script}"


def weight(text: str) -> int:
    """Bytes over the net, at the level that servers usually compress with."""
    return len(gzip.compress(text.encode(), 6, mtime=0))


def files(folder: Path, text: str) -> dict[Path, str]:
    """What is to stand in `folder`: the build, and the list of all."""
    listed = json.dumps({"v1": builds(folder, text)}, indent=1) + "\n"
    return {folder / name_of(text): text, folder / LIST: listed}


def forget_unreleased(folder: Path, text: str) -> None:
    """Removes the build that `text` replaces; makes the folder where there is none."""
    folder.mkdir(exist_ok=True)
    kept = {build["file"] for build in builds(folder, text)}
    for file in folder.glob("biobank-*.js"):
        if file.name not in kept:
            file.unlink()


def builds(folder: Path, text: str) -> list[dict[str, Any]]:
    """Every build, newest first, `text` being the newest."""
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
