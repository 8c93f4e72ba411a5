"""Public pages and API routes."""

from tests.accounts.matrix.answers import Case, Table, everybody

TABLE: Table = {
    # Public pages and files.
    ("web.front", "GET"): (Case("/", everybody(302)),),
    ("web.home", "GET"): (Case("/az/", everybody()),),
    ("web.about", "GET"): (Case("/en/about", everybody()),),
    ("web.browse", "GET"): (Case("/ru/browse/", everybody()),),
    ("web.browse_centuries", "GET"): (Case("/en/browse/century/", everybody()),),
    ("web.browse_century", "GET"): (Case("/en/browse/century/19", everybody()),),
    ("web.browse_letter", "GET"): (Case("/en/browse/letter/M", everybody()),),
    ("web.browse_places", "GET"): (Case("/en/browse/place/", everybody()),),
    ("web.browse_place", "GET"): (Case("/en/browse/place/baku", everybody()),),
    ("web.browse_professions", "GET"): (Case("/en/browse/profession/", everybody()),),
    ("web.browse_profession", "GET"): (Case("/en/browse/profession/poet", everybody()),),
    ("web.opensearch", "GET"): (Case("/en/opensearch.xml", everybody()),),
    ("web.organisation", "GET"): (
        Case("/en/organisations/baku-music-academy", everybody()),
        Case("/en/organisations/nothing", everybody(404)),
    ),
    ("web.person", "GET"): (
        Case("/en/people/nizami-gencevi", everybody()),
        Case("/en/people/nobody", everybody(404)),
    ),
    ("web.permanent", "GET"): (Case("/people/nizami-gencevi", everybody(303)),),
    ("web.history", "GET"): (Case("/en/people/nizami-gencevi/history", everybody()),),
    ("web.revision", "GET"): (
        Case("/en/people/nizami-gencevi/revisions/1", everybody()),
        Case("/en/people/nizami-gencevi/revisions/2", everybody(404)),
    ),
    ("web.changes", "GET"): (Case("/en/people/nizami-gencevi/revisions/1/changes", everybody()),),
    ("web.permanent_revision", "GET"): (
        Case("/people/nizami-gencevi/revisions/1", everybody(303)),
    ),
    ("web.search", "GET"): (Case("/en/search?q=poet", everybody()),),
    ("web.search_file", "GET"): (Case("/en/search.csv?q=nizami", everybody()),),
    ("web.search_feed", "GET"): (Case("/en/search.atom?q=nizami", everybody()),),
    ("web.search_advanced", "GET"): (Case("/en/search/advanced", everybody()),),
    ("web.search_help", "GET"): (Case("/en/search/help", everybody()),),
    ("web.search_list", "GET"): (Case("/en/search/list?q=nizami", everybody()),),
    ("web.search_map", "GET"): (Case("/en/search/map?q=nizami", everybody()),),
    ("web.search_values", "GET"): (Case("/en/search/values/profession", everybody()),),
    ("web.suggestions", "GET"): (Case("/en/suggestions.json?q=niz", everybody()),),
    ("web.favicon", "GET"): (Case("/favicon.ico", everybody(302)),),
    ("web.medallion_file", "GET"): (Case("/medallion/nizami-gencevi.svg", everybody()),),
    ("web.robots", "GET"): (Case("/robots.txt", everybody()),),
    ("static", "GET"): (Case("/static/site.css", everybody()),),
    ("docs.page", "GET"): (Case("/api/docs", everybody()),),
    ("docs.file", "GET"): (Case("/api/docs/swagger-ui.css", everybody()),),
    ("docs.document", "GET"): (Case("/api/openapi.json", everybody()),),
    ("health.live", "GET"): (Case("/health/live", everybody()),),
    ("health.ready", "GET"): (Case("/health/ready", everybody()),),
    ("health.metrics", "GET"): (Case("/metrics", everybody()),),
    # API.
    ("search.find", "GET"): (Case("/api/v1/search?q=nizami", everybody()),),
    ("search.export", "GET"): (Case("/api/v1/search/export?q=nizami&format=csv", everybody()),),
    ("search.suggest", "GET"): (Case("/api/v1/suggest?q=niz", everybody()),),
    ("search.list_values", "GET"): (Case("/api/v1/values?q=poe&facet=profession", everybody()),),
    ("people.list_people", "GET"): (Case("/api/v1/people", everybody()),),
    ("people.get_person", "GET"): (
        Case("/api/v1/people/nizami-gencevi", everybody()),
        Case("/api/v1/people/nobody", everybody(404)),
    ),
    ("people.list_revisions", "GET"): (
        Case("/api/v1/people/nizami-gencevi/revisions", everybody()),
    ),
    ("people.get_revision", "GET"): (
        Case("/api/v1/people/nizami-gencevi/revisions/1", everybody()),
        Case("/api/v1/people/nizami-gencevi/revisions/2", everybody(404)),
    ),
    ("people.get_changes", "GET"): (
        Case("/api/v1/people/nizami-gencevi/revisions/1/changes", everybody()),
    ),
    ("people.get_similar", "GET"): (Case("/api/v1/people/nizami-gencevi/similar", everybody()),),
    ("reference.list_organisations", "GET"): (Case("/api/v1/organisations", everybody()),),
    ("reference.get_organisation", "GET"): (
        Case("/api/v1/organisations/baku-music-academy", everybody()),
    ),
    ("reference.list_places", "GET"): (Case("/api/v1/places", everybody()),),
    ("reference.get_place", "GET"): (Case("/api/v1/places/baku", everybody()),),
    ("reference.list_terms", "GET"): (Case("/api/v1/terms?vocabulary=profession", everybody()),),
    ("reference.list_sources", "GET"): (Case("/api/v1/sources", everybody()),),
    ("reference.get_source", "GET"): (Case("/api/v1/sources/nothing", everybody(404)),),
}
