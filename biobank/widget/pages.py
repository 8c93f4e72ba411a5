"""Resolution of URLs of this site to the frames that other sites may embed."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from flask import url_for

from biobank.bootstrap import Services
from biobank.editorial.absence import absence
from biobank.errors import BadQuery, NotFound
from biobank.i18n import LANGUAGES
from biobank.records.catalogue import name_of
from biobank.records.people import browsing
from biobank.search.args import query_from
from biobank.search.query import SearchQuery
from biobank.security import CONTROL

#: Maximum characters of a URL; the site itself generates no longer ones.
ADDRESS_MOST: Final = 4000
ONE: Final = re.compile(
    rf"(?:/({'|'.join(LANGUAGES)}))?/(people|organisations)/([a-z0-9-]{{1,120}})"
)
SEARCH: Final = re.compile(rf"/({'|'.join(LANGUAGES)})/search")


@dataclass(frozen=True)
class Frame:
    """An embeddable frame: its path, title, and preferred size in pixels."""

    lang: str
    path: str
    title: str
    width: int
    height: int


class _Arguments:
    """Query arguments of a URL given as an argument, with the same limits as for requests."""

    def __init__(self, query: str) -> None:
        try:
            self._values = parse_qs(query, max_num_fields=200)
        except ValueError as error:
            raise BadQuery("The address holds too many arguments.") from error
        if any(CONTROL.search(value) for values in self._values.values() for value in values):
            raise BadQuery("The address holds a control character; remove it.")

    def getlist(self, key: str) -> Sequence[str]:
        return self._values.get(key, [])


def frame_of(services: Services, address: str, hosts: Collection[str], lang: str) -> Frame:
    """Return the frame of a page of this site; `lang` is used if the URL has no language.

    Raises:
        NotFound: if the page cannot be embedded.
        BadQuery: if it is a search with invalid arguments.
    """
    path, query = _own(address, hosts)
    if found := SEARCH.fullmatch(path):
        return _search(services, query_from(_Arguments(query), found[1]))
    if found := ONE.fullmatch(path):
        make = _person if found[2] == "people" else _organisation
        return make(services, found[3], found[1] or lang)
    raise NotFound("Only people, organisations and searches of the bank can be embedded.")


def _own(address: str, hosts: Collection[str]) -> tuple[str, str]:
    """Return path and query of a URL of this site.

    Raises:
        NotFound: if it belongs to another site.
    """
    try:
        parts = urlsplit(address if len(address) <= ADDRESS_MOST else "")
        own = parts.scheme in ("http", "https") and parts.netloc.lower() in hosts
    except ValueError:
        own = False
    if not own:
        raise NotFound("This is no address of a page of the bank.")
    return parts.path, parts.query


def _person(services: Services, person_id: str, lang: str) -> Frame:
    with services.database.read() as session:
        gone = absence(session, person_id)
        now = gone.new_id if gone and gone.new_id else person_id
        card = browsing.cards(session, [now]).get(now)
    if card is None:
        raise NotFound("There is no such person in the bank.")
    path = url_for("web.embed_person", lang=lang, person_id=now)
    return Frame(lang, path, card.name(lang), 480, 200)


def _organisation(services: Services, organisation_id: str, lang: str) -> Frame:
    catalogue = services.catalogue()
    now = catalogue.where_now("organisation", organisation_id)
    found = catalogue.public.organisations.get(now)
    if found is None:
        raise NotFound("There is no such organisation in the bank.")
    path = url_for("web.embed_search", lang=lang, organisation=now)
    return Frame(lang, path, name_of(found, lang), 480, 520)


def _search(services: Services, query: SearchQuery) -> Frame:
    answer = services.search.search(replace(query, page=1, size=1))
    asked = replace(answer.query, size=query.size)
    values: dict[str, Any] = {}
    for name, value in asked.address():
        values.setdefault(name, []).append(value)
    path = url_for("web.embed_search", lang=query.lang, **values)
    title = ", ".join(part.label for part in answer.understood)
    return Frame(query.lang, path, title, 480, 520)
