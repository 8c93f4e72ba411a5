"""Permanent URLs, linked data and dumps; this bank has no dump."""

from tests.accounts.matrix.answers import Case, Table, everybody

TABLE: Table = {
    ("web.person_form", "GET"): (
        Case("/people/nizami-gencevi.ttl", everybody()),
        Case("/people/nobody.ttl", everybody(404)),
    ),
    ("web.permanent_organisation", "GET"): (
        Case("/organisations/baku-music-academy", everybody(303)),
    ),
    ("web.organisation_form", "GET"): (Case("/organisations/baku-music-academy.nt", everybody()),),
    ("web.permanent_place", "GET"): (Case("/places/baku", everybody(303)),),
    ("web.place_form", "GET"): (Case("/places/baku.rdf", everybody()),),
    ("web.permanent_source", "GET"): (Case("/sources/music-in-nummis-hajibeyov", everybody(303)),),
    ("web.source_form", "GET"): (Case("/sources/nothing.jsonld", everybody(404)),),
    ("web.permanent_scheme", "GET"): (Case("/terms/profession", everybody(303)),),
    ("web.scheme_form", "GET"): (Case("/terms/profession.ttl", everybody()),),
    ("web.permanent_term", "GET"): (Case("/terms/profession/poet", everybody(303)),),
    ("web.term_form", "GET"): (Case("/terms/profession/poet.ttl", everybody()),),
    ("web.void", "GET"): (Case("/.well-known/void", everybody()),),
    ("web.data", "GET"): (Case("/en/data", everybody()),),
    ("web.dumps", "GET"): (Case("/dumps/", everybody(303)),),
    ("web.dump", "GET"): (Case("/dumps/biobank.ttl.gz", everybody(404)),),
}
