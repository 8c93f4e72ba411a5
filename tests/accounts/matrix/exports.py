"""Exports."""

from tests.accounts.matrix.expectations import Case, Table, same_for_all

TABLE: Table = {
    ("web.person_eac", "GET"): (
        Case("/people/nizami-gencevi.eac.xml", same_for_all()),
        Case("/people/nobody.eac.xml", same_for_all(404)),
    )
}
