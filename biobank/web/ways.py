"""Browse entries with counts: letters, professions, places and centuries."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from flask import url_for

from biobank.names.alphabet import LETTERS, sort_key
from biobank.records.catalogue import Catalogue
from biobank.records.vocabulary.models import term_key
from biobank.search import labels

#: The letter of names in other scripts in the store, and its word in URLs.
OTHER_LETTER, OTHER_WORD = "#", "other"


@dataclass(frozen=True)
class Way:
    """A link to people with a value; `share` is relative to the largest count, 0–100."""

    label: str
    url: str
    count: int
    share: int = 0
    current: bool = False
    narrower: tuple["Way", ...] = ()


def letter_ways(counts: Mapping[str, int], lang: str, current: str = "") -> tuple[Way, ...]:
    """Return every letter of the alphabet in order, including letters without people."""
    letters = [*LETTERS, *(letter for letter in counts if letter not in LETTERS)]
    return tuple(
        Way(
            letter,
            url_for("web.browse_letter", lang=lang, letter=_word_of(letter)),
            counts.get(letter, 0),
            current=letter == current,
        )
        for letter in letters
        if letter != "W" or letter in counts
    )


def profession_ways(counts: Mapping[str, int], catalogue: Catalogue, lang: str) -> tuple[Way, ...]:
    """Return top-level professions with the narrower ones that anyone has."""
    parents = {
        id_: catalogue.terms.get(term_key("profession", id_), {}).get("broader", [])
        for id_ in counts
    }
    return _tree(
        counts,
        parents,
        lambda id_: catalogue.term_label("profession", id_, lang),
        lambda id_: url_for("web.browse_profession", lang=lang, profession_id=id_),
    )


def place_ways(counts: Mapping[str, int], catalogue: Catalogue, lang: str) -> tuple[Way, ...]:
    """Return countries with the places in them that anyone is tied to."""
    parents = {
        id_: [broader] if (broader := catalogue.places.get(id_, {}).get("broader")) else []
        for id_ in counts
    }
    return _tree(
        counts,
        parents,
        lambda id_: catalogue.place_name(id_, lang),
        lambda id_: url_for("web.browse_place", lang=lang, place_id=id_),
    )


def century_ways(counts: Mapping[int, int], lang: str, current: int = 0) -> tuple[Way, ...]:
    """Return centuries in chronological order, including empty ones in between."""
    if not counts:
        return ()
    most = max(counts.values())
    span = [century for century in range(min(counts), max(counts) + 1) if century]
    return tuple(
        Way(
            century_label(century, lang),
            url_for("web.browse_century", lang=lang, century=century),
            counts.get(century, 0),
            share=round(100 * counts.get(century, 0) / most),
            current=century == current,
        )
        for century in span
    )


def century_label(century: int, lang: str) -> str:
    return labels.century(f"{abs(century)}bce" if century < 0 else f"{century}", lang)


def _word_of(letter: str) -> str:
    return OTHER_WORD if letter == OTHER_LETTER else letter


def _tree(
    counts: Mapping[str, int],
    parents: Mapping[str, list[str]],
    label: Callable[[str], str],
    url: Callable[[str], str],
) -> tuple[Way, ...]:
    """Return values below their broader ones, most people first; a value may have two parents."""
    order = sorted(counts, key=lambda id_: (-counts[id_], sort_key(label(id_))))

    below_of: dict[str, list[str]] = {}
    for id_ in order:
        for above in parents[id_]:
            below_of.setdefault(above, []).append(id_)

    def way(id_: str) -> Way:
        below = tuple(map(way, below_of.get(id_, ())))
        return Way(label(id_), url(id_), counts[id_], narrower=below)

    tops = [id_ for id_ in order if not any(above in counts for above in parents[id_])]
    return tuple(way(id_) for id_ in tops)


def by_address(ways: Iterable[Way]) -> dict[str, Way]:
    """Return all entries of a tree by their URL."""
    found: dict[str, Way] = {}
    for way in ways:
        found[way.url] = way
        found |= by_address(way.narrower)
    return found
