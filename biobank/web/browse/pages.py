"""The home page and the lists of people by letter, profession, place and century."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask import url_for
from sqlalchemy.orm import Session

from biobank.bootstrap import Services
from biobank.errors import NotFound
from biobank.names.alphabet import ALPHABETS
from biobank.names.alphabet import OTHER_INITIAL as OTHER_LETTER
from biobank.records.catalogue import Catalogue
from biobank.records.people import browse_queries
from biobank.records.people.browse_queries import PageOfNames
from biobank.records.vocabulary.models import term_key
from biobank.web.browse.day_page import OnThisDay, anniversary_views, sample_anniversaries, today_in_baku
from biobank.web.browse.entries import (
    OTHER_WORD,
    BrowseEntry,
    century_entries,
    century_label,
    entries_by_url,
    letter_entries,
    place_entries,
    profession_entries,
)
from biobank.web.core.gettext import _
from biobank.web.core.labels import format_day_of_year, format_edtf_date
from biobank.web.core.linked_data import LinkedData, linked_site
from biobank.web.core.pagination import Pagination, make_pagination
from biobank.web.core.person_cards import PersonCard, people_cards
from biobank.web.core.urls import Link, filter_url

BROWSE_PAGE_SIZE = 50


@dataclass(frozen=True)
class BrowseListPage:
    """People under one heading.

    `trail` holds the breadcrumbs; `broader` and `narrower` are related entries.
    """

    title: str
    kind: str
    trail: tuple[Link, ...]
    broader: tuple[BrowseEntry, ...]
    narrower: tuple[BrowseEntry, ...]
    letters: tuple[BrowseEntry, ...]
    people: tuple[PersonCard, ...]
    total: int
    paging: Pagination
    search_url: str
    note: str = ""


def letter_page(services: Services, word: str, page: int, lang: str) -> BrowseListPage:
    """Return people who are listed under a letter of the language's alphabet."""
    letter = OTHER_LETTER if word == OTHER_WORD else word
    if letter not in (*ALPHABETS[lang], OTHER_LETTER):
        raise NotFound(_("This letter is not in the alphabet."))
    with services.database.read() as session:
        counts = services.count_cache.letters(session, lang)
        return _list_page(
            session,
            services.catalogue(),
            browse_queries.people_by_letter(session, letter, _page_of_names(page, lang)),
            page,
            lang,
            total=counts.get(letter, 0),
            title=_("Other scripts") if letter == OTHER_LETTER else letter,
            kind="letter",
            page_url=lambda number: url_for(
                "web.browse_letter", lang=lang, letter=word, page=number if number > 1 else None
            ),
            letters=letter_entries(counts, lang, letter),
        )


def profession_page(services: Services, id_: str, page: int, lang: str) -> BrowseListPage:
    """Return people with a profession or a narrower one."""
    catalogue = services.catalogue().public
    term = catalogue.terms.get(term_key("profession", id_))
    if term is None:
        raise NotFound(_("Profession not found."))
    with services.database.read() as session:
        counts = services.count_cache.professions(session, catalogue)
        total = counts.get(id_, 0)
        is_frequent = _scan_is_cheaper(total, page, services.count_cache.people(session))
        entries = entries_by_url(profession_entries(counts, catalogue, lang))
        url = url_for("web.browse_profession", lang=lang, profession_id=id_)
        narrower_ids = [
            key.partition("/")[2]
            for key in catalogue.terms
            if key.startswith("profession/")
            and id_ in catalogue.broader_terms("profession", [key.partition("/")[2]])
        ]
        broader = [
            url_for("web.browse_profession", lang=lang, profession_id=broader)
            for broader in term.get("broader", ())
        ]
        return _list_page(
            session,
            catalogue,
            browse_queries.people_by_professions(
                session, narrower_ids, _page_of_names(page, lang), expect_many=is_frequent
            ),
            page,
            lang,
            total=total,
            title=_capitalize(catalogue.term_label("profession", id_, lang), lang),
            kind="profession",
            page_url=_page_url_builder(url),
            broader=tuple(entries[entry_url] for entry_url in broader if entry_url in entries),
            narrower=entries[url].narrower if url in entries else (),
            search_link=filter_url(lang, profession=id_),
        )


