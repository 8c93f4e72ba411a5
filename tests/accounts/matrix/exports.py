"""Exports."""

from tests.accounts.matrix.answers import Case, Table, everybody

TABLE: Table = {
    ("web.person_eac", "GET"): (
        Case("/people/nizami-gencevi.eac.xml", everybody()),
        Case("/people/nobody.eac.xml", everybody(404)),
    ),
}
