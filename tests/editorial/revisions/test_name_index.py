"""The name index follows concurrent writers in any order of commits."""

import pytest
from sqlalchemy.orm import Session

from biobank.accounts.identity import OPERATOR
from biobank.editorial.duplicates.candidates import DraftNameIndex
from biobank.editorial.review.desk_queries import LatestNameIndex
from biobank.editorial.revisions.bulk_save import save_records
from biobank.editorial.revisions.latest_revisions import CURSOR_OVERLAP_IDS
from biobank.store.session import Database


def record(number: int, name: str) -> dict[str, object]:
    names = [{"text": f"{name} {number}", "lang": "az", "kind": "preferred"}]
    return {"id": f"{name.casefold()}-{number}", "names": names}


def save(session: Session, *records: dict[str, object]) -> None:
    save_records(session, records, OPERATOR, "", publish=False)
    session.flush()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_late_commits_are_indexed(database: Database) -> None:
    names, drafts = LatestNameIndex(), DraftNameIndex()
    records = [record(number, "Uzun") for number in range(CURSOR_OVERLAP_IDS + 20)]

    def count_matches(word: str) -> tuple[int, int]:
        with database.read() as session:
            matches = drafts.matcher(session).find(f"{word} 1")
            own_matches = [match for match in matches if match.person_id.startswith(word)]
            return len(names.search(session, word)), len(own_matches)

    with database.write() as session:
        save(session, record(1, "Ilk"))
    assert count_matches("ilk") == (1, 1)
    with database.write() as second_transaction:
        save(second_transaction, *records)
        for number in (1, 2):
            with database.write() as first_transaction:
                save(first_transaction, record(number, "Qisa"))
            assert count_matches("qisa")[0] == number
        assert count_matches("uzun") == (0, 0)
    assert count_matches("uzun")[0] == len(records)
    assert count_matches("uzun")[1] > 0
