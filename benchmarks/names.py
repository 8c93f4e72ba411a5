"""Measure name look-ups in a bank of 100,000 people with three names each.

    python -m benchmarks.names [--wide]

Given names and surnames of a list are recombined, and with `--wide` varied by a letter, so that the
vocabulary is as large as that of real names. Half of the queries are names of the bank, half are
spellings of people who are not in it.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from pathlib import Path

from benchmarks import memory, shared_data
from biobank.names.matcher import Matcher

PEOPLE = 100_000
ASKED = 600
LETTERS = "aəeioumnrlsdbkt"
ENGLISH = {
    "ə": "a",
    "ş": "sh",
    "ç": "ch",
    "ğ": "gh",
    "ı": "i",
    "ö": "o",
    "ü": "u",
    "x": "kh",
    "q": "g",
    "c": "j",
}
RUSSIAN = {
    **dict(zip("abçdeəfgğhxıijk", "абчдеафгггхыижк", strict=True)),
    **dict(zip("qlmnoöprsştuüvyz", "глмноопрсштуувйз", strict=True)),
    "c": "дж",
}


def written(name: str, letters: dict[str, str]) -> str:
    lowered = name.replace("İ", "i").replace("I", "ı").lower()
    return "".join(letters.get(letter, letter) for letter in lowered).title()


def varied(word: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(word))
    return word[:at] + chance.choice(LETTERS) + word[at + chance.choice((0, 1)) :]


def people(
    names: list[str], count: int, chance: random.Random, wide: bool
) -> list[tuple[str, list[str], int]]:
    given = sorted({name.split()[0] for name in names})
    surnames = sorted({name.split()[-1] for name in names})
    if wide:
        given += [varied(word, chance) for word in given for _ in range(10)]
        surnames += [varied(word, chance) for word in surnames for _ in range(30)]
    found = []
    for number in range(count):
        words = [chance.choice(given), chance.choice(surnames)]
        if chance.random() < 0.2:
            words.insert(1, chance.choice(given))
        name = " ".join(words)
        spelt = [name, written(name, ENGLISH), written(name, RUSSIAN)]
        found.append((str(number), spelt, chance.randrange(50)))
    return found


def questions(
    bank: list[tuple[str, list[str], int]], variants: Path, chance: random.Random
) -> list[str]:
    """Return names of the bank and spellings of others, shuffled."""
    records = map(json.loads, shared_data.lines(variants))
    spelt = [variant["text"] for record in records for variant in record["variants"]]
    asked = [chance.choice(chance.choice(bank)[1]) for _ in range(ASKED // 2)]
    asked += chance.sample(spelt, min(len(spelt), ASKED // 2))
    chance.shuffle(asked)
    return asked


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--wide", action="store_true", help="vary the names by a letter")
    shared_data.add_argument(parser)
    arguments = parser.parse_args()
    data = shared_data.folder(arguments, parser)
    chance = random.Random(7)  # noqa: S311 - no secret hangs on it
    names = shared_data.lines(data / shared_data.DISTRACTORS)
    bank = people(names, arguments.people, chance, arguments.wide)
    asked = questions(bank, data / shared_data.VARIANTS, chance)
    before = memory.held()
    started = time.perf_counter()
    matcher = Matcher(bank)
    built = time.perf_counter() - started
    print(f"{len(matcher)} people, three names each, {_words(bank)} different words")
    print(f"build     {built:8.1f} s")
    times = sorted(_time(matcher, text) for text in asked)
    print(f"look-up   {_share(times, 0.5):8.1f} ms p50   {_share(times, 0.95):.1f} ms p95   "
          f"{times[-1]:.1f} ms at most")  # fmt: skip
    print(f"memory    {memory.held() - before:8.0f} MB more than the list of people   "
          f"{memory.most():.0f} MB the process at most")  # fmt: skip


def _words(bank: list[tuple[str, list[str], int]]) -> int:
    return len({word for _, names, _ in bank for name in names for word in name.split()})


def _time(matcher: Matcher, text: str) -> float:
    """Return the duration of a look-up in milliseconds."""
    started = time.perf_counter()
    matcher.find(text)
    return (time.perf_counter() - started) * 1000


def _share(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


if __name__ == "__main__":
    main()
