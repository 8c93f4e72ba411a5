"""Lists of names for evaluation."""

import gzip
import itertools
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent / "data"
_SCRIPTS = ((0x24F, "Latin"), (0x52F, "Cyrillic"), (0x77F, "Arabic"))


def read_lines(path: Path) -> list[str]:
    """Return the non-empty lines of a file."""
    return [line for line in path.read_text("utf-8").splitlines() if line.strip()]


def canonical_names(people: Iterable[str]) -> list[str]:
    """Return the preferred Azerbaijani names of people given as JSON."""
    return [json.loads(line)["canonical_az"] for line in people]


def sample_spellings(people: Iterable[str], step: int, *, other_scripts: bool = False) -> Iterator[str]:
    """Yield all people as JSON, with every `step`-th of the spellings of all, not Latin ones if said so.

    The English name is kept unless the people have a canonical one.
    """
    numbers = itertools.count()
    for person in map(json.loads, people):
        key, indexed_lang = ("variants", "") if "variants" in person else ("names", "en")
        spellings = [
            spelling
            for spelling in person[key]
            if spelling["lang"] == indexed_lang
            or (not (other_scripts and spelling["script"] == "Latin") and next(numbers) % step == 0)
        ]
        yield json.dumps({**person, key: spellings})


def politicians(path: Path, every: int) -> Iterator[str]:
    """Yield every n-th politician with an English and a Cyrillic or Arabic label, as JSON."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        people = [person for person in map(json.loads, file) if person["nscripts"] > 1]
    for person in people[::every]:
        labels = person["labels"]
        names = [_label(lang, labels[lang]) for lang in ("en", "ru", "uk", "fa", "ar")
                 if lang in labels]  # fmt: skip
        if "en" in labels and len(names) > 1:
            yield json.dumps({"id": person["id"], "names": names})


def _label(lang: str, text: str) -> dict[str, Any]:
    first = max(ord(text[0]), ord(text[-1]))
    script = next((name for end, name in _SCRIPTS if first <= end), "other")
    return {"lang": lang, "script": script, "text": text}
