"""The overview of all browse entries, or of all entries of one kind."""

from dataclasses import dataclass

from biobank.bootstrap import Services
from biobank.web.ways import Way, century_ways, letter_ways, place_ways, profession_ways


@dataclass(frozen=True)
class Overview:
    """Browse entries; `kind` is the only kind shown, or empty for all of them."""

    kind: str
    letters: tuple[Way, ...] = ()
    professions: tuple[Way, ...] = ()
    places: tuple[Way, ...] = ()
    centuries: tuple[Way, ...] = ()


def make_overview(services: Services, lang: str, kind: str = "") -> Overview:
    catalogue, tallies = services.catalogue(), services.tallies
    letters: tuple[Way, ...] = ()
    professions, places, centuries = letters, letters, letters
    with services.database.read() as session:
        if not kind:
            letters = letter_ways(tallies.letters(session), lang)
        if kind in ("", "profession"):
            counts = tallies.professions(session, catalogue)
            professions = profession_ways(counts, catalogue, lang)
        if kind in ("", "place"):
            places = place_ways(tallies.places(session, catalogue), catalogue, lang)
        if kind in ("", "century"):
            centuries = century_ways(tallies.centuries(session), lang)
    return Overview(kind, letters, professions, places, centuries)
