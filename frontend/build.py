"""Build the style sheets and scripts of the pages, and the widget, with esbuild.

    python -m frontend.build            write the built files to biobank/static
    python -m frontend.build --check    exit 1 if they differ from the sources

Needs Node and the packages of `frontend/package-lock.json` (`npm ci`); what is built is committed,
so that neither `make run` nor `make test` needs them.
"""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from frontend import widget_builds

FRONTEND_DIR = Path(__file__).parent
STATIC_DIR = FRONTEND_DIR.parent / "biobank" / "static"
ESBUILD_DIR = FRONTEND_DIR / "node_modules" / "esbuild"
WIDGET_FILE = "widget.js"


def is_available() -> bool:
    """Return whether Node and the packages for the build are installed."""
    return shutil.which("node") is not None and ESBUILD_DIR.is_dir()


def bundle_assets() -> dict[str, str]:
    """Return the bundles by file name."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["node", "build.mjs", folder], cwd=FRONTEND_DIR, check=True)
        return {file.name: file.read_text("utf-8") for file in sorted(Path(folder).iterdir())}


def _is_current(file: Path, text: str) -> bool:
    return file.is_file() and file.read_text("utf-8") == text


def main() -> int:
    bundles = bundle_assets()
    widget = bundles.pop(WIDGET_FILE)
    size = widget_builds.gzipped_size(widget)
    print(f"widget  {size} of {widget_builds.MAX_WIDGET_BYTES} B gzipped")
    if size > widget_builds.MAX_WIDGET_BYTES:
        print("The widget is larger than its limit.", file=sys.stderr)
        return 1
    outputs = {STATIC_DIR / name: text for name, text in bundles.items()}
    outputs |= widget_builds.build_files(STATIC_DIR / "widget", widget)
    if "--check" in sys.argv:
        stale = [file for file, text in outputs.items() if not _is_current(file, text)]
        for file in stale:
            print(f"{file.name} differs from its sources; run: make build", file=sys.stderr)
        return 1 if stale else 0
    widget_builds.remove_unreleased(STATIC_DIR / "widget", widget)
    for file, text in outputs.items():
        file.write_text(text, "utf-8")
        print(f"{file.relative_to(FRONTEND_DIR.parent)}  {len(text.encode()):6} B")
    return 0


if __name__ == "__main__":
    sys.exit(main())
