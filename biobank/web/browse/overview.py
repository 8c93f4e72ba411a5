"""The overview of all browse entries, or of all entries of one kind."""

from dataclasses import dataclass

from biobank.bootstrap import Services
from biobank.web.browse.entries import (
    BrowseEntry,
    century_entries,
    letter_entries,
    place_entries,
    profession_entries,
)


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
            letters = letter_entries(tallies.letters(session), lang)
        if kind in ("", "profession"):
            counts = tallies.professions(session, catalogue)
            professions = profession_entries(counts, catalogue, lang)
        if kind in ("", "place"):
            places = place_entries(tallies.places(session, catalogue), catalogue, lang)
        if kind in ("", "century"):
            centuries = century_entries(tallies.centuries(session), lang)
    return BrowseOverview(kind, letters, professions, places, centuries)
