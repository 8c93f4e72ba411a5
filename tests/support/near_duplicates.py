"""Near-duplicates: people with the surname and almost the given name of a known person."""

from collections.abc import Collection, Iterable

from rapidfuzz.distance import Levenshtein


def near_duplicates(names: Iterable[str], given_names: Iterable[str], max_variants: int = 3) -> list[str]:
    """Return the names with the nearest other given names, up to `max_variants` each."""
    pool = sorted(set(given_names))
    variants = []
    for name in names:
        first, *other_names = name.split()
        nearest = sorted(pool, key=lambda candidate: (Levenshtein.distance(candidate, first), candidate))
        variants += [" ".join([candidate, *other_names]) for candidate in nearest if candidate != first][
            :max_variants
        ]
    return variants


def near_duplicates_of(known: Collection[str], distractors: Iterable[str]) -> list[str]:
    """Return near-duplicates of `known` with given names of `distractors`, without `known`."""
    given_names = [name.split()[0] for name in distractors if len(name.split()) == 2]
    return [variant for variant in near_duplicates(known, given_names) if variant not in known]
