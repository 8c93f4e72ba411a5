"""Build the style sheets and scripts of the pages from their parts; needs no Node.

    python -m frontend.build            write the style sheets and scripts to biobank/static
    python -m frontend.build --check    exit 1 if they differ from the parts

The parts are concatenated; only comments and indentation are removed, so that the result stays
readable.
"""

import re
import sys
from hashlib import sha256
from pathlib import Path

from frontend import widget_builds

FRONTEND_DIR = Path(__file__).parent
STATIC_DIR = FRONTEND_DIR.parent / "biobank" / "static"


def build_stylesheet(folder: Path) -> str:
    text = "\n".join(part.read_text("utf-8") for part in sorted(folder.glob("*.css")))
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r'url\("(fonts/[^"?]+)"\)', _add_font_version, text)
    lines = (line.strip() for line in text.splitlines())
    text = "\n".join(line for line in lines if line)
    # Whitespace around braces and after semicolons is not significant; no string contains them.
    text = re.sub(r"\s*([{};])\s*", r"\1", text)
    return text.replace(";}", "}").replace("}", "}\n")


def build_script(*folders: Path) -> str:
    files = [file for folder in folders for file in sorted(folder.glob("*.js"))]
    parts = [file.read_text("utf-8") for file in files]
    lines = (line.strip() for line in "\n".join(parts).splitlines())
    return "\n".join(line for line in lines if line and not line.startswith(("//", "/**"))) + "\n"


def _add_font_version(match: re.Match[str]) -> str:
    """Append the hash of a font's content to its URL, as `static_url` does in pages."""
    content = (STATIC_DIR / match[1]).read_bytes()
    return f'url("{match[1]}?v={sha256(content).hexdigest()[:10]}")'


def _is_current(file: Path, text: str) -> bool:
    return file.is_file() and file.read_text("utf-8") == text


def build_assets() -> dict[Path, str]:
    """Return the built assets by output file."""
    return {
        STATIC_DIR / "site.css": build_stylesheet(FRONTEND_DIR / "css"),
        STATIC_DIR / "site.js": build_script(FRONTEND_DIR / "shared", FRONTEND_DIR / "js"),
        # Only for the page with a map.
        STATIC_DIR / "map.css": build_stylesheet(FRONTEND_DIR / "map"),
        STATIC_DIR / "map.js": build_script(FRONTEND_DIR / "map"),
        # Pages of publication dates and changes.
        STATIC_DIR / "history.css": build_stylesheet(FRONTEND_DIR / "history"),
        # Citation pages.
        STATIC_DIR / "citing.css": build_stylesheet(FRONTEND_DIR / "citing"),
        STATIC_DIR / "help.css": build_stylesheet(FRONTEND_DIR / "help"),
        # Search results and their printed list; not the home page.
        STATIC_DIR / "takeaway.css": build_stylesheet(FRONTEND_DIR / "takeaway"),
        # Advanced search.
        STATIC_DIR / "advanced.css": build_stylesheet(FRONTEND_DIR / "advanced"),
        # The page about access for programs.
        STATIC_DIR / "data.css": build_stylesheet(FRONTEND_DIR / "data"),
        # People with portraits, pictures or recordings.
        STATIC_DIR / "media.css": build_stylesheet(FRONTEND_DIR / "media"),
        # Pages of signed-in users.
        STATIC_DIR / "account.css": build_stylesheet(FRONTEND_DIR / "account"),
        # Pages that can be shared, and the page of a day of the year.
        STATIC_DIR / "share.css": build_stylesheet(FRONTEND_DIR / "share"),
        STATIC_DIR / "share.js": build_script(FRONTEND_DIR / "share"),
        STATIC_DIR / "day.css": build_stylesheet(FRONTEND_DIR / "day"),
        # Public forms.
        STATIC_DIR / "public.css": build_stylesheet(FRONTEND_DIR / "public"),
        # Previews that other sites show in a frame.
        STATIC_DIR / "preview.css": build_stylesheet(FRONTEND_DIR / "preview"),
        # Frames on other sites, and the page that configures them.
        STATIC_DIR / "frame.css": build_stylesheet(FRONTEND_DIR / "frame"),
        STATIC_DIR / "embed.css": build_stylesheet(FRONTEND_DIR / "embed"),
        STATIC_DIR / "embed.js": build_script(FRONTEND_DIR / "shared", FRONTEND_DIR / "embed"),
        STATIC_DIR / "desk.css": build_stylesheet(FRONTEND_DIR / "desk"),
        STATIC_DIR / "desk.js": build_script(FRONTEND_DIR / "shared", FRONTEND_DIR / "desk"),
    }


def main() -> int:
    outputs = build_assets()
    bundle = widget_builds.bundle(build_stylesheet(FRONTEND_DIR / "widget"), build_script(FRONTEND_DIR / "widget"))
    outputs |= widget_builds.build_files(STATIC_DIR / "widget", bundle)
    size = widget_builds.gzipped_size(bundle)
    print(f"widget  {size} of {widget_builds.MAX_WIDGET_BYTES} B gzipped")
    if size > widget_builds.MAX_WIDGET_BYTES:
        print("The widget is too heavy for the pages of others.", file=sys.stderr)
        return 1
    if "--check" in sys.argv:
        stale = [file for file, text in outputs.items() if not _is_current(file, text)]
        for file in stale:
            print(f"{file.name} is not what frontend/ makes; run: make build", file=sys.stderr)
        return 1 if stale else 0
    widget_builds.remove_unreleased(STATIC_DIR / "widget", bundle)
    for file, text in outputs.items():
        file.write_text(text, "utf-8")
        print(f"{file.relative_to(FRONTEND_DIR.parent)}  {len(text.encode()):6} B")
    return 0


if __name__ == "__main__":
    sys.exit(main())
