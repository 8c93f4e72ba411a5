"""The question lists: who is in the bank under which name, and what is queried."""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import shared_data
from benchmarks.shared_data import lines
from biobank.names.evaluation import SpellingQuery, split_names
from biobank.names.folding import fold
from tests.support.near_duplicates import near_duplicates_of

#: One invented person in ABSENT_EACH is queried and left out of the bank.
ABSENT_EACH = 12
NO_PERSON = ""
HELD_OUT_FILE = Path(__file__).parents[1] / "tests" / "names" / "data" / "azerbaijanis.jsonl"


@dataclass(frozen=True)
class QuestionList:
    """One list: the bank as (id, name), and the questions; those for `NO_PERSON` have no answer.

    The bank is shuffled, so that no system gains by returning ties in input order.
    """

    title: str
    bank: list[tuple[str, str]]
    questions: list[SpellingQuery]

    def __post_init__(self) -> None:
        random.Random(1885).shuffle(self.bank)  # noqa: S311 - no secret hangs on it


def variants(data: Path) -> QuestionList:
    return _question_list(
        "Spellings made for this project, among invented names",
        lines(data / shared_data.VARIANTS),
        _distractors(data),
    )


def near_namesakes(data: Path) -> QuestionList:
    people, distractors = lines(data / shared_data.VARIANTS), _distractors(data)
    known = [json.loads(line)["canonical_az"] for line in people]
    title = "The same, with near-twins of everyone asked for"
    return _question_list(title, people, [*distractors, *near_duplicates_of(known, distractors)])


def held_out(data: Path) -> QuestionList:
    """Return people whose failures were not inspected while the rules were made."""
    people = [line for line in lines(HELD_OUT_FILE) if json.loads(line)["part"].startswith("held back")]
    title = "Spellings of people the rules were not made for, among invented names"
    return _question_list(title, people, _distractors(data))


def azerbaijanis(data: Path) -> QuestionList:
    return _question_list(
        "Labels of Azerbaijanis in Wikidata, the Azerbaijani one kept, among invented names",
        lines(data / shared_data.AZERBAIJANIS),
        _distractors(data),
    )


def world(data: Path) -> QuestionList:
    """Return people of the world; only names in another script than the stored one are queried."""
    known, questions = split_names(lines(data / shared_data.WORLD), "en")
    cross_script = [question for question in questions if question.script in ("Cyrillic", "Arabic")]
    title = "Labels of people of the world in Wikidata, the English one kept"
    return QuestionList(title, list(known.items()), cross_script)


def absent(data: Path) -> QuestionList:
    distractors = _distractors(data)
    absent_names = distractors[::ABSENT_EACH]
    folded_absent = {fold(name) for name in absent_names}
    bank = _number_names([name for name in distractors if fold(name) not in folded_absent])
    questions = [SpellingQuery(NO_PERSON, name, "az", "Latin") for name in absent_names]
    return QuestionList("People who are not in the bank", bank, questions)


LISTS: Mapping[str, Callable[[Path], QuestionList]] = {
    "variants": variants,
    "twins": near_namesakes,
    "held-back": held_out,
    "azerbaijanis": azerbaijanis,
    "world": world,
    "absent": absent,
}


def _question_list(title: str, people: list[str], distractors: list[str]) -> QuestionList:
    known, questions = split_names(people, "az")
    return QuestionList(title, [*known.items(), *_number_names(distractors)], questions)


def _number_names(names: list[str]) -> list[tuple[str, str]]:
    return [(f"distractor:{number}", name) for number, name in enumerate(names)]


def _distractors(data: Path) -> list[str]:
    return lines(data / shared_data.DISTRACTORS)
