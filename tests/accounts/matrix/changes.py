"""The change feed and webhooks."""

from tests.accounts.matrix.expectations import Case, Table, admins, same_for_all

PATH = "/en/desk/webhooks"

TABLE: Table = {
    ("changes.get_changes", "GET"): (
        Case("/api/v1/changes", same_for_all()),
        Case("/api/v1/changes?since=never", same_for_all(400)),
    ),
    ("desk.webhooks", "GET"): (Case(PATH, admins()),),
    ("desk.webhooks_post", "POST"): (
        Case(PATH, admins(422, 401)),
        Case(PATH, admins(422, 401), {"address": "https://127.0.0.1/"}),
        Case(PATH, admins(404, 401), {"remove": "999999"}),
        Case(PATH, admins(404, 401), {"secret": "999999"}),
    ),
}
