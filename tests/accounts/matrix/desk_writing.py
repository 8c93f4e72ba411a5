"""The editing form and working copies."""

from tests.accounts.matrix.expectations import Case, Table, signed_in

EDIT = "/en/desk/people/nizami-gencevi/edit"

TABLE: Table = {
    ("web.desk_new_person", "GET"): (Case("/en/desk/people/new", signed_in()),),
    ("web.desk_new_person_post", "POST"): (
        Case("/en/desk/people/new", signed_in(422, 401), {"do": "save"}),
        Case("/en/desk/people/new", signed_in(200, 401), {"do": "add-events"}),
    ),
    ("web.desk_edit", "GET"): (Case(EDIT, signed_in()), Case("/en/desk/people/nobody/edit", signed_in(404))),
    ("web.desk_edit_post", "POST"): (Case(EDIT, signed_in(422, 401), {"do": "save"}),),
    ("web.desk_working_copies_post", "POST"): (
        Case("/en/desk/working-copies", signed_in(200, 401), {"names-0-text": "Filankəs"}),
    ),
    ("web.desk_working_copy", "GET"): (Case("/en/desk/working-copies/nothing", signed_in(404)),),
    ("web.desk_working_copy_post", "POST"): (Case("/en/desk/working-copies/nothing", signed_in(303, 401)),),
}
