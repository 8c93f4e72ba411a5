"""The released builds of the widget script.

They are static files (`static/widget`), listed in `versions.json` newest first. How they are built
and why released ones are never removed is documented in `frontend/widget_builds.py`.
"""

import json
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

BUILDS_DIR: Final = Path(__file__).parents[1] / "static" / "widget"
BUILDS_MANIFEST: Final = BUILDS_DIR / "versions.json"
LATEST_VERSION: Final = "v1"


@dataclass(frozen=True)
class WidgetBuild:
    """A build of the widget script. `integrity` is its SRI hash; sizes are in bytes."""

    file: str
    integrity: str
    version: str
    bytes: int
    gzipped: int


@lru_cache(maxsize=1)
def list_builds() -> tuple[WidgetBuild, ...]:
    """Return all builds, newest first."""
    return tuple(
        WidgetBuild(**build) for build in json.loads(BUILDS_MANIFEST.read_text("utf-8"))[LATEST_VERSION]
    )


def get_build(name: str) -> WidgetBuild | None:
    """Return the build of a name; `v1` is the newest."""
    if name == LATEST_VERSION:
        return list_builds()[0]
    return next((build for build in list_builds() if build.file == f"{name}.js"), None)


@lru_cache(maxsize=16)
def read_build(build: WidgetBuild) -> bytes:
    return (BUILDS_DIR / build.file).read_bytes()
