"""The editing form and working copies."""

from tests.accounts.matrix.expectations import Case, Table, signed_in

EDIT = "/en/desk/people/nizami-gencevi/edit"

TABLE: Table = {
    ("desk.new_person", "GET"): (Case("/en/desk/people/new", signed_in()),),
    ("desk.new_person_post", "POST"): (
        Case("/en/desk/people/new", signed_in(422, 401), {"do": "save"}),
        Case("/en/desk/people/new", signed_in(200, 401), {"do": "add-events"}),
    ),
    ("desk.edit", "GET"): (Case(EDIT, signed_in()), Case("/en/desk/people/nobody/edit", signed_in(404))),
    ("desk.edit_post", "POST"): (Case(EDIT, signed_in(422, 401), {"do": "save"}),),
    ("desk.working_copies_post", "POST"): (
        Case("/en/desk/working-copies", signed_in(200, 401), {"names-0-text": "Filankəs"}),
    ),
    ("desk.working_copy", "GET"): (Case("/en/desk/working-copies/nothing", signed_in(404)),),
    ("desk.working_copy_post", "POST"): (Case("/en/desk/working-copies/nothing", signed_in(303, 401)),),
}
