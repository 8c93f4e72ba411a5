"""Public forms, and the inbox of the editors."""

from tests.accounts.matrix.expectations import Case, Table, editors, same_for_all

PERSON = "/en/people/nizami-gencevi"

TABLE: Table = {
    # Public forms; one without a valid proof token is shown again to every caller.
    ("web.suggest", "GET"): (
        Case(f"{PERSON}/suggest?field=birth", same_for_all()),
        Case("/en/people/nobody/suggest", same_for_all(404)),
    ),
    ("web.suggest_post", "POST"): (
        Case(f"{PERSON}/suggest", same_for_all(422)),
        Case("/en/people/nobody/suggest", same_for_all(404)),
    ),
    ("web.objection", "GET"): (Case(f"{PERSON}/objection", same_for_all()),),
    ("web.objection_post", "POST"): (Case(f"{PERSON}/objection", same_for_all(422)),),
    ("web.propose", "GET"): (Case("/az/propose", same_for_all()),),
    ("web.propose_post", "POST"): (Case("/az/propose", same_for_all(422)),),
    ("web.register", "GET"): (Case("/ru/organisations/register", same_for_all()),),
    ("web.register_post", "POST"): (Case("/ru/organisations/register", same_for_all(422)),),
    ("web.receipt", "GET"): (Case("/en/sent/AAAA-AAAA", same_for_all(404)),),
    ("web.organisations", "GET"): (Case("/en/organisations/", same_for_all()),),
    # Inbox.
    ("desk.inbox", "GET"): (Case("/en/desk/inbox", editors()),),
    ("desk.message", "GET"): (Case("/en/desk/inbox/1", editors(404)),),
    ("desk.message_post", "POST"): (
        Case("/en/desk/inbox/1", editors(404, 401), {"do": "close"}),
        Case("/en/desk/inbox/1", editors(400, 401), {"do": "something else"}),
    ),
}
