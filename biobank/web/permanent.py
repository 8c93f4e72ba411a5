"""Resources with a permanent URI: their descriptions and pages."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from biobank.described import described, liked_best, uris
from biobank.errors import NotFound
from biobank.exchange.linked import reading
from biobank.exchange.linked.forms import BY_TYPE, Form
from biobank.exchange.linked.graph import Description
from biobank.exchange.linked.references import SCHEMES
from biobank.exchange.linked.uris import Uris
from biobank.extensions import services
from biobank.records.catalogue import Catalogue
from biobank.records.countries import COUNTRIES
from biobank.records.sources import queries as sources
from biobank.web.links import filter_url, organisation_url, person_url
from biobank.web.negotiation import language_of_request
from biobank.web.text import _

HTML, JSON = "text/html", "application/json"
API = "/api/v1"


@dataclass(frozen=True)
class Kind:
    """A kind of resource. `path` and `page` take an id; `page` may be a related page."""

    path: Callable[[str], str]
    read: Callable[[Session, str, Catalogue, Uris], Description]
    page: Callable[[str, str], str]
    #: URL template of the API record; empty where the API has none.
    json: str = ""
    #: Reference kind for redirects of merged ids; empty where ids never change.
    reference: str = ""


def _term_page(key: str, lang: str) -> str:
    """Return the page of people with a term: browse by profession, else a search."""
    vocabulary, _slash, id_ = key.partition("/")
    if vocabulary == "country":
        if id_.upper() not in COUNTRIES:
            raise _nothing()
        return filter_url(lang, country=id_.upper())
    if key not in services.catalogue().public.terms:
        raise _nothing()
    if vocabulary == "profession":
        return url_for("web.browse_profession", lang=lang, profession_id=id_)
    if vocabulary in ("award", "relation"):
        return filter_url(lang, q=f"{vocabulary}:{id_}")
    label = services.catalogue().term_label(vocabulary, id_, lang)
    return filter_url(lang, q=f'"{label}"')


def _scheme_page(vocabulary: str, lang: str) -> str:
    if vocabulary not in SCHEMES:
        raise _nothing()
    if vocabulary == "profession":
        return url_for("web.browse_professions", lang=lang)
    return url_for("web.data", lang=lang)


def _source_page(source_id: str, lang: str) -> str:
    """Return the search for people citing a source; unknown sources are 404."""
    with services.database.read() as session:
        if not sources.is_public(session, source_id):
            raise _nothing()
    return filter_url(lang, q=f"source:{source_id}")


PERSON = Kind("/people/{}".format, reading.person, person_url, f"{API}/people/{{}}")
ORGANISATION = Kind(
    "/organisations/{}".format,
    reading.organisation,
    organisation_url,
    f"{API}/organisations/{{}}",
    "organisation",
)
PLACE = Kind(
    "/places/{}".format,
    reading.place,
    lambda id_, lang: url_for("web.browse_place", lang=lang, place_id=id_),
    f"{API}/places/{{}}",
    "place",
)
TERM = Kind("/terms/{}".format, reading.term, _term_page, reference="term")
SCHEME = Kind("/terms/{}".format, reading.scheme, _scheme_page)
SOURCE = Kind(
    "/sources/{}".format,
    reading.source,
    _source_page,
    f"{API}/sources/{{}}",
    "source",
)


def lead(kind: Kind, id_: str) -> AnyResponse:
    """Redirect (303) to the preferred representation, or permanently to the new id of a merged one.
    """
    if (new := _now(kind, id_)) != id_:
        return redirect(kind.path(new), 301)
    offered = (HTML, *((JSON,) if kind.json else ()), *BY_TYPE)
    best = liked_best(offered)
    if best in BY_TYPE:
        address = f"{kind.path(id_)}.{BY_TYPE[best].ending}"
    elif best == JSON:
        address = kind.json.format(id_)
    else:
        address = kind.page(id_, language_of_request())
    response = redirect(address, 303)
    response.vary.update(("Accept", "Accept-Language"))
    return response


def describe(kind: Kind, id_: str, form: Form) -> AnyResponse:
    """Return the description of a resource in one format.

    Raises:
        NotFound: If nothing with this id is published.
    """
    if (new := _now(kind, id_)) != id_:
        return redirect(f"{kind.path(new)}.{form.ending}", 301)
    catalogue = services.catalogue().public
    with services.database.read() as session:
        description = kind.read(session, id_, catalogue, uris())
    if not description:
        raise _nothing()
    return described(form, description)


def as_liked(description: Description) -> Response:
    """Return a description in the preferred format, Turtle by default."""
    response = described(BY_TYPE[liked_best([*BY_TYPE])], description)
    response.vary.add("Accept")
    return response


def _now(kind: Kind, id_: str) -> str:
    return services.catalogue().where_now(kind.reference, id_) if kind.reference else id_


def _nothing() -> NotFound:
    return NotFound(_("There is nothing of this address in the bank."))
