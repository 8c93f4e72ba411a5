"""Near-duplicates: people with the surname and almost the given name of a known person."""

from collections.abc import Collection, Iterable

from rapidfuzz.distance import Levenshtein


def twins(names: Iterable[str], given: Iterable[str], most: int = 3) -> list[str]:
    """Return the names with the nearest other given names, up to `max_variants` each."""
    pool = sorted(set(given))
    found = []
    for name in names:
        first, *rest = name.split()
        near = sorted(pool, key=lambda other: (Levenshtein.distance(other, first), other))
        found += [" ".join([other, *rest]) for other in near if other != first][:most]
    return found


def twins_among(known: Collection[str], distractors: Iterable[str]) -> list[str]:
    """Return near-duplicates of `known` with given names of `distractors`, without `known`."""
    given = [name.split()[0] for name in distractors if len(name.split()) == 2]
    return [twin for twin in twins(known, given) if twin not in known]
