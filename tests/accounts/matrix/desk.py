"""The first page of the desk."""

from tests.accounts.matrix.answers import Case, Table, known

TABLE: Table = {
    ("web.desk", "GET"): (Case("/en/desk", known()),),
}
