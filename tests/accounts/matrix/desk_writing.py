"""The editing form and working copies."""

from tests.accounts.matrix.answers import Case, Table, known

EDIT = "/en/desk/people/nizami-gencevi/edit"

TABLE: Table = {
    ("web.desk_new_person", "GET"): (Case("/en/desk/people/new", known()),),
    ("web.desk_new_person_send", "POST"): (
        Case("/en/desk/people/new", known(422, 401), {"do": "save"}),
        Case("/en/desk/people/new", known(200, 401), {"do": "add-events"}),
    ),
    ("web.desk_edit", "GET"): (
        Case(EDIT, known()),
        Case("/en/desk/people/nobody/edit", known(404)),
    ),
    ("web.desk_edit_send", "POST"): (Case(EDIT, known(422, 401), {"do": "save"}),),
    ("web.desk_working_copies_send", "POST"): (
        Case("/en/desk/working-copies", known(200, 401), {"names-0-text": "Filankəs"}),
    ),
    ("web.desk_working_copy", "GET"): (Case("/en/desk/working-copies/nothing", known(404)),),
    ("web.desk_working_copy_send", "POST"): (
        Case("/en/desk/working-copies/nothing", known(303, 401)),
    ),
}
