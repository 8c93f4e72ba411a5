"""Worklists and the audit export."""

from tests.accounts.matrix.expectations import Case, Table, admins, signed_in

TABLE: Table = {
    ("desk.worklists", "GET"): (Case("/en/desk/worklists", signed_in()),),
    ("desk.worklists_post", "POST"): (
        Case("/en/desk/worklists", signed_in(422, 401)),
        Case("/en/desk/worklists", signed_in(404, 401), {"remove": "999999"}),
        Case("/en/desk/worklists", signed_in(303, 401), {"name": "a", "question": "lacks:en"}),
    ),
    ("desk.worklist", "GET"): (
        Case("/en/desk/worklists/dead-ends", signed_in()),
        Case("/en/desk/worklists/nothing", signed_in(404)),
    ),
    ("account.events_file", "GET"): (
        Case("/en/users/audit.csv", admins()),
        Case("/en/users/audit.jsonl?since=2026-01-01", admins()),
        Case("/en/users/audit.csv?since=never", admins(400)),
    ),
    ("desk.worklist_file", "GET"): (Case("/en/desk/worklists/dead-ends.csv", signed_in()),),
}
