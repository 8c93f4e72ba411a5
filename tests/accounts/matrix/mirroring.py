"""The change feed and webhooks."""

from tests.accounts.matrix.answers import Case, Table, admins, everybody

PATH = "/en/desk/webhooks"

TABLE: Table = {
    ("changes.get_changes", "GET"): (
        Case("/api/v1/changes", everybody()),
        Case("/api/v1/changes?since=never", everybody(400)),
    ),
    ("web.desk_webhooks", "GET"): (Case(PATH, admins()),),
    ("web.desk_webhooks_send", "POST"): (
        Case(PATH, admins(422, 401)),
        Case(PATH, admins(422, 401), {"address": "https://127.0.0.1/"}),
        Case(PATH, admins(404, 401), {"remove": "999999"}),
        Case(PATH, admins(404, 401), {"secret": "999999"}),
    ),
}
