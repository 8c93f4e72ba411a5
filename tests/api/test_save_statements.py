"""A save takes few statements, none of which reads a whole table, however large the bank is."""

from biobank.accounts import tokens
from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services
from tests.support.apps import create_app
from tests.support.desk_records import UZEYIR
from tests.support.statements import Statement, logged_statements
from tests.support.users import add_user

#: The token, the transaction, one query per kind of reference, and the new revision.
MAX_SAVE_STATEMENTS = 13
URL = f"/api/v1/people/{UZEYIR}"


def save_statements(services: Services, **changes: object) -> list[Statement]:
    """Return the statements of a PUT that changes a record as given."""
    client, key = create_app(services).test_client(), _token(services)
    headers = {"Authorization": f"Bearer {key}"}
    record = client.get(f"{URL}/draft", headers=headers).get_json() | changes
    with logged_statements(services.database.engine) as log:
        response = client.put(URL, json=record, headers={**headers, "If-Match": '"1"'})
    assert response.status_code in (200, 422), response.text
    return log.examine(services.database)


def _token(services: Services) -> str:
    user_id = add_user(services.database, "Aysel", "editor").user_id
    assert user_id is not None
    scopes = ["read", "write"]
    return tokens.create_token_for(services.database, OPERATOR, user_id, "a test", scopes)


def test_a_save_reads_only_what_the_record_refers_to(own_services: Services) -> None:
    statements = save_statements(own_services, headline={"en": "A composer"})
    assert len(statements) <= MAX_SAVE_STATEMENTS
    assert [statement.sql for statement in statements if statement.scans] == []
    assert sum("FROM revisions" in statement.sql for statement in statements) == 2
    assert sum(statement.sql.startswith("BEGIN IMMEDIATE") for statement in statements) == 1


def test_only_a_refused_save_reads_all_ids_for_suggestions(own_services: Services) -> None:
    statements = save_statements(own_services, professions=["composser"])
    assert {"terms", "places"} <= {scan for statement in statements for scan in statement.scans}
