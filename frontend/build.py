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

HERE = Path(__file__).parent
STATIC = HERE.parent / "biobank" / "static"


def style_sheet(folder: Path) -> str:
    text = "\n".join(part.read_text("utf-8") for part in sorted(folder.glob("*.css")))
    text = re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)
    text = re.sub(r'url\("(fonts/[^"?]+)"\)', _versioned, text)
    lines = (line.strip() for line in text.splitlines())
    text = "\n".join(line for line in lines if line)
    # Whitespace around braces and after semicolons is not significant; no string contains them.
    text = re.sub(r"\s*([{};])\s*", r"\1", text)
    return text.replace(";}", "}").replace("}", "}\n")


def script(*folders: Path) -> str:
    files = [file for folder in folders for file in sorted(folder.glob("*.js"))]
    parts = [file.read_text("utf-8") for file in files]
    lines = (line.strip() for line in "\n".join(parts).splitlines())
    return "\n".join(line for line in lines if line and not line.startswith(("//", "/**"))) + "\n"


def _versioned(found: re.Match[str]) -> str:
    """Append the hash of a font's content to its URL, as `static_url` does in pages."""
    content = (STATIC / found[1]).read_bytes()
    return f'url("{found[1]}?v={sha256(content).hexdigest()[:10]}")'


def _is(file: Path, text: str) -> bool:
    return file.is_file() and file.read_text("utf-8") == text


def sheets_and_scripts() -> dict[Path, str]:
    """Return the built assets by output file."""
    return {
        STATIC / "site.css": style_sheet(HERE / "css"),
        STATIC / "site.js": script(HERE / "shared", HERE / "js"),
        # Only for the page with a map.
        STATIC / "map.css": style_sheet(HERE / "map"),
        STATIC / "map.js": script(HERE / "map"),
        # Pages of publication dates and changes.
        STATIC / "history.css": style_sheet(HERE / "history"),
        # Citation pages.
        STATIC / "citing.css": style_sheet(HERE / "citing"),
        STATIC / "help.css": style_sheet(HERE / "help"),
        # Search results and their printed list; not the home page.
        STATIC / "takeaway.css": style_sheet(HERE / "takeaway"),
        # Advanced search.
        STATIC / "advanced.css": style_sheet(HERE / "advanced"),
        # The page about access for programs.
        STATIC / "data.css": style_sheet(HERE / "data"),
        # People with portraits, pictures or recordings.
        STATIC / "media.css": style_sheet(HERE / "media"),
        # Pages of signed-in users.
        STATIC / "account.css": style_sheet(HERE / "account"),
        # Pages that can be shared, and the page of a day of the year.
        STATIC / "share.css": style_sheet(HERE / "share"),
        STATIC / "share.js": script(HERE / "share"),
        STATIC / "day.css": style_sheet(HERE / "day"),
        # Public forms.
        STATIC / "public.css": style_sheet(HERE / "public"),
        # Previews that other sites show in a frame.
        STATIC / "preview.css": style_sheet(HERE / "preview"),
        # Frames on other sites, and the page that configures them.
        STATIC / "frame.css": style_sheet(HERE / "frame"),
        STATIC / "embed.css": style_sheet(HERE / "embed"),
        STATIC / "embed.js": script(HERE / "shared", HERE / "embed"),
        STATIC / "desk.css": style_sheet(HERE / "desk"),
        STATIC / "desk.js": script(HERE / "shared", HERE / "desk"),
    }


def main() -> int:
    made = sheets_and_scripts()
    bundle = widget_builds.bundle(style_sheet(HERE / "widget"), script(HERE / "widget"))
    made |= widget_builds.files(STATIC / "widget", bundle)
    size = widget_builds.weight(bundle)
    print(f"widget  {size} of {widget_builds.MOST} B gzipped")
    if size > widget_builds.MOST:
        print("The widget is too heavy for the pages of others.", file=sys.stderr)
        return 1
    if "--check" in sys.argv:
        old = [file for file, text in made.items() if not _is(file, text)]
        for file in old:
            print(f"{file.name} is not what frontend/ makes; run: make build", file=sys.stderr)
        return 1 if old else 0
    widget_builds.forget_unreleased(STATIC / "widget", bundle)
    for file, text in made.items():
        file.write_text(text, "utf-8")
        print(f"{file.relative_to(HERE.parent)}  {len(text.encode()):6} B")
    return 0


if __name__ == "__main__":
    sys.exit(main())
