"""Permanent URLs, linked data and dumps; this bank has no dump."""

from tests.accounts.matrix.expectations import Case, Table, same_for_all

TABLE: Table = {
    ("web.person_form", "GET"): (
        Case("/people/nizami-gencevi.ttl", same_for_all()),
        Case("/people/nobody.ttl", same_for_all(404)),
    ),
    ("web.permanent_organisation", "GET"): (Case("/organisations/baku-music-academy", same_for_all(303)),),
    ("web.organisation_form", "GET"): (Case("/organisations/baku-music-academy.nt", same_for_all()),),
    ("web.permanent_place", "GET"): (Case("/places/baku", same_for_all(303)),),
    ("web.place_form", "GET"): (Case("/places/baku.rdf", same_for_all()),),
    ("web.permanent_source", "GET"): (Case("/sources/music-in-nummis-hajibeyov", same_for_all(303)),),
    ("web.source_form", "GET"): (Case("/sources/nothing.jsonld", same_for_all(404)),),
    ("web.permanent_scheme", "GET"): (Case("/terms/profession", same_for_all(303)),),
    ("web.scheme_form", "GET"): (Case("/terms/profession.ttl", same_for_all()),),
    ("web.permanent_term", "GET"): (Case("/terms/profession/poet", same_for_all(303)),),
    ("web.term_form", "GET"): (Case("/terms/profession/poet.ttl", same_for_all()),),
    ("web.void", "GET"): (Case("/.well-known/void", same_for_all()),),
    ("web.data", "GET"): (Case("/en/data", same_for_all()),),
    ("web.dumps", "GET"): (Case("/dumps/", same_for_all(303)),),
    ("web.dump", "GET"): (Case("/dumps/biobank.ttl.gz", same_for_all(404)),),
}
