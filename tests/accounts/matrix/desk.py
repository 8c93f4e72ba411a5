"""The desk's start page, the review queue and all records."""

from tests.accounts.matrix.answers import Case, Table, known

TABLE: Table = {
    ("web.desk", "GET"): (Case("/en/desk", known()),),
    ("web.desk_reviews", "GET"): (Case("/en/desk/reviews", known()),),
    ("web.desk_people", "GET"): (Case("/en/desk/people", known()),),
}
