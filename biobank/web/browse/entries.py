"""Browse entries with counts: letters, professions, places and centuries."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from flask import url_for

from biobank.bootstrap import Services
from biobank.names.alphabet import ALPHABETS, OTHER_INITIAL, RARE_INITIALS, sort_key
from biobank.records.catalogue import Catalogue
from biobank.records.vocabulary.models import term_key
from biobank.search import labels
from biobank.web.core.urls import browse_url

#: The word of OTHER_INITIAL in URLs.
OTHER_WORD = "other"
#: The sort key of a label, cached for more labels than a catalogue has.
cached_sort_key = lru_cache(maxsize=8_192)(sort_key)


@dataclass(frozen=True)
class BrowseEntry:
    """A link to people with a value; `share` is relative to the largest count, 0–100."""

    label: str
    url: str
    count: int
    share: int = 0
    current: bool = False
    narrower: tuple["BrowseEntry", ...] = ()


def letter_entries(counts: Mapping[str, int], lang: str, current: str = "") -> tuple[BrowseEntry, ...]:
    """Return every letter of the language's alphabet in order, including letters without people."""
    alphabet = ALPHABETS[lang]
    letters = [*alphabet, *(letter for letter in counts if letter not in alphabet)]
    return tuple(
        BrowseEntry(
            letter,
            browse_url("letter", _letter_word(letter), lang),
            counts.get(letter, 0),
            current=letter == current,
        )
        for letter in letters
        if lang == "en" or letter not in RARE_INITIALS or letter in counts
    )


def profession_entries(counts: Mapping[str, int], catalogue: Catalogue, lang: str) -> tuple[BrowseEntry, ...]:
    """Return top-level professions with the narrower ones that anyone has."""
    parents = {id_: catalogue.terms.get(term_key("profession", id_), {}).get("broader", []) for id_ in counts}
    return _entry_tree(
        counts,
        parents,
        lambda id_: catalogue.term_label("profession", id_, lang),
        lambda id_: browse_url("profession", id_, lang),
    )


def place_entries(counts: Mapping[str, int], catalogue: Catalogue, lang: str) -> tuple[BrowseEntry, ...]:
    """Return countries with the places in them that anyone is tied to."""
    parents = {
        id_: [broader] if (broader := catalogue.places.get(id_, {}).get("broader")) else [] for id_ in counts
    }
    return _entry_tree(
        counts,
        parents,
        lambda id_: catalogue.place_name(id_, lang),
        lambda id_: browse_url("place", id_, lang),
    )


def century_entries(counts: Mapping[int, int], lang: str, current: int = 0) -> tuple[BrowseEntry, ...]:
    """Return centuries in chronological order, including empty ones in between."""
    if not counts:
        return ()
    max_count = max(counts.values())
    span = [century for century in range(min(counts), max(counts) + 1) if century]
    return tuple(
        BrowseEntry(
            century_label(century, lang),
            url_for("web.browse_century", lang=lang, century=century),
            counts.get(century, 0),
            share=round(100 * counts.get(century, 0) / max_count),
            current=century == current,
        )
        for century in span
    )


def century_label(century: int, lang: str) -> str:
    return labels.century_label(f"{abs(century)}bce" if century < 0 else f"{century}", lang)


def _letter_word(letter: str) -> str:
    return OTHER_WORD if letter == OTHER_INITIAL else letter


def _entry_tree(
    counts: Mapping[str, int],
    parents: Mapping[str, list[str]],
    label: Callable[[str], str],
    url: Callable[[str], str],
) -> tuple[BrowseEntry, ...]:
    """Return values below their broader ones, most people first; a value may have two parents."""
    labels_by_id = {id_: label(id_) for id_ in counts}
    order = sorted(counts, key=lambda id_: (-counts[id_], cached_sort_key(labels_by_id[id_])))
    children: dict[str, list[str]] = {}
    for id_ in order:
        for parent in parents[id_]:
            children.setdefault(parent, []).append(id_)

    def build_entry(id_: str) -> BrowseEntry:
        narrower_entries = tuple(map(build_entry, children.get(id_, ())))
        return BrowseEntry(labels_by_id[id_], url(id_), counts[id_], narrower=narrower_entries)

    roots = [id_ for id_ in order if not any(parent in counts for parent in parents[id_])]
    return tuple(build_entry(id_) for id_ in roots)


def entries_by_url(entries: Iterable[BrowseEntry]) -> dict[str, BrowseEntry]:
    """Return all entries of a tree by their URL."""
    by_url: dict[str, BrowseEntry] = {}
    for entry in entries:
        by_url[entry.url] = entry
        by_url |= entries_by_url(entry.narrower)
    return by_url


@dataclass(frozen=True)
class BrowseOverview:
    """Browse entries; `kind` is the only kind shown, or empty for all of them."""

    kind: str
    letters: tuple[BrowseEntry, ...] = ()
    professions: tuple[BrowseEntry, ...] = ()
    places: tuple[BrowseEntry, ...] = ()
    centuries: tuple[BrowseEntry, ...] = ()


def make_browse_overview(services: Services, lang: str, kind: str = "") -> BrowseOverview:
    catalogue, tallies = services.catalogue(), services.count_cache
    letters: tuple[BrowseEntry, ...] = ()
    professions, places, centuries = letters, letters, letters
    with services.database.read() as session:
        if not kind:
            letters = letter_entries(tallies.letters(session, lang), lang)
        if kind in ("", "profession"):
            counts = tallies.professions(session, catalogue)
            professions = profession_entries(counts, catalogue, lang)
        if kind in ("", "place"):
            places = place_entries(tallies.places(session, catalogue), catalogue, lang)
        if kind in ("", "century"):
            centuries = century_entries(tallies.centuries(session), lang)
    return BrowseOverview(kind, letters, professions, places, centuries)
