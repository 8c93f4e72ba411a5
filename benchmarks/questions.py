"""The question lists: who is in the bank under which name, and what is queried."""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import shared_data
from benchmarks.shared_data import lines
from biobank.names.evaluation import Question, known_and_asked
from biobank.names.folding import fold
from tests.support.twins import twins_among

#: One invented person in ABSENT_EACH is queried and left out of the bank.
ABSENT_EACH = 12
NOBODY = ""
HELD_BACK = Path(__file__).parents[1] / "tests" / "names" / "data" / "azerbaijanis.jsonl"


@dataclass(frozen=True)
class Asked:
    """One list: the bank as (id, name), and the questions; those for `NO_PERSON` have no answer.

    The bank is shuffled, so that no system gains by returning ties in input order.
    """

    title: str
    bank: list[tuple[str, str]]
    questions: list[Question]

    def __post_init__(self) -> None:
        random.Random(1885).shuffle(self.bank)  # noqa: S311 - no secret hangs on it


def variants(data: Path) -> Asked:
    return _of_people(
        "Spellings made for this project, among invented names",
        lines(data / shared_data.VARIANTS),
        _distractors(data),
    )


def near_twins(data: Path) -> Asked:
    people, others = lines(data / shared_data.VARIANTS), _distractors(data)
    known = [json.loads(line)["canonical_az"] for line in people]
    title = "The same, with near-twins of everyone asked for"
    return _of_people(title, people, [*others, *twins_among(known, others)])


def held_back(data: Path) -> Asked:
    """Return people whose failures were not inspected while the rules were made."""
    people = [line for line in lines(HELD_BACK) if json.loads(line)["part"].startswith("held back")]
    title = "Spellings of people the rules were not made for, among invented names"
    return _of_people(title, people, _distractors(data))


def azerbaijanis(data: Path) -> Asked:
    return _of_people(
        "Labels of Azerbaijanis in Wikidata, the Azerbaijani one kept, among invented names",
        lines(data / shared_data.AZERBAIJANIS),
        _distractors(data),
    )


def world(data: Path) -> Asked:
    """Return people of the world; only names in another script than the stored one are queried."""
    known, asked = known_and_asked(lines(data / shared_data.WORLD), "en")
    across = [question for question in asked if question.script in ("Cyrillic", "Arabic")]
    title = "Labels of people of the world in Wikidata, the English one kept"
    return Asked(title, list(known.items()), across)


def absent(data: Path) -> Asked:
    others = _distractors(data)
    sought = others[::ABSENT_EACH]
    out = {fold(name) for name in sought}
    bank = _numbered([name for name in others if fold(name) not in out])
    questions = [Question(NOBODY, name, "az", "Latin") for name in sought]
    return Asked("People who are not in the bank", bank, questions)


LISTS: Mapping[str, Callable[[Path], Asked]] = {
    "variants": variants,
    "twins": near_twins,
    "held-back": held_back,
    "azerbaijanis": azerbaijanis,
    "world": world,
    "absent": absent,
}


def _of_people(title: str, people: list[str], others: list[str]) -> Asked:
    known, questions = known_and_asked(people, "az")
    return Asked(title, [*known.items(), *_numbered(others)], questions)


def _numbered(names: list[str]) -> list[tuple[str, str]]:
    return [(f"distractor:{number}", name) for number, name in enumerate(names)]


def _distractors(data: Path) -> list[str]:
    return lines(data / shared_data.DISTRACTORS)
