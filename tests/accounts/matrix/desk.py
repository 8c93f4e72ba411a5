"""The desk's start page, the review queue and all records."""

from tests.accounts.matrix.expectations import Case, Table, signed_in

TABLE: Table = {
    ("web.desk", "GET"): (Case("/en/desk", signed_in()),),
    ("web.desk_reviews", "GET"): (Case("/en/desk/reviews", signed_in()),),
    ("web.desk_people", "GET"): (Case("/en/desk/people", signed_in()),),
}
