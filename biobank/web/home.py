"""The home page: the bank at a glance, entry points, and people of the day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import url_for

from biobank.bootstrap import Services
from biobank.records.catalogue import Catalogue
from biobank.web.cards import PersonCard, people_cards
from biobank.web.day_page import OnThisDay, first_few, today_in_baku
from biobank.web.linked import Linked, linked_site
from biobank.web.links import Link, filter_url
from biobank.web.text import _
from biobank.web.ways import Way, century_ways, letter_ways, place_ways, profession_ways
from biobank.web.words import day_of_year

#: Number of sample people, changed daily: three rows of three.
FEW = 9
#: Maximum number of browse entries of each kind.
WAYS_MOST = 10
#: Maximum number of anniversaries: two rows of three.
DAY_MOST = 6


@dataclass(frozen=True)
class HomePage:
    total: int
    examples: tuple[Link, ...]
    letters: tuple[Way, ...]
    professions: tuple[Way, ...]
    places: tuple[Way, ...]
    centuries: tuple[Way, ...]
    today: str
    #: A sample of today's anniversaries, and the number of further ones.
    on_this_day: tuple[OnThisDay, ...]
    more_on_this_day: int
    few: tuple[PersonCard, ...]
    #: Linked data of the site.
    linked: Linked


def make_home_page(services: Services, lang: str, today: date | None = None) -> HomePage:
    """Return the home page in `lang`; `today` defaults to the current date in Baku."""
    day = today or today_in_baku()
    catalogue, tallies = services.catalogue(), services.tallies
    on_this_day, count = first_few(services, day, lang, DAY_MOST)
    with services.database.read() as session:
        professions = tallies.professions(session, catalogue)
        few = tallies.sample(session, day.toordinal(), FEW)
        return HomePage(
            total=tallies.people(session),
            examples=_examples(catalogue, lang),
            letters=letter_ways(tallies.letters(session), lang),
            professions=profession_ways(professions, catalogue, lang)[:WAYS_MOST],
            places=_places(tallies.places(session, catalogue), catalogue, lang),
            centuries=century_ways(tallies.centuries(session), lang),
            today=day_of_year(day, lang),
            on_this_day=on_this_day,
            more_on_this_day=count - len(on_this_day),
            few=tuple(people_cards(session, few, catalogue, lang).values()),
            linked=linked_site(lang),
        )


def _places(counts: Mapping[str, int], catalogue: Catalogue, lang: str) -> tuple[Way, ...]:
    """Return towns rather than countries, those with most people first."""
    ways = place_ways(counts, catalogue, lang)
    towns: dict[str, Way] = {}
    for way in ways:
        towns |= {below.url: below for below in way.narrower or (way,)}
    return tuple(sorted(towns.values(), key=lambda way: -way.count)[:WAYS_MOST])


def _examples(catalogue: Catalogue, lang: str) -> tuple[Link, ...]:
    """Return example searches that the vocabulary of the bank can answer."""
    found = []
    if "profession/composer" in catalogue.terms:
        found.append(
            Link(
                _("women among composers"),
                filter_url(lang, profession="composer", gender="female"),
            )
        )
    if "profession/poet" in catalogue.terms:
        found.append(
            Link(_("poets of the 12th century"), filter_url(lang, profession="poet", century="12"))
        )
    if "paris" in catalogue.places:
        found.append(Link(_("lives that touch Paris"), filter_url(lang, place="paris")))
    if "profession/scientist" in catalogue.terms:
        found.append(
            Link(
                _("scientists born 1900–1930"),
                filter_url(lang, profession="scientist", born="1900..1930"),
            )
        )
    return (*found, Link(_("everyone, by name"), url_for("web.search", lang=lang, sort="name")))
