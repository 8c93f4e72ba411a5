"""The desk's start page, the review queue and all records."""

from tests.accounts.matrix.expectations import Case, Table, signed_in

TABLE: Table = {
    ("desk.home", "GET"): (Case("/en/desk", signed_in()),),
    ("desk.reviews", "GET"): (Case("/en/desk/reviews", signed_in()),),
    ("desk.people", "GET"): (Case("/en/desk/people", signed_in()),),
}
