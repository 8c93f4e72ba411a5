"""A record at the desk, the review workflow, and writing through the API."""

from tests.accounts.matrix.answers import Case, Table, admins, editors, known, tokens_of

RECORD = "/en/desk/people/nizami-gencevi"
PERSON = "/api/v1/people/nizami-gencevi"

TABLE: Table = {
    ("web.desk_person", "GET"): (
        Case(RECORD, known()),
        Case("/en/desk/people/nobody", known(404)),
    ),
    ("web.desk_person_send", "POST"): (
        Case(RECORD, known(400, 401)),
        Case(RECORD, known(303, 401), {"do": "comment", "number": "1", "text": "Well"}),
        Case(RECORD, known(409, 401), {"do": "submit", "number": "1"}),
        Case(RECORD, editors(409, 401), {"do": "give_back", "number": "1", "text": "Why?"}),
        Case(RECORD, editors(409, 401), {"do": "publish", "number": "1"}),
        Case(RECORD, editors(422, 401), {"do": "withdraw", "number": "1"}),
        Case(RECORD, editors(409, 401), {"do": "bring_back", "number": "1"}),
        # An unchanged record creates no revision.
        Case(RECORD, known(303, 401), {"do": "restore", "number": "1", "head": "1"}),
    ),
    ("web.desk_conflict", "GET"): (Case(f"{RECORD}/conflict?copy=none", known(404)),),
    ("web.desk_conflict_send", "POST"): (Case(f"{RECORD}/conflict", known(404, 401)),),
    ("web.desk_blame", "GET"): (Case(f"{RECORD}/blame", known()),),
    ("web.desk_revision", "GET"): (
        Case(f"{RECORD}/revisions/1", known()),
        Case(f"{RECORD}/revisions/2", known(404)),
    ),
    ("web.desk_changes", "GET"): (Case(f"{RECORD}/revisions/1/changes", known()),),
    ("web.desk_redaction", "GET"): (Case(f"{RECORD}/revisions/1/redaction", admins()),),
    ("web.desk_redaction_send", "POST"): (
        Case(f"{RECORD}/revisions/1/redaction", admins(422, 401)),
        Case(f"{RECORD}/revisions/1/redaction", admins(409, 401), {"reason": "A court"}),
    ),
    # Forms are not JSON: only callers with the right learn so.
    ("people.create_person", "POST"): (Case("/api/v1/people", tokens_of(415, "write")),),
    ("people.put_person", "PUT"): (
        Case(PERSON, tokens_of(428, "write")),
        Case("/api/v1/people/nobody", tokens_of(404, "write")),
    ),
    ("people.delete_person", "DELETE"): (Case(PERSON, tokens_of(428, "publish")),),
    ("people.get_draft", "GET"): (Case(f"{PERSON}/draft", tokens_of(200, "write", "publish")),),
    ("people.get_state", "GET"): (Case(f"{PERSON}/state", tokens_of(200, "write", "publish")),),
    ("people.set_state", "POST"): (Case(f"{PERSON}/state", tokens_of(415, "write", "publish")),),
}
