"""A record at the desk, the review workflow, and writing through the API."""

from tests.accounts.matrix.expectations import Case, Table, admins, editors, for_scopes, signed_in

RECORD = "/en/desk/people/nizami-gencevi"
PERSON = "/api/v1/people/nizami-gencevi"

TABLE: Table = {
    ("desk.person", "GET"): (Case(RECORD, signed_in()), Case("/en/desk/people/nobody", signed_in(404))),
    ("desk.person_post", "POST"): (
        Case(RECORD, signed_in(400, 401)),
        Case(RECORD, signed_in(303, 401), {"do": "comment", "number": "1", "text": "Well"}),
        Case(RECORD, signed_in(409, 401), {"do": "submit", "number": "1"}),
        Case(RECORD, editors(409, 401), {"do": "give_back", "number": "1", "text": "Why?"}),
        Case(RECORD, editors(409, 401), {"do": "publish", "number": "1"}),
        Case(RECORD, editors(422, 401), {"do": "withdraw", "number": "1"}),
        Case(RECORD, editors(409, 401), {"do": "bring_back", "number": "1"}),
        # An unchanged record creates no revision.
        Case(RECORD, signed_in(303, 401), {"do": "restore", "number": "1", "head": "1"}),
    ),
    ("desk.conflict", "GET"): (Case(f"{RECORD}/conflict?copy=none", signed_in(404)),),
    ("desk.conflict_post", "POST"): (Case(f"{RECORD}/conflict", signed_in(404, 401)),),
    ("desk.blame", "GET"): (Case(f"{RECORD}/blame", signed_in()),),
    ("desk.revision", "GET"): (
        Case(f"{RECORD}/revisions/1", signed_in()),
        Case(f"{RECORD}/revisions/2", signed_in(404)),
    ),
    ("desk.changes", "GET"): (Case(f"{RECORD}/revisions/1/changes", signed_in()),),
    ("desk.redaction", "GET"): (Case(f"{RECORD}/revisions/1/redaction", admins()),),
    ("desk.redaction_post", "POST"): (
        Case(f"{RECORD}/revisions/1/redaction", admins(422, 401)),
        Case(f"{RECORD}/revisions/1/redaction", admins(409, 401), {"reason": "A court"}),
    ),
    # Forms are not JSON: only callers with the right learn so.
    ("people.create_person", "POST"): (Case("/api/v1/people", for_scopes(415, "write")),),
    ("people.put_person", "PUT"): (
        Case(PERSON, for_scopes(428, "write")),
        Case("/api/v1/people/nobody", for_scopes(404, "write")),
    ),
    ("people.delete_person", "DELETE"): (Case(PERSON, for_scopes(428, "publish")),),
    ("people.get_draft", "GET"): (Case(f"{PERSON}/draft", for_scopes(200, "write", "publish")),),
    ("people.get_state", "GET"): (Case(f"{PERSON}/state", for_scopes(200, "write", "publish")),),
    ("people.set_state", "POST"): (Case(f"{PERSON}/state", for_scopes(415, "write", "publish")),),
}
