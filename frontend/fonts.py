"""Build the font subsets in biobank/static/fonts from the complete variable fonts.

Run rarely, by hand; the results are committed, so that nothing else needs npm:

    npm pack inter-ui@4.1.1 source-serif@4.5.1      # and unpack each into FOLDER/<name>
    python frontend/fonts.py FOLDER                 # needs fonttools and brotli

Both fonts are under the SIL Open Font License 1.1. Subsets are modified versions, and the name
"Source" is reserved, so the results are called Biobank Sans and Biobank Serif.
"""

import sys
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

BIOBANK_DIR = Path(__file__).parent.parent / "biobank"
WEB_FONTS_DIR = BIOBANK_DIR / "static" / "fonts"
#: Complete fonts in a format that every FreeType reads, for images of social networks.
RASTER_FONTS_DIR = BIOBANK_DIR / "web" / "sharing" / "fonts"

ASCII_CHARS = "".join(map(chr, range(0x20, 0x7F)))
PUNCTUATION_CHARS = "\u00a0–—‘’“”„«»…·•×−→←↑↓№©›‹≥≤"
#: Characters of pages in Azerbaijani and English.
LATIN_CHARS = ASCII_CHARS + PUNCTUATION_CHARS + "ƏəĞğİıŞşÇçÖöÜüÉéÂâ"
CYRILLIC_CHARS = "".join(map(chr, range(0x410, 0x450))) + "Ёё"
#: Includes spaces and punctuation, so that a Russian line in the serif needs one file. The sans
#: does not need this, as every page loads its Latin file anyway.
CYRILLIC_LINE_CHARS = CYRILLIC_CHARS + "".join(c for c in ASCII_CHARS if not c.isalpha()) + PUNCTUATION_CHARS
#: European names, romanised Arabic and Persian, and Azerbaijani in Cyrillic.
EXTENDED_CHARS = "".join(
    chr(code)
    for first, last in (
        (0xA1, 0x17F),
        (0x1CD, 0x1DC),
        (0x218, 0x21B),
        (0x2B9, 0x2BF),
        (0x1E00, 0x1EFF),
        (0x400, 0x40F),
        (0x450, 0x45F),
        (0x490, 0x4FF),
    )
    for code in range(first, last + 1)
    if chr(code) not in LATIN_CHARS + CYRILLIC_CHARS
)
SANS_SETS = {"latin": LATIN_CHARS, "cyrillic": CYRILLIC_CHARS, "extended": EXTENDED_CHARS}
SERIF_SETS = {**SANS_SETS, "cyrillic": CYRILLIC_LINE_CHARS}
FEATURES = ["kern", "ccmp", "locl", "mark", "tnum"]

INTER_FILE = "inter-ui/variable/InterVariable.woff2"
SERIF_FILE = "source-serif/VAR/SourceSerif4Variable-Roman.ttf"
SERIF_ITALIC_FILE = "source-serif/VAR/SourceSerif4Variable-Italic.ttf"
#: File, source, remaining axes, family name, character sets.
FONTS = (
    ("sans", INTER_FILE, {"wght": (400, 600), "opsz": 14}, "Biobank Sans", SANS_SETS),
    ("serif", SERIF_FILE, {"wght": 400, "opsz": 16}, "Biobank Serif", SERIF_SETS),
    ("serif-italic", SERIF_ITALIC_FILE, {"wght": 400, "opsz": 16}, "Biobank Serif", SERIF_SETS),
)
#: Fonts of one weight at the optical size of the images.
RASTER_FONTS = (
    ("sans", INTER_FILE, {"wght": 450, "opsz": 28}, "Biobank Sans Drawn"),
    ("serif", SERIF_FILE, {"wght": 400, "opsz": 44}, "Biobank Serif Drawn"),
    ("serif-text", SERIF_FILE, {"wght": 400, "opsz": 22}, "Biobank Serif Text Drawn"),
)


def make_subset(source: Path, limits: dict, characters: str, family: str, out: Path) -> int:
    options = subset.Options()
    options.layout_features = FEATURES
    options.hinting = False
    options.name_IDs = [0, 1, 2, 3, 4, 6, 13, 14]
    options.notdef_outline = True
    font = TTFont(source)
    subsetter = subset.Subsetter(options)
    subsetter.populate(text=characters)
    subsetter.subset(font)
    with tempfile.NamedTemporaryFile(suffix=".ttf") as temp_file:
        font.flavor = None
        font.save(temp_file.name)
        font = instancer.instantiateVariableFont(TTFont(temp_file.name), limits)
    for record in font["name"].names:
        if record.nameID in (1, 3, 4, 6):
            text = family.replace(" ", "") if record.nameID == 6 else family
            font["name"].setName(text, record.nameID, record.platformID, record.platEncID, 0x409)
    font["head"].modified = font["head"].created
    font.recalcTimestamp = False
    font.flavor = "woff2" if out.suffix == ".woff2" else None
    font.save(out)
    return out.stat().st_size


def main() -> None:
    folder = Path(sys.argv[1])
    WEB_FONTS_DIR.mkdir(parents=True, exist_ok=True)
    for name, source, limits, family, sets in FONTS:
        for subset_name, text in sets.items():
            out = WEB_FONTS_DIR / f"{name}-{subset_name}.woff2"
            print(f"{out.name:32} {make_subset(folder / source, limits, text, family, out):7} B")
    RASTER_FONTS_DIR.mkdir(parents=True, exist_ok=True)
    for name, source, limits, family in RASTER_FONTS:
        out = RASTER_FONTS_DIR / f"{name}.ttf"
        text = LATIN_CHARS + CYRILLIC_CHARS + EXTENDED_CHARS
        print(f"{out.name:32} {make_subset(folder / source, limits, text, family, out):7} B")


if __name__ == "__main__":
    main()
