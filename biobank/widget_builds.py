"""The released builds of the widget script.

They are static files (`static/widget`), listed in `versions.json` newest first. How they are built
and why released ones are never removed is documented in `frontend/widget_builds.py`.
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
    """A build of the widget script. `integrity` is its SRI hash; sizes are in bytes."""

    file: str
    integrity: str
    version: str
    bytes: int
    gzipped: int


@lru_cache(maxsize=1)
def builds() -> tuple[Build, ...]:
    """Return all builds, newest first."""
    return tuple(Build(**build) for build in json.loads(LIST.read_text("utf-8"))[NEWEST])


def build_called(name: str) -> Build | None:
    """Return the build of a name; `v1` is the newest."""
    if name == NEWEST:
        return builds()[0]
    return next((build for build in builds() if build.file == f"{name}.js"), None)


@lru_cache(maxsize=16)
def text_of(build: Build) -> bytes:
    return (FOLDER / build.file).read_bytes()
