"""Writing tools and duplicate candidates."""

from tests.accounts.matrix.answers import Case, Table, known

TABLE: Table = {
    ("web.desk_values", "GET"): (
        Case("/en/desk/values.json?kind=place&q=ba", known()),
        Case("/en/desk/values.json?kind=nothing", known(400)),
    ),
    ("web.desk_date", "GET"): (Case("/en/desk/date.json?text=c.+1141", known()),),
    ("web.desk_preview_send", "POST"): (
        Case("/en/desk/preview.json", known(200, 401), {"text": "A *life*."}),
    ),
    ("web.desk_alike", "GET"): (Case("/en/desk/duplicates.json?name=Nizami+Gencevi", known()),),
    ("web.desk_duplicates", "GET"): (Case("/en/desk/duplicates", known()),),
    ("web.desk_duplicates_send", "POST"): (
        Case(
            "/en/desk/duplicates",
            known(303, 401),
            {"do": "distinct", "first": "nizami-gencevi", "second": "uzeyir-hacibeyov"},
        ),
        Case(
            "/en/desk/duplicates", known(404, 401), {"first": "nizami-gencevi", "second": "nobody"}
        ),
    ),
}
