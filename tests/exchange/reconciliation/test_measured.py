"""Minimum quality for people outside the fitted set, in a realistic bank.

A smaller version of `python -m benchmarks.reconciling`; its results are in docs/reference/reconciliation.md.
"""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services, make_services
from biobank.common.progress import null_progress
from biobank.editorial.revisions.bulk_save import save_records
from biobank.names.evaluation import SpellingQuery, split_names
from biobank.settings import Settings
from biobank.store import schema
from tests.names.name_lists import DATA, read_lines

pytestmark = pytest.mark.slow

DISTRACTOR_COUNT = 1500
BATCH = 10


def _people(part: str) -> tuple[dict[str, str], list[SpellingQuery]]:
    people = (line for line in read_lines(DATA / "azerbaijanis.jsonl") if json.loads(line)["part"] == part)
    return split_names(people, "az")


@pytest.fixture(scope="module")
def evaluation_services(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Provide held-back people among invented ones."""
    folder = tmp_path_factory.mktemp("measured")
    services = make_services(
        Settings(
            database_url=f"sqlite:///{folder}/biobank.db",
            index_dir=folder / "index",
            media_dir=folder / "media",
            secret_key="a key for tests",
        )
    )
    schema.upgrade(services.database)
    known, _ = _people("held back")
    distractors = read_lines(shared / "data" / "names_distractors.txt")[:DISTRACTOR_COUNT]
    bank = known | {f"other-{at}": name for at, name in enumerate(distractors)}
    records = [
        {"id": id_, "names": [{"text": name, "lang": "az", "kind": "preferred"}]}
        for id_, name in bank.items()
    ]
    with services.database.write() as session:
        save_records(session, records, OPERATOR, "", publish=True)
    services.indexer.rebuild(null_progress)
    while not services.names.is_ready:
        time.sleep(0.05)
    yield services
    services.close()


def _best_candidates(
    services: Services, questions: list[SpellingQuery]
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the expected person and the likeliest candidate of each question."""
    for at in range(0, len(questions), BATCH):
        batch = {str(n): {"query": item.text} for n, item in enumerate(questions[at : at + BATCH])}
        response = services.reconciliation.reconcile(json.dumps(batch), "az")
        for number, question in enumerate(questions[at : at + BATCH]):
            result = response[str(number)]["result"]
            yield question.person_id, result[0] if result else {"id": "", "match": False}


def test_people_are_first_and_what_is_certain_is_right(evaluation_services: Services) -> None:
    best_candidates = list(_best_candidates(evaluation_services, _people("held back")[1]))
    right = sum(first["id"] == meant for meant, first in best_candidates)
    certain = [first["id"] == meant for meant, first in best_candidates if first["match"]]
    assert right >= 0.97 * len(best_candidates)
    assert len(certain) >= 0.6 * len(best_candidates)
    assert sum(certain) >= 0.99 * len(certain)


def test_absent_people_are_rarely_certain(evaluation_services: Services) -> None:
    absent = _people("held back at first")[1][::3]
    certain = [meant for meant, first in _best_candidates(evaluation_services, absent) if first["match"]]
    assert len(certain) <= 0.01 * len(absent)
