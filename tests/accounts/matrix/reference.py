"""The desks of terms, places, organisations and sources."""

from tests.accounts.matrix.expectations import Case, Table, editors, signed_in

TABLE: Table = {
    ("desk.reference", "GET"): (
        Case("/en/desk/terms", signed_in()),
        Case("/en/desk/places?q=baku", signed_in()),
        Case("/en/desk/organisations?new=1", signed_in()),
        Case("/en/desk/sources?unreviewed=1", signed_in()),
    ),
    ("desk.reference_post", "POST"): (
        Case("/en/desk/terms", signed_in(422, 401)),
        Case("/en/desk/sources", signed_in(422, 401)),
    ),
    ("desk.reference_entry", "GET"): (
        Case("/en/desk/terms/profession/poet", signed_in()),
        Case("/en/desk/places/baku", signed_in()),
        Case("/en/desk/places/baku?merge=susa", editors() | {"contributor": 403}),
        Case("/en/desk/organisations/nothing", signed_in(404)),
    ),
    ("desk.reference_entry_post", "POST"): (
        Case("/en/desk/terms/profession/poet", editors(422, 401), {"do": "remove"}),
        Case("/en/desk/places/baku", editors(422, 401), {"do": "rename", "new_id": "susa"}),
        Case("/en/desk/sources/nothing", editors(404, 401), {"do": "accept"}),
    ),
}
