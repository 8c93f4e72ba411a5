"""The lists of work, and the audit as a file."""

from tests.accounts.matrix.answers import Case, Table, known

TABLE: Table = {
    ("web.desk_worklists", "GET"): (Case("/en/desk/worklists", known()),),
    ("web.desk_worklists_send", "POST"): (
        Case("/en/desk/worklists", known(422, 401)),
        Case("/en/desk/worklists", known(404, 401), {"remove": "999999"}),
        Case("/en/desk/worklists", known(303, 401), {"name": "a", "question": "lacks:en"}),
    ),
    ("web.desk_worklist", "GET"): (
        Case("/en/desk/worklists/dead-ends", known()),
        Case("/en/desk/worklists/nothing", known(404)),
    ),
    ("web.desk_worklist_file", "GET"): (Case("/en/desk/worklists/dead-ends.csv", known()),),
}
