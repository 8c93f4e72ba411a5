"""Public pages and API routes."""

from tests.accounts.matrix.expectations import Case, Table, same_for_all

TABLE: Table = {
    # Public pages and files.
    ("web.front", "GET"): (Case("/", same_for_all(302)),),
    ("web.home", "GET"): (Case("/az/", same_for_all()),),
    ("web.about", "GET"): (Case("/en/about", same_for_all()),),
    ("web.browse", "GET"): (Case("/ru/browse/", same_for_all()),),
    ("web.browse_centuries", "GET"): (Case("/en/browse/century/", same_for_all()),),
    ("web.browse_century", "GET"): (Case("/en/browse/century/19", same_for_all()),),
    ("web.browse_letter", "GET"): (Case("/en/browse/letter/M", same_for_all()),),
    ("web.browse_places", "GET"): (Case("/en/browse/place/", same_for_all()),),
    ("web.browse_place", "GET"): (Case("/en/browse/place/baku", same_for_all()),),
    ("web.browse_professions", "GET"): (Case("/en/browse/profession/", same_for_all()),),
    ("web.browse_profession", "GET"): (Case("/en/browse/profession/poet", same_for_all()),),
    ("web.opensearch", "GET"): (Case("/en/opensearch.xml", same_for_all()),),
    ("web.organisation", "GET"): (
        Case("/en/organisations/baku-music-academy", same_for_all()),
        Case("/en/organisations/nothing", same_for_all(404)),
    ),
    ("web.person", "GET"): (
        Case("/en/people/nizami-gencevi", same_for_all()),
        Case("/en/people/nobody", same_for_all(404)),
    ),
    ("web.permanent", "GET"): (Case("/people/nizami-gencevi", same_for_all(303)),),
    ("web.history", "GET"): (Case("/en/people/nizami-gencevi/history", same_for_all()),),
    ("web.revision", "GET"): (
        Case("/en/people/nizami-gencevi/revisions/1", same_for_all()),
        Case("/en/people/nizami-gencevi/revisions/2", same_for_all(404)),
    ),
    ("web.changes", "GET"): (
        Case("/en/people/nizami-gencevi/revisions/1/changes", same_for_all()),
    ),
    ("web.permanent_revision", "GET"): (
        Case("/people/nizami-gencevi/revisions/1", same_for_all(303)),
    ),
    ("web.search", "GET"): (Case("/en/search?q=poet", same_for_all()),),
    ("web.search_file", "GET"): (Case("/en/search.csv?q=nizami", same_for_all()),),
    ("web.search_feed", "GET"): (Case("/en/search.atom?q=nizami", same_for_all()),),
    ("web.search_advanced", "GET"): (Case("/en/search/advanced", same_for_all()),),
    ("web.search_help", "GET"): (Case("/en/search/help", same_for_all()),),
    ("web.search_list", "GET"): (Case("/en/search/list?q=nizami", same_for_all()),),
    ("web.search_map", "GET"): (Case("/en/search/map?q=nizami", same_for_all()),),
    ("web.search_values", "GET"): (Case("/en/search/values/profession", same_for_all()),),
    ("web.suggestions", "GET"): (Case("/en/suggestions.json?q=niz", same_for_all()),),
    ("web.favicon", "GET"): (Case("/favicon.ico", same_for_all(302)),),
    ("web.medallion_file", "GET"): (Case("/medallion/nizami-gencevi.svg", same_for_all()),),
    ("web.robots", "GET"): (Case("/robots.txt", same_for_all()),),
    ("static", "GET"): (Case("/static/site.css", same_for_all()),),
    ("docs.page", "GET"): (Case("/api/docs", same_for_all()),),
    ("docs.file", "GET"): (Case("/api/docs/swagger-ui.css", same_for_all()),),
    ("docs.document", "GET"): (Case("/api/openapi.json", same_for_all()),),
    ("health.live", "GET"): (Case("/health/live", same_for_all()),),
    ("health.ready", "GET"): (Case("/health/ready", same_for_all()),),
    ("health.metrics", "GET"): (Case("/metrics", same_for_all()),),
    # API.
    ("search.find", "GET"): (Case("/api/v1/search?q=nizami", same_for_all()),),
    ("search.export", "GET"): (Case("/api/v1/search/export?q=nizami&format=csv", same_for_all()),),
    ("search.suggest", "GET"): (Case("/api/v1/suggest?q=niz", same_for_all()),),
    ("search.list_values", "GET"): (Case("/api/v1/values?q=poe&facet=profession", same_for_all()),),
    ("people.list_people", "GET"): (Case("/api/v1/people", same_for_all()),),
    ("people.get_person", "GET"): (
        Case("/api/v1/people/nizami-gencevi", same_for_all()),
        Case("/api/v1/people/nobody", same_for_all(404)),
    ),
    ("people.list_revisions", "GET"): (
        Case("/api/v1/people/nizami-gencevi/revisions", same_for_all()),
    ),
    ("people.get_revision", "GET"): (
        Case("/api/v1/people/nizami-gencevi/revisions/1", same_for_all()),
        Case("/api/v1/people/nizami-gencevi/revisions/2", same_for_all(404)),
    ),
    ("people.get_changes", "GET"): (
        Case("/api/v1/people/nizami-gencevi/revisions/1/changes", same_for_all()),
    ),
    ("people.get_similar", "GET"): (Case("/api/v1/people/nizami-gencevi/similar", same_for_all()),),
    ("reference.list_organisations", "GET"): (Case("/api/v1/organisations", same_for_all()),),
    ("reference.get_organisation", "GET"): (
        Case("/api/v1/organisations/baku-music-academy", same_for_all()),
    ),
    ("reference.list_places", "GET"): (Case("/api/v1/places", same_for_all()),),
    ("reference.get_place", "GET"): (Case("/api/v1/places/baku", same_for_all()),),
    ("reference.list_terms", "GET"): (Case("/api/v1/terms?vocabulary=profession", same_for_all()),),
    ("reference.list_sources", "GET"): (Case("/api/v1/sources", same_for_all()),),
    ("reference.get_source", "GET"): (Case("/api/v1/sources/nothing", same_for_all(404)),),
}
