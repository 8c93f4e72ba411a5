"""Built assets match their sources, colours have contrast, the home page is small."""

import gzip
import re
import subprocess
import sys
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from frontend import build

ROOT = Path(__file__).parents[3]
STATIC = ROOT / "biobank" / "static"
CSS = (ROOT / "frontend" / "src" / "site" / "base.css").read_text("utf-8")

#: Text and background colours with their WCAG 2.2 minimum: 7 for text (AAA), 4.5 for large text.
TEXT = [
    (text, ground) for text in ("ink", "soft", "madder", "indigo") for ground in ("ground", "paper", "sunk")
]
PAIRS = [
    *((text, ground, 7.0) for text, ground in TEXT),
    ("on-madder", "madder", 7.0),
    ("paper", "indigo", 7.0),
    ("indigo", "indigo-soft", 7.0),
    ("ink", "mark", 7.0),
    ("saffron", "ground", 4.5),
    ("bar", "ground", 3.0),
    ("edge", "ground", 3.0),
    *((text, ground, 7.0) for text in ("ink", "indigo") for ground in ("land", "sea")),
    ("edge", "land", 3.0),
    ("madder", "sea", 4.5),
]


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(
            "frontend.build",
            marks=pytest.mark.skipif(not build.is_available(), reason="needs Node and `npm ci` in frontend/"),
        ),
        "frontend.messages",
    ],
)
def test_committed_assets_match_their_sources(script: str) -> None:
    command = [sys.executable, "-W", "ignore", "-m", script, "--check"]
    process = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert process.returncode == 0, process.stderr


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground", "minimum"), PAIRS)
def test_colour_contrast(scheme: str, text: str, ground: str, minimum: float) -> None:
    colours = _colours()[scheme]
    assert _contrast(colours[text], colours[ground]) >= minimum


def test_there_are_five_font_sizes() -> None:
    sheets = (
        (STATIC / file).read_text("utf-8")
        for file in (
            "site.css",
            "map.css",
            "media.css",
            "help.css",
            "advanced.css",
            "export.css",
            "data.css",
            "account.css",
            "public.css",
            "share.css",
            "day.css",
            "history.css",
            "desk.css",
            "embed.css",
        )
    )
    css = " ".join(sheet.partition("@media print")[0] for sheet in sheets)
    sizes = set(re.findall(r"font-size:\s*([^;}]+)", css))
    assert {size for size in sizes if not size.startswith("var(--s")} <= {".72em"}


@pytest.mark.parametrize("lang", ["az", "en", "ru"])
def test_the_first_page_is_under_60_kb(
    client: FlaskClient, lang: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Check every day of a year, since the home page shows the people of the day."""
    pages = []
    for day in range(0, 366, 9):
        day_of_year = date(2028, 1, 1) + timedelta(days=day)
        monkeypatch.setattr(
            import_module("biobank.web.browse.pages"),
            "today_in_baku",
            lambda day_of_year=day_of_year: day_of_year,
        )
        pages.append(client.get(f"/{lang}/").data)
    html = max(pages, key=lambda page: len(gzip.compress(page)))
    cyrillic = {"serif-cyrillic", "sans-cyrillic", "sans-latin"}
    fonts = cyrillic if lang == "ru" else {"serif-latin", "sans-latin"}
    weight = sum((STATIC / "fonts" / f"{font}.woff2").stat().st_size for font in fonts)
    for text in (html, *((STATIC / file).read_bytes() for file in ("site.css", "site.js"))):
        weight += len(gzip.compress(text))
    assert weight < 60_000


def test_fonts_cover_all_letters_of_the_three_languages() -> None:
    ttlib = pytest.importorskip("fontTools.ttLib")
    for family in ("sans", "serif", "serif-italic"):
        code_points: set[int] = set()
        for part in ("latin", "cyrillic", "extended"):
            with ttlib.TTFont(STATIC / "fonts" / f"{family}-{part}.woff2") as font:
                code_points |= set(font.getBestCmap())
        needed = "AaƏəĞğIıİiŞşÇçÖöÜüЁёЯяЫы«»“”‘’–—…№0123456789éÉñßłőžāḥ"
        assert not [character for character in needed if ord(character) not in code_points], family


def _colours() -> dict[str, dict[str, str]]:
    light, _, dark = CSS.partition("prefers-color-scheme: dark")
    pattern = re.compile(r"--([a-z-]+): (#[0-9a-f]{6})")
    first = dict(pattern.findall(light))
    return {"light": first, "dark": {**first, **dict(pattern.findall(dark))}}


def _contrast(first: str, second: str) -> float:
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
