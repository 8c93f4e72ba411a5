"""The desks of terms, places, organisations and sources."""

from tests.accounts.matrix.answers import Case, Table, editors, known

TABLE: Table = {
    ("web.desk_reference", "GET"): (
        Case("/en/desk/terms", known()),
        Case("/en/desk/places?q=baku", known()),
        Case("/en/desk/organisations?new=1", known()),
        Case("/en/desk/sources?unreviewed=1", known()),
    ),
    ("web.desk_reference_send", "POST"): (
        Case("/en/desk/terms", known(422, 401)),
        Case("/en/desk/sources", known(422, 401)),
    ),
    ("web.desk_reference_entry", "GET"): (
        Case("/en/desk/terms/profession/poet", known()),
        Case("/en/desk/places/baku", known()),
        Case("/en/desk/places/baku?merge=susa", editors() | {"contributor": 403}),
        Case("/en/desk/organisations/nothing", known(404)),
    ),
    ("web.desk_reference_entry_send", "POST"): (
        Case("/en/desk/terms/profession/poet", editors(422, 401), {"do": "remove"}),
        Case("/en/desk/places/baku", editors(422, 401), {"do": "rename", "new_id": "susa"}),
        Case("/en/desk/sources/nothing", editors(404, 401), {"do": "accept"}),
    ),
}
