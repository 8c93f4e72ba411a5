"""Resources with a permanent URI: their descriptions and pages."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, redirect, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as AnyResponse

from biobank.errors import NotFound
from biobank.exchange.formats.linked_data import description_queries
from biobank.exchange.formats.linked_data.graph import Description, Uris
from biobank.exchange.formats.linked_data.reference_data import RDF_VOCABULARY_TITLES
from biobank.exchange.formats.linked_data.serializations import SERIALIZATIONS_BY_MEDIA_TYPE, Serialization
from biobank.http.extensions import services
from biobank.http.linked_data import best_media_type, linked_data_response, uris
from biobank.records.catalogue import Catalogue
from biobank.records.countries import COUNTRY_CODES
from biobank.records.sources import queries as sources
from biobank.web.core.gettext import _
from biobank.web.core.negotiation import language_of_request
from biobank.web.core.urls import filter_url, organisation_url, person_url

HTML_TYPE, JSON_TYPE = "text/html", "application/json"
API_BASE = "/api/v1"


@dataclass(frozen=True)
class ResourceKind:
    """A kind of resource. `path` and `page` take an id; `page` may be a related page."""

    path: Callable[[str], str]
    read: Callable[[Session, str, Catalogue, Uris], Description]
    page: Callable[[str, str], str]
    #: URL template of the API record; empty where the API has none.
    json_template: str = ""
    #: Reference kind for redirects of merged ids; empty where ids never change.
    redirect_kind: str = ""


def _term_page(key: str, lang: str) -> str:
    """Return the page of people with a term: browse by profession, else a search."""
    vocabulary, _slash, id_ = key.partition("/")
    if vocabulary == "country":
        if id_.upper() not in COUNTRY_CODES:
            raise _not_found()
        return filter_url(lang, country=id_.upper())
    if key not in services.catalogue().public.terms:
        raise _not_found()
    if vocabulary == "profession":
        return url_for("web.browse_profession", lang=lang, profession_id=id_)
    if vocabulary in ("award", "relation"):
        return filter_url(lang, q=f"{vocabulary}:{id_}")
    label = services.catalogue().term_label(vocabulary, id_, lang)
    return filter_url(lang, q=f'"{label}"')


def _scheme_page(vocabulary: str, lang: str) -> str:
    if vocabulary not in RDF_VOCABULARY_TITLES:
        raise _not_found()
    if vocabulary == "profession":
        return url_for("web.browse_professions", lang=lang)
    return url_for("web.data", lang=lang)


def _source_page(source_id: str, lang: str) -> str:
    """Return the search for people citing a source; unknown sources are 404."""
    with services.database.read() as session:
        if not sources.is_public(session, source_id):
            raise _not_found()
    return filter_url(lang, q=f"source:{source_id}")


PERSON_RESOURCE = ResourceKind(
    "/people/{}".format, description_queries.describe_person_by_id, person_url, f"{API_BASE}/people/{{}}"
)
ORGANISATION_RESOURCE = ResourceKind(
    "/organisations/{}".format,
    description_queries.describe_organisation_by_id,
    organisation_url,
    f"{API_BASE}/organisations/{{}}",
    "organisation",
)
PLACE_RESOURCE = ResourceKind(
    "/places/{}".format,
    description_queries.describe_place_by_id,
    lambda id_, lang: url_for("web.browse_place", lang=lang, place_id=id_),
    f"{API_BASE}/places/{{}}",
    "place",
)
TERM_RESOURCE = ResourceKind(
    "/terms/{}".format, description_queries.describe_term_by_key, _term_page, redirect_kind="term"
)
SCHEME_RESOURCE = ResourceKind("/terms/{}".format, description_queries.describe_scheme_by_id, _scheme_page)
SOURCE_RESOURCE = ResourceKind(
    "/sources/{}".format,
    description_queries.describe_source_by_id,
    _source_page,
    f"{API_BASE}/sources/{{}}",
    "source",
)


def redirect_to_representation(kind: ResourceKind, id_: str) -> AnyResponse:
    """Redirect (303) to the preferred representation, or permanently to the new id of a merged one."""
    if (current_id := _current_id(kind, id_)) != id_:
        return redirect(kind.path(current_id), 301)
    offered = (HTML_TYPE, *((JSON_TYPE,) if kind.json_template else ()), *SERIALIZATIONS_BY_MEDIA_TYPE)
    media_type = best_media_type(offered)
    if media_type in SERIALIZATIONS_BY_MEDIA_TYPE:
        location = f"{kind.path(id_)}.{SERIALIZATIONS_BY_MEDIA_TYPE[media_type].extension}"
    elif media_type == JSON_TYPE:
        location = kind.json_template.format(id_)
    else:
        location = kind.page(id_, language_of_request())
    response = redirect(location, 303)
    response.vary.update(("Accept", "Accept-Language"))
    return response


def describe_resource(kind: ResourceKind, id_: str, form: Serialization) -> AnyResponse:
    """Return the description of a resource in one format.

    Raises:
        NotFound: If nothing with this id is published.
    """
    if (current_id := _current_id(kind, id_)) != id_:
        return redirect(f"{kind.path(current_id)}.{form.extension}", 301)
    catalogue = services.catalogue().public
    with services.database.read() as session:
        description = kind.read(session, id_, catalogue, uris())
    if not description:
        raise _not_found()
    return linked_data_response(form, description)


def negotiated_description(description: Description) -> Response:
    """Return a description in the preferred format, Turtle by default."""
    response = linked_data_response(
        SERIALIZATIONS_BY_MEDIA_TYPE[best_media_type([*SERIALIZATIONS_BY_MEDIA_TYPE])], description
    )
    response.vary.add("Accept")
    return response


def _current_id(kind: ResourceKind, id_: str) -> str:
    return services.catalogue().resolve_redirect(kind.redirect_kind, id_) if kind.redirect_kind else id_


def _not_found() -> NotFound:
    return NotFound(_("There is no record at this address."))
