"""The name index follows concurrent writers in any order of commits."""

import pytest
from sqlalchemy.orm import Session

from biobank.accounts.identity import OPERATOR
from biobank.editorial.duplicates import DraftNames
from biobank.editorial.head_names import HeadNames
from biobank.editorial.heads import OVERLAP
from biobank.editorial.publishing import save_many
from biobank.store.session import Database


def record(number: int, name: str) -> dict[str, object]:
    names = [{"text": f"{name} {number}", "lang": "az", "kind": "preferred"}]
    return {"id": f"{name.casefold()}-{number}", "names": names}


def save(session: Session, *records: dict[str, object]) -> None:
    save_many(session, records, OPERATOR, "", publish=False)
    session.flush()


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_who_is_saved_early_and_committed_late_is_found_all_the_same(database: Database) -> None:
    names, drafts = HeadNames(), DraftNames()
    many = [record(number, "Uzun") for number in range(OVERLAP + 20)]

    def found(word: str) -> tuple[int, int]:
        with database.read() as session:
            near = drafts.matcher(session).find(f"{word} 1")
            alike = [match for match in near if match.person_id.startswith(word)]
            return len(names.bearing(session, word)), len(alike)

    with database.write() as session:
        save(session, record(1, "Ilk"))
    assert found("ilk") == (1, 1)
    with database.write() as late:
        save(late, *many)
        for number in (1, 2):
            with database.write() as early:
                save(early, record(number, "Qisa"))
            assert found("qisa")[0] == number
        assert found("uzun") == (0, 0)
    assert found("uzun")[0] == len(many)
    assert found("uzun")[1] > 0
