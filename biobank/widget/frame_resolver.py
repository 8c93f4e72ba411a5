"""Resolution of URLs of this site to the frames that other sites may embed."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from flask import url_for

from biobank.bootstrap import Services
from biobank.common.i18n import LANGUAGES
from biobank.common.text import URL_CONTROL_CHARS
from biobank.editorial.revisions.publication import find_tombstone
from biobank.errors import BadQuery, NotFound
from biobank.records.catalogue import current_name
from biobank.records.people import browse_queries
from biobank.search.query import SearchQuery
from biobank.search.request_args import parse_search_query

#: Maximum characters of a URL; the site itself generates no longer ones.
MAX_ADDRESS_CHARS: Final = 4000
RECORD_PATH: Final = re.compile(rf"(?:/({'|'.join(LANGUAGES)}))?/(people|organisations)/([a-z0-9-]{{1,120}})")
SEARCH_PATH: Final = re.compile(rf"/({'|'.join(LANGUAGES)})/search")


@dataclass(frozen=True)
class EmbedFrame:
    """An embeddable frame: its path, title, and preferred size in pixels."""

    lang: str
    path: str
    title: str
    width: int
    height: int


class _QueryArguments:
    """Query arguments of a URL given as an argument, with the same limits as for requests."""

    def __init__(self, query: str) -> None:
        try:
            self._values = parse_qs(query, max_num_fields=200)
        except ValueError as error:
            raise BadQuery("The URL has too many arguments.") from error
        if any(URL_CONTROL_CHARS.search(value) for values in self._values.values() for value in values):
            raise BadQuery("The URL contains a control character. Remove it.")

    def getlist(self, key: str) -> Sequence[str]:
        return self._values.get(key, [])


def resolve_frame(services: Services, address: str, hosts: Collection[str], lang: str) -> EmbedFrame:
    """Return the frame of a page of this site; `lang` is used if the URL has no language.

    Raises:
        NotFound: if the page cannot be embedded.
        BadQuery: if it is a search with invalid arguments.
    """
    path, query = _split_own_address(address, hosts)
    if match := SEARCH_PATH.fullmatch(path):
        return _search_frame(services, parse_search_query(_QueryArguments(query), match[1]))
    if match := RECORD_PATH.fullmatch(path):
        build = _person_frame if match[2] == "people" else _organisation_frame
        return build(services, match[3], match[1] or lang)
    raise NotFound("Only people, organisations and searches can be embedded.")


def _split_own_address(address: str, hosts: Collection[str]) -> tuple[str, str]:
    """Return path and query of a URL of this site.

    Raises:
        NotFound: if it belongs to another site.
    """
    try:
        parts = urlsplit(address if len(address) <= MAX_ADDRESS_CHARS else "")
        is_own = parts.scheme in ("http", "https") and parts.netloc.lower() in hosts
    except ValueError:
        is_own = False
    if not is_own:
        raise NotFound("This is not a URL of this site.")
    return parts.path, parts.query


def _person_frame(services: Services, person_id: str, lang: str) -> EmbedFrame:
    with services.database.read() as session:
        tombstone = find_tombstone(session, person_id)
        current_id = tombstone.new_id if tombstone and tombstone.new_id else person_id
        card = browse_queries.load_cards(session, [current_id]).get(current_id)
    if card is None:
        raise NotFound("Person not found.")
    path = url_for("web.embed_person", lang=lang, person_id=current_id)
    return EmbedFrame(lang, path, card.name(lang), 480, 200)


def _organisation_frame(services: Services, organisation_id: str, lang: str) -> EmbedFrame:
    catalogue = services.catalogue()
    current_id = catalogue.resolve_redirect("organisation", organisation_id)
    organisation = catalogue.public.organisations.get(current_id)
    if organisation is None:
        raise NotFound("Organisation not found.")
    path = url_for("web.embed_search", lang=lang, organisation=current_id)
    return EmbedFrame(lang, path, current_name(organisation, lang), 480, 520)


def _search_frame(services: Services, query: SearchQuery) -> EmbedFrame:
    response = services.search.search(replace(query, page=1, size=1))
    normalized_query = replace(response.query, size=query.size)
    values: dict[str, Any] = {}
    for name, value in normalized_query.url_params():
        values.setdefault(name, []).append(value)
    path = url_for("web.embed_search", lang=query.lang, **values)
    title = ", ".join(part.label for part in response.understood)
    return EmbedFrame(query.lang, path, title, 480, 520)