def place_page(services: Services, id_: str, page: int, lang: str) -> BrowseListPage:
    """Return people with any tie to a place or to one within it."""
    catalogue = services.catalogue().public
    place = catalogue.places.get(id_)
    if place is None:
        raise NotFound(_("Place not found."))
    with services.database.read() as session:
        counts = services.count_cache.places(session, catalogue)
        total = counts.get(id_, 0)
        is_frequent = _scan_is_cheaper(total, page, services.count_cache.people(session))
        entries = entries_by_url(place_entries(counts, catalogue, lang))
        url = url_for("web.browse_place", lang=lang, place_id=id_)
        narrower_ids = [
            candidate for candidate in catalogue.places if id_ in catalogue.broader_places([candidate])
        ]
        broader = place.get("broader")
        broader_url = url_for("web.browse_place", lang=lang, place_id=broader) if broader else ""
        return _list_page(
            session,
            catalogue,
            browse_queries.people_by_places(
                session, narrower_ids, _page_of_names(page, lang), expect_many=is_frequent
            ),
            page,
            lang,
            total=total,
            title=catalogue.place_name(id_, lang),
            kind="place",
            page_url=_page_url_builder(url),
            broader=(entries[broader_url],) if broader_url in entries else (),
            narrower=entries[url].narrower if url in entries else (),
            search_link=filter_url(lang, place=id_),
            note=_former_names(place, lang),
        )


def century_page(services: Services, century: int, page: int, lang: str) -> BrowseListPage:
    """Return people born in a century, or active in it if no birth is known."""
    with services.database.read() as session:
        counts = services.count_cache.centuries(session)
        total = counts.get(century, 0)
        is_frequent = _scan_is_cheaper(total, page, services.count_cache.people(session))
        return _list_page(
            session,
            services.catalogue(),
            browse_queries.people_by_century(
                session, century, _page_of_names(page, lang), expect_many=is_frequent
            ),
            page,
            lang,
            total=total,
            title=century_label(century, lang),
            kind="century",
            page_url=_page_url_builder(url_for("web.browse_century", lang=lang, century=century)),
            broader=century_entries(counts, lang, century),
            search_link=filter_url(lang, century=str(century)) if century > 0 else "",
        )


def _list_page(
    session: Session,
    catalogue: Catalogue,
    ids: Sequence[str],
    page: int,
    lang: str,
    *,
    total: int,
    title: str,
    kind: str,
    page_url: Callable[[int], str],
    broader: tuple[BrowseEntry, ...] = (),
    narrower: tuple[BrowseEntry, ...] = (),
    letters: tuple[BrowseEntry, ...] = (),
    search_link: str = "",
    note: str = "",
) -> BrowseListPage:
    if not ids and page > 1:
        raise NotFound(_("This page of the list does not exist."))
    return BrowseListPage(
        title=title,
        kind=kind,
        trail=(Link(_("Browse"), url_for("web.browse", lang=lang)),),
        broader=broader,
        narrower=narrower,
        letters=letters,
        people=tuple(people_cards(session, ids, catalogue, lang).values()),
        total=total,
        paging=make_pagination(page, BROWSE_PAGE_SIZE, total, page_url),
        search_url=search_link,
        note=note,
    )


def _page_of_names(page: int, lang: str) -> PageOfNames:
    return PageOfNames(lang, (page - 1) * BROWSE_PAGE_SIZE, BROWSE_PAGE_SIZE)


def _scan_is_cheaper(total: int, page: int, people: int) -> bool:
    """Return whether a scan until the page is full reads fewer rows than sorting all matches."""
    return page * BROWSE_PAGE_SIZE * people < total * total


def _page_url_builder(url: str) -> Callable[[int], str]:
    return lambda number: f"{url}?page={number}" if number > 1 else url


def _former_names(place: Mapping[str, list[Mapping[str, str]]], lang: str) -> str:
    """Return the former names of the place, with their periods."""
    return "; ".join(
        f"{name['text']} ({format_edtf_date(name['period'], lang)})"
        for name in place.get("names", ())
        if "period" in name and name["lang"] == lang
    )


def _capitalize(text: str, lang: str) -> str:
    """Capitalize the first letter; in Azerbaijani, i becomes İ."""
    first = "İ" if lang == "az" and text[:1] == "i" else text[:1].upper()
    return first + text[1:]


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
            letters=letter_entries(tallies.letters(session, lang), lang),
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
