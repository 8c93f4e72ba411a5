"""Embeddable content for other sites."""

from tests.accounts.matrix.answers import Case, Table, everybody

OWN = "http://localhost/people/nizami-gencevi"

TABLE: Table = {
    ("web.embed", "GET"): (
        Case("/en/embed", everybody()),
        Case("/az/embed?kind=nothing", everybody(400)),
    ),
    ("web.embed_search", "GET"): (
        Case("/en/embed/search?profession=poet", everybody()),
        Case("/en/embed/search?theme=loud", everybody(400)),
    ),
    ("web.embed_person", "GET"): (
        Case("/en/embed/people/nizami-gencevi", everybody()),
        Case("/en/embed/people/nobody", everybody(404)),
    ),
    ("widget.script", "GET"): (
        Case("/widget/v1.js", everybody()),
        Case("/widget/biobank-0.js", everybody(404)),
    ),
    ("widget.versions", "GET"): (Case("/widget/versions.json", everybody()),),
    ("widget.oembed", "GET"): (
        Case(f"/oembed?url={OWN}", everybody()),
        Case(f"/oembed?url={OWN}&format=yaml", everybody(501)),
        Case("/oembed?url=https://other.example/people/nizami-gencevi", everybody(404)),
        Case("/oembed", everybody(400)),
    ),
    ("search.find_cards", "GET"): (Case("/api/v1/cards?q=niz", everybody()),),
    ("people.get_card", "GET"): (
        Case("/api/v1/people/nizami-gencevi/card", everybody()),
        Case("/api/v1/people/nobody/card", everybody(404)),
    ),
}
