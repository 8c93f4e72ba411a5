"""Writing tools and duplicate candidates."""

from tests.accounts.matrix.expectations import Case, Table, signed_in

TABLE: Table = {
    ("desk.values", "GET"): (
        Case("/en/desk/values.json?kind=place&q=ba", signed_in()),
        Case("/en/desk/values.json?kind=nothing", signed_in(400)),
    ),
    ("desk.date", "GET"): (Case("/en/desk/date.json?text=c.+1141", signed_in()),),
    ("desk.preview_post", "POST"): (
        Case("/en/desk/preview.json", signed_in(200, 401), {"text": "A *life*."}),
    ),
    ("desk.duplicate_candidates", "GET"): (
        Case("/en/desk/duplicates.json?name=Nizami+Gencevi", signed_in()),
    ),
    ("desk.duplicates", "GET"): (Case("/en/desk/duplicates", signed_in()),),
    ("desk.duplicates_post", "POST"): (
        Case(
            "/en/desk/duplicates",
            signed_in(303, 401),
            {"do": "distinct", "first": "nizami-gencevi", "second": "uzeyir-hacibeyov"},
        ),
        Case("/en/desk/duplicates", signed_in(404, 401), {"first": "nizami-gencevi", "second": "nobody"}),
    ),
}
