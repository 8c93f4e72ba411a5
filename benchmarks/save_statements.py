"""Count the SQL statements of a save through the API, in a bank of many people.

    python -m benchmarks.save_statements [--people 20000]

Prints each statement of a PUT with the rows it returned and the tables it read entirely, then the
totals and the milliseconds. `tests/api/test_save_statements.py` holds the limits.
"""

import argparse
import tempfile
import time
from pathlib import Path

from sqlalchemy import insert, select

from benchmarks.corpus import SEED
from biobank.accounts import tokens
from biobank.accounts.identity import OPERATOR
from biobank.app.factory import create_app
from biobank.bootstrap import Services, make_services
from biobank.editorial.models import Revision
from biobank.exchange import seeding
from biobank.records.people.models import Person
from biobank.settings import Settings
from biobank.store import schema
from tests.support.statements import logged_statements
from tests.support.users import add_user

EDITED_PERSON = "uzeyir-hacibeyov"
MAX_SQL_CHARS = 110
SAVES = 5


def add_people(services: Services, people: int) -> None:
    """Add copies of the edited person, each with one published revision."""
    with services.database.write() as session:
        row = session.scalars(select(Revision).where(Revision.person_id == EDITED_PERSON)).one()
        shared = {"state": "published", "number": 1, "author": "x", "at": row.at}
        ids = [f"copy-{number}" for number in range(people)]
        session.execute(insert(Person), [{"id": id_, "published": 1} for id_ in ids])
        revisions = [{"person_id": id_, "record": {**row.record, "id": id_}, **shared} for id_ in ids]
        session.execute(insert(Revision), revisions)


def measure_save(services: Services) -> None:
    user_id = add_user(services.database, "Aysel", "editor").user_id
    assert user_id is not None
    key = tokens.create_token_for(services.database, OPERATOR, user_id, "x", ["read", "write"])
    client = create_app(services).test_client()
    url, headers = f"/api/v1/people/{EDITED_PERSON}", {"Authorization": f"Bearer {key}"}
    draft = client.get(f"{url}/draft", headers=headers)
    record = draft.get_json()
    for number in range(1, SAVES + 1):
        record["headline"] = {"en": f"Edit {number}"}
        started = time.perf_counter()
        with logged_statements(services.database.engine) as log:
            answer = client.put(url, json=record, headers={**headers, "If-Match": f'"{number}"'})
        elapsed_ms = (time.perf_counter() - started) * 1000
        assert answer.status_code == 200, answer.text
    statements = log.examine(services.database)
    for statement in statements:
        sql = " ".join(statement.sql.split())[:MAX_SQL_CHARS]
        print(f"{statement.rows:7,} rows  {' '.join(statement.scans):22}  {sql}")
    scans = sum(bool(statement.scans) for statement in statements)
    rows = sum(statement.rows for statement in statements)
    print(f"{len(statements)} statements, {scans} over a whole table, {rows:,} rows")
    print(f"{elapsed_ms:.0f} ms")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=20_000)
    people = parser.parse_args().people
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        services = make_services(
            Settings(
                database_url=f"sqlite:///{folder}/biobank.db",
                index_dir=folder / "index",
                media_dir=folder / "media",
                imports_dir=folder / "imports",
                dumps_dir=folder / "dumps",
                secret_key="a key for measuring",  # noqa: S106
            )
        )
        schema.upgrade(services.database)
        seeding.seed(services.database, SEED)
        add_people(services, people)
        measure_save(services)
        services.close()


if __name__ == "__main__":
    main()
