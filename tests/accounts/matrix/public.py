"""Public forms, and the inbox of the editors."""

from tests.accounts.matrix.answers import Case, Table, editors, everybody

PERSON = "/en/people/nizami-gencevi"

TABLE: Table = {
    # Public forms; one without a valid proof token is shown again to every caller.
    ("web.suggest", "GET"): (
        Case(f"{PERSON}/suggest?field=birth", everybody()),
        Case("/en/people/nobody/suggest", everybody(404)),
    ),
    ("web.suggest_send", "POST"): (
        Case(f"{PERSON}/suggest", everybody(422)),
        Case("/en/people/nobody/suggest", everybody(404)),
    ),
    ("web.objection", "GET"): (Case(f"{PERSON}/objection", everybody()),),
    ("web.objection_send", "POST"): (Case(f"{PERSON}/objection", everybody(422)),),
    ("web.propose", "GET"): (Case("/az/propose", everybody()),),
    ("web.propose_send", "POST"): (Case("/az/propose", everybody(422)),),
    ("web.register", "GET"): (Case("/ru/organisations/register", everybody()),),
    ("web.register_send", "POST"): (Case("/ru/organisations/register", everybody(422)),),
    ("web.sent", "GET"): (Case("/en/sent/AAAA-AAAA", everybody(404)),),
    ("web.organisations", "GET"): (Case("/en/organisations/", everybody()),),
    # Inbox.
    ("web.desk_inbox", "GET"): (Case("/en/desk/inbox", editors()),),
    ("web.desk_message", "GET"): (Case("/en/desk/inbox/1", editors(404)),),
    ("web.desk_message_send", "POST"): (
        Case("/en/desk/inbox/1", editors(404, 401), {"do": "close"}),
        Case("/en/desk/inbox/1", editors(400, 401), {"do": "something else"}),
    ),
}
