"""Browse pages: lists of people by letter, profession, place and century."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import url_for
from sqlalchemy.orm import Session

from biobank.bootstrap import Services
from biobank.errors import NotFound
from biobank.names.alphabet import LETTERS
from biobank.records.catalogue import Catalogue
from biobank.records.people import browsing
from biobank.records.vocabulary.models import term_key
from biobank.web.cards import PersonCard, people_cards
from biobank.web.links import Link, filter_url
from biobank.web.paging import Paging, make_paging
from biobank.web.text import _
from biobank.web.ways import (
    OTHER_LETTER,
    OTHER_WORD,
    Way,
    by_address,
    century_label,
    century_ways,
    letter_ways,
    place_ways,
    profession_ways,
)
from biobank.web.words import date_words

SIZE = 50


@dataclass(frozen=True)
class ListPage:
    """People under one heading.

    `trail` holds the breadcrumbs; `broader` and `narrower` are related entries.
    """

    title: str
    kind: str
    trail: tuple[Link, ...]
    broader: tuple[Way, ...]
    narrower: tuple[Way, ...]
    letters: tuple[Way, ...]
    people: tuple[PersonCard, ...]
    total: int
    paging: Paging
    search_url: str
    note: str = ""


def letter_page(services: Services, word: str, page: int, lang: str) -> ListPage:
    """Return people whose preferred Azerbaijani name begins with a letter."""
    letter = OTHER_LETTER if word == OTHER_WORD else word
    if letter not in (*LETTERS, OTHER_LETTER):
        raise NotFound(_("There is no such letter in the alphabet."))
    with services.database.read() as session:
        counts = services.tallies.letters(session)
        return _page(
            session,
            services.catalogue(),
            browsing.of_letter(session, letter, *_span(page)),
            page,
            lang,
            total=counts.get(letter, 0),
            title=_("Other scripts") if letter == OTHER_LETTER else letter,
            kind="letter",
            own=lambda number: url_for(
                "web.browse_letter", lang=lang, letter=word, page=number if number > 1 else None
            ),
            letters=letter_ways(counts, lang, letter),
        )


def profession_page(services: Services, id_: str, page: int, lang: str) -> ListPage:
    """Return people with a profession or a narrower one."""
    catalogue = services.catalogue().public
    term = catalogue.terms.get(term_key("profession", id_))
    if term is None:
        raise NotFound(_("There is no such profession in the bank."))
    with services.database.read() as session:
        counts = services.tallies.professions(session, catalogue)
        total = counts.get(id_, 0)
        many = _is_many(total, page, services.tallies.people(session))
        ways = by_address(profession_ways(counts, catalogue, lang))
        url = url_for("web.browse_profession", lang=lang, profession_id=id_)
        within = [
            key.partition("/")[2]
            for key in catalogue.terms
            if key.startswith("profession/")
            and id_ in catalogue.broader_terms("profession", [key.partition("/")[2]])
        ]
        broader = [
            url_for("web.browse_profession", lang=lang, profession_id=broader)
            for broader in term.get("broader", ())
        ]
        return _page(
            session,
            catalogue,
            browsing.of_professions(session, within, *_span(page), many=many),
            page,
            lang,
            total=total,
            title=_capital(catalogue.term_label("profession", id_, lang), lang),
            kind="profession",
            own=_pages(url),
            broader=tuple(ways[way] for way in broader if way in ways),
            narrower=ways[url].narrower if url in ways else (),
            search=filter_url(lang, profession=id_),
        )


def place_page(services: Services, id_: str, page: int, lang: str) -> ListPage:
    """Return people with any tie to a place or to one within it."""
    catalogue = services.catalogue().public
    place = catalogue.places.get(id_)
    if place is None:
        raise NotFound(_("There is no such place in the bank."))
    with services.database.read() as session:
        counts = services.tallies.places(session, catalogue)
        total = counts.get(id_, 0)
        many = _is_many(total, page, services.tallies.people(session))
        ways = by_address(place_ways(counts, catalogue, lang))
        url = url_for("web.browse_place", lang=lang, place_id=id_)
        within = [other for other in catalogue.places if id_ in catalogue.broader_places([other])]
        broader = place.get("broader")
        above = url_for("web.browse_place", lang=lang, place_id=broader) if broader else ""
        return _page(
            session,
            catalogue,
            browsing.of_places(session, within, *_span(page), many=many),
            page,
            lang,
            total=total,
            title=catalogue.place_name(id_, lang),
            kind="place",
            own=_pages(url),
            broader=(ways[above],) if above in ways else (),
            narrower=ways[url].narrower if url in ways else (),
            search=filter_url(lang, place=id_),
            note=_former_names(place, lang),
        )


def century_page(services: Services, century: int, page: int, lang: str) -> ListPage:
    """Return people born in a century, or active in it if no birth is known."""
    with services.database.read() as session:
        counts = services.tallies.centuries(session)
        total = counts.get(century, 0)
        many = _is_many(total, page, services.tallies.people(session))
        return _page(
            session,
            services.catalogue(),
            browsing.of_century(session, century, *_span(page), many=many),
            page,
            lang,
            total=total,
            title=century_label(century, lang),
            kind="century",
            own=_pages(url_for("web.browse_century", lang=lang, century=century)),
            broader=century_ways(counts, lang, century),
            search=filter_url(lang, century=str(century)) if century > 0 else "",
        )


def _page(
    session: Session,
    catalogue: Catalogue,
    ids: Sequence[str],
    page: int,
    lang: str,
    *,
    total: int,
    title: str,
    kind: str,
    own: Callable[[int], str],
    broader: tuple[Way, ...] = (),
    narrower: tuple[Way, ...] = (),
    letters: tuple[Way, ...] = (),
    search: str = "",
    note: str = "",
) -> ListPage:
    if not ids and page > 1:
        raise NotFound(_("There is no such page in the list."))
    return ListPage(
        title=title,
        kind=kind,
        trail=(Link(_("Browse"), url_for("web.browse", lang=lang)),),
        broader=broader,
        narrower=narrower,
        letters=letters,
        people=tuple(people_cards(session, ids, catalogue, lang).values()),
        total=total,
        paging=make_paging(page, SIZE, total, own),
        search_url=search,
        note=note,
    )


def _span(page: int) -> tuple[int, int]:
    """Return the offset and the size of a page."""
    return (page - 1) * SIZE, SIZE


def _is_many(total: int, page: int, people: int) -> bool:
    """Return whether a scan until the page is full reads fewer rows than sorting all matches."""
    return page * SIZE * people < total * total


def _pages(url: str) -> Callable[[int], str]:
    return lambda number: f"{url}?page={number}" if number > 1 else url


def _former_names(place: Mapping[str, list[Mapping[str, str]]], lang: str) -> str:
    """Return the former names of the place, with their periods."""
    return "; ".join(
        f"{name['text']} ({date_words(name['period'], lang)})"
        for name in place.get("names", ())
        if "period" in name and name["lang"] == lang
    )


def _capital(text: str, lang: str) -> str:
    """Capitalize the first letter; in Azerbaijani, i becomes İ."""
    first = "İ" if lang == "az" and text[:1] == "i" else text[:1].upper()
    return first + text[1:]
