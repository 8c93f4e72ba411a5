"""Worklists and the audit export."""

from tests.accounts.matrix.answers import Case, Table, admins, known

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
    ("web.account_events_file", "GET"): (
        Case("/en/users/audit.csv", admins()),
        Case("/en/users/audit.jsonl?since=2026-01-01", admins()),
        Case("/en/users/audit.csv?since=never", admins(400)),
    ),
    ("web.desk_worklist_file", "GET"): (Case("/en/desk/worklists/dead-ends.csv", known()),),
}
