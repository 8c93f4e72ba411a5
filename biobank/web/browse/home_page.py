"""The home page: the bank at a glance, entry points, and people of the day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import url_for

from biobank.bootstrap import Services
from biobank.records.catalogue import Catalogue
from biobank.web.browse.day_page import OnThisDay, anniversary_views, sample_anniversaries, today_in_baku
from biobank.web.browse.entries import (
    BrowseEntry,
    century_entries,
    letter_entries,
    place_entries,
    profession_entries,
)
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_day_of_year
from biobank.web.core.linked_data import LinkedData, linked_site
from biobank.web.core.person_cards import PersonCard, people_cards
from biobank.web.core.urls import Link, filter_url

#: Number of sample people, changed daily: three rows of three.
SAMPLE_SIZE = 9
#: Maximum number of browse entries of each kind.
MAX_HOME_ENTRIES = 10
#: Maximum number of anniversaries: two rows of three.
MAX_HOME_ANNIVERSARIES = 6


@dataclass(frozen=True)
class HomePage:
    total: int
    examples: tuple[Link, ...]
    letters: tuple[BrowseEntry, ...]
    professions: tuple[BrowseEntry, ...]
    places: tuple[BrowseEntry, ...]
    centuries: tuple[BrowseEntry, ...]
    today: str
    #: A sample of today's anniversaries, and the number of further ones.
    on_this_day: tuple[OnThisDay, ...]
    more_on_this_day: int
    sample: tuple[PersonCard, ...]
    #: Linked data of the site.
    linked: LinkedData


def make_home_page(services: Services, lang: str, today: date | None = None) -> HomePage:
    """Return the home page in `lang`; `today` defaults to the current date in Baku."""
    day = today or today_in_baku()
    catalogue, tallies = services.catalogue(), services.count_cache
    with services.database.read() as session:
        anniversaries, anniversary_count = sample_anniversaries(session, day, MAX_HOME_ANNIVERSARIES)
        professions = tallies.professions(session, catalogue)
        sample_ids = tallies.sample(session, day.toordinal(), SAMPLE_SIZE)
        ids = [*sample_ids, *(item.person_id for item in anniversaries)]
        cards = people_cards(session, ids, catalogue, lang)
        on_this_day = anniversary_views(anniversaries, cards)
        return HomePage(
            total=tallies.people(session),
            examples=_examples(catalogue, lang),
            letters=letter_entries(tallies.letters(session), lang),
            professions=profession_entries(professions, catalogue, lang)[:MAX_HOME_ENTRIES],
            places=_places(tallies.places(session, catalogue), catalogue, lang),
            centuries=century_entries(tallies.centuries(session), lang),
            today=format_day_of_year(day, lang),
            on_this_day=on_this_day,
            more_on_this_day=anniversary_count - len(on_this_day),
            sample=tuple(cards[id_] for id_ in sample_ids if id_ in cards),
            linked=linked_site(lang),
        )


def _places(counts: Mapping[str, int], catalogue: Catalogue, lang: str) -> tuple[BrowseEntry, ...]:
    """Return towns rather than countries, those with most people first."""
    entries = place_entries(counts, catalogue, lang)
    towns: dict[str, BrowseEntry] = {}
    for entry in entries:
        towns |= {child.url: child for child in entry.narrower or (entry,)}
    return tuple(sorted(towns.values(), key=lambda entry: -entry.count)[:MAX_HOME_ENTRIES])


def _examples(catalogue: Catalogue, lang: str) -> tuple[Link, ...]:
    """Return example searches that the vocabulary of the bank can answer."""
    examples = []
    if "profession/composer" in catalogue.terms:
        examples.append(Link(_("women composers"), filter_url(lang, profession="composer", gender="female")))
    if "profession/poet" in catalogue.terms:
        examples.append(Link(_("12th-century poets"), filter_url(lang, profession="poet", century="12")))
    if "paris" in catalogue.places:
        examples.append(Link(_("people connected with Paris"), filter_url(lang, place="paris")))
    if "profession/scientist" in catalogue.terms:
        examples.append(
            Link(
                _("scientists born in 1900–1930"), filter_url(lang, profession="scientist", born="1900..1930")
            )
        )
    return (*examples, Link(_("all people A–Z"), url_for("web.search", lang=lang, sort="name")))
