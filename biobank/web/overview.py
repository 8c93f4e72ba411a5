"""The page of all ways through the bank, or of all of one kind."""

from dataclasses import dataclass

from biobank.bootstrap import Services
from biobank.web.ways import Way, century_ways, letter_ways, place_ways, profession_ways


@dataclass(frozen=True)
class Overview:
    """`kind` is the one kind that is shown whole; empty for a look at all of them."""

    kind: str
    letters: tuple[Way, ...] = ()
    professions: tuple[Way, ...] = ()
    places: tuple[Way, ...] = ()
    centuries: tuple[Way, ...] = ()


def make_overview(services: Services, lang: str, kind: str = "") -> Overview:
    catalogue = services.catalogue()
    with services.database.read() as session:
        return Overview(
            kind=kind,
            letters=letter_ways(session, lang) if not kind else (),
            professions=profession_ways(session, catalogue, lang)
            if kind in ("", "profession")
            else (),
            places=place_ways(session, catalogue, lang) if kind in ("", "place") else (),
            centuries=century_ways(session, lang) if kind in ("", "century") else (),
        )
