"""The builds of the script: which there are, and what is in them.

They are files of the house (`static/widget`), listed in `versions.json` newest first; how they come
there and why none that was released ever goes is told in `frontend/widget_builds.py`.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parent / "static" / "widget"
LIST: Final = FOLDER / "versions.json"
NEWEST: Final = "v1"


@dataclass(frozen=True)
class Build:
    """`integrity` is what a `script` element says of the file; sizes are in bytes."""

    file: str
    integrity: str
    version: str
    bytes: int
    gzipped: int


@lru_cache(maxsize=1)
def builds() -> tuple[Build, ...]:
    """All of them, newest first."""
    return tuple(Build(**build) for build in json.loads(LIST.read_text("utf-8"))[NEWEST])


def build_called(name: str) -> Build | None:
    """The build of this name, `v1` being the newest."""
    if name == NEWEST:
        return builds()[0]
    return next((build for build in builds() if build.file == f"{name}.js"), None)


@lru_cache(maxsize=16)
def text_of(build: Build) -> bytes:
    return (FOLDER / build.file).read_bytes()
