"""The name lists in `../shared/data`, which are not part of this repository."""

import argparse
import sys
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "shared" / "data"
DISTRACTORS = "names_distractors.txt"
VARIANTS = "name_variants_dev.jsonl"
AZERBAIJANIS = "names_azerbaijanis_dev.jsonl"
WORLD = "names_world_dev.jsonl"


def add_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", type=Path, help=f"folder of the lists (default: {FOLDER})")


def folder(arguments: argparse.Namespace, parser: argparse.ArgumentParser) -> Path:
    """Return the folder of the lists.

    Exits the program if it is missing: with success, or with an error if it was named explicitly.
    """
    chosen: Path | None = arguments.data
    if chosen and not chosen.is_dir():
        parser.error(f"there is no folder {chosen}")
    path = chosen or FOLDER
    if not path.is_dir():
        print(f"Left out: the lists of names are not in {path}; say where with --data.")
        sys.exit(0)
    return path


def lines(file: Path) -> list[str]:
    return [line for line in file.read_text("utf-8").splitlines() if line.strip()]
