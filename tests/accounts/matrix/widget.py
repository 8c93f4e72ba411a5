"""Embeddable content for other sites."""

from tests.accounts.matrix.expectations import Case, Table, same_for_all

OWN = "http://localhost/people/nizami-gencevi"

TABLE: Table = {
    ("web.embed", "GET"): (
        Case("/en/embed", same_for_all()),
        Case("/az/embed?kind=nothing", same_for_all(400)),
    ),
    ("web.embed_search", "GET"): (
        Case("/en/embed/search?profession=poet", same_for_all()),
        Case("/en/embed/search?theme=loud", same_for_all(400)),
    ),
    ("web.embed_person", "GET"): (
        Case("/en/embed/people/nizami-gencevi", same_for_all()),
        Case("/en/embed/people/nobody", same_for_all(404)),
    ),
    ("widget.script", "GET"): (
        Case("/widget/v1.js", same_for_all()),
        Case("/widget/biobank-0.js", same_for_all(404)),
    ),
    ("widget.versions", "GET"): (Case("/widget/versions.json", same_for_all()),),
    ("widget.oembed", "GET"): (
        Case(f"/oembed?url={OWN}", same_for_all()),
        Case(f"/oembed?url={OWN}&format=yaml", same_for_all(501)),
        Case("/oembed?url=https://other.example/people/nizami-gencevi", same_for_all(404)),
        Case("/oembed", same_for_all(400)),
    ),
    ("search.find_cards", "GET"): (Case("/api/v1/cards?q=niz", same_for_all()),),
    ("people.get_card", "GET"): (
        Case("/api/v1/people/nizami-gencevi/card", same_for_all()),
        Case("/api/v1/people/nobody/card", same_for_all(404)),
    ),
}
