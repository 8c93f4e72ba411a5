"""How long a look-up takes in a bank of 100,000 people with three names each.

    python benchmarks/names.py DISTRACTORS [VARIANTS]

DISTRACTORS has a name a line; given names and surnames are combined anew, and with `--wide` varied
by a letter, so that the vocabulary is as large as that of real names.  VARIANTS, in the format of
`biobank names evaluate`, are asked beside names of the bank; by default half are of nobody in it.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import time
from pathlib import Path

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


def people(names: list[str], chance: random.Random, wide: bool) -> list[tuple[str, list[str], int]]:
    given = sorted({name.split()[0] for name in names})
    surnames = sorted({name.split()[-1] for name in names})
    if wide:
        given += [varied(word, chance) for word in given for _ in range(10)]
        surnames += [varied(word, chance) for word in surnames for _ in range(30)]
    found = []
    for number in range(PEOPLE):
        words = [chance.choice(given), chance.choice(surnames)]
        if chance.random() < 0.2:
            words.insert(1, chance.choice(given))
        name = " ".join(words)
        spelt = [name, written(name, ENGLISH), written(name, RUSSIAN)]
        found.append((str(number), spelt, chance.randrange(50)))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("distractors", type=Path)
    parser.add_argument("variants", type=Path, nargs="?")
    parser.add_argument("--wide", action="store_true")
    args = parser.parse_args()
    chance = random.Random(7)  # noqa: S311
    bank = people(args.distractors.read_text("utf-8").splitlines(), chance, args.wide)
    asked = [chance.choice(chance.choice(bank)[1]) for _ in range(ASKED // 2)]
    if args.variants:
        records = map(json.loads, args.variants.read_text("utf-8").splitlines())
        spelt = [variant["text"] for record in records for variant in record["variants"]]
        asked += chance.sample(spelt, min(len(spelt), ASKED // 2))
    started = time.perf_counter()
    matcher = Matcher(bank)
    print(f"built in {time.perf_counter() - started:.1f} s, {len(matcher)} people")
    chance.shuffle(asked)
    times = []
    for text in asked:
        started = time.perf_counter()
        matcher.find(text)
        times.append((time.perf_counter() - started) * 1000)
    times.sort()
    middle, high = times[len(times) // 2], times[int(0.95 * len(times))]
    print(f"p50 {middle:.1f} ms, p95 {high:.1f} ms, most {times[-1]:.1f} ms")
    print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
