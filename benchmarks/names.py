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
from biobank.names.matcher import NameMatcher

DEFAULT_PEOPLE = 100_000
QUESTION_COUNT = 600
INSERTED_LETTERS = "aəeioumnrlsdbkt"
ENGLISH_LETTERS = {
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
RUSSIAN_LETTERS = {
    **dict(zip("abçdeəfgğhxıijk", "абчдеафгггхыижк", strict=True)),
    **dict(zip("qlmnoöprsştuüvyz", "глмноопрсштуувйз", strict=True)),
    "c": "дж",
}


def transliterate(name: str, table: dict[str, str]) -> str:
    lowered = name.replace("İ", "i").replace("I", "ı").lower()
    return "".join(table.get(letter, letter) for letter in lowered).title()


def vary_word(word: str, rng: random.Random) -> str:
    index = rng.randrange(1, len(word))
    return word[:index] + rng.choice(INSERTED_LETTERS) + word[index + rng.choice((0, 1)) :]


def generate_people(
    names: list[str], count: int, rng: random.Random, wide: bool
) -> list[tuple[str, list[str], int]]:
    given_names = sorted({name.split()[0] for name in names})
    surnames = sorted({name.split()[-1] for name in names})
    if wide:
        given_names += [vary_word(word, rng) for word in given_names for _ in range(10)]
        surnames += [vary_word(word, rng) for word in surnames for _ in range(30)]
    entries = []
    for number in range(count):
        words = [rng.choice(given_names), rng.choice(surnames)]
        if rng.random() < 0.2:
            words.insert(1, rng.choice(given_names))
        name = " ".join(words)
        spellings = [name, transliterate(name, ENGLISH_LETTERS), transliterate(name, RUSSIAN_LETTERS)]
        entries.append((str(number), spellings, rng.randrange(50)))
    return entries


def questions(bank: list[tuple[str, list[str], int]], variants: Path, rng: random.Random) -> list[str]:
    """Return names of the bank and spellings of others, shuffled."""
    records = map(json.loads, shared_data.lines(variants))
    spellings = [variant["text"] for record in records for variant in record["variants"]]
    queries = [rng.choice(rng.choice(bank)[1]) for _ in range(QUESTION_COUNT // 2)]
    queries += rng.sample(spellings, min(len(spellings), QUESTION_COUNT // 2))
    rng.shuffle(queries)
    return queries


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--people", type=int, default=DEFAULT_PEOPLE)
    parser.add_argument("--wide", action="store_true", help="vary the names by a letter")
    shared_data.add_argument(parser)
    arguments = parser.parse_args()
    data = shared_data.folder(arguments, parser)
    rng = random.Random(7)  # noqa: S311 - no secret hangs on it
    names = shared_data.lines(data / shared_data.DISTRACTORS)
    bank = generate_people(names, arguments.people, rng, arguments.wide)
    queries = questions(bank, data / shared_data.VARIANTS, rng)
    memory_before = memory.resident_mb()
    started = time.perf_counter()
    matcher = NameMatcher(bank)
    build_seconds = time.perf_counter() - started
    print(f"{len(matcher)} people, three names each, {_count_words(bank)} different words")
    print(f"build     {build_seconds:8.1f} s")
    times = sorted(_lookup_ms(matcher, text) for text in queries)
    print(f"look-up   {_percentile(times, 0.5):8.1f} ms p50   {_percentile(times, 0.95):.1f} ms p95   "
          f"{times[-1]:.1f} ms at most")  # fmt: skip
    print(f"memory    {memory.resident_mb() - memory_before:8.0f} MB more than the list of people   "
          f"{memory.peak_mb():.0f} MB the process at most")  # fmt: skip


def _count_words(bank: list[tuple[str, list[str], int]]) -> int:
    return len({word for _, names, _ in bank for name in names for word in name.split()})


def _lookup_ms(matcher: NameMatcher, text: str) -> float:
    """Return the duration of a look-up in milliseconds."""
    started = time.perf_counter()
    matcher.find(text)
    return (time.perf_counter() - started) * 1000


def _percentile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


if __name__ == "__main__":
    main()
