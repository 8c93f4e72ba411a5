"""Measure the reconciliation of tables: recall, certain matches and their precision.

    python -m benchmarks.reconciling                     # a quarter of an hour
    python -m benchmarks.reconciling --parts held-back   # only lists that were not used for fitting
    python -m benchmarks.reconciling --fit               # fit the weights of names on `fitted`

Each person is in a bank with one Azerbaijani name, among 6,000 invented people; the other spellings
are queried in batches of ten, without type or property unless stated. `absent`: the same spellings,
in a bank without these people. `twins`: with three more people for each, of the same surname and
the most similar other given names. `things`: with the towns, organisations and terms of the seed,
which may have the name of a person; their own names are also queried without a type among the same
people.
"""

import argparse
import json
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import shared_data
from benchmarks.corpus import seeded_random
from benchmarks.question_lists import ABSENT_EACH, HELD_OUT_FILE
from benchmarks.shared_data import lines
from benchmarks.weight_fitting import fit
from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services, make_services
from biobank.common.progress import null_progress
from biobank.editorial.revisions.bulk_save import save_records
from biobank.exchange.reconciliation.entity_types import entity_names, iter_entities
from biobank.exchange.seeding import load_kind
from biobank.names.evaluation import SpellingQuery, split_names
from biobank.names.folding import fold
from biobank.records.reference.kinds import REFERENCE_KINDS, SOURCE_KIND
from biobank.settings import Settings
from biobank.store import schema
from tests.support.near_duplicates import near_duplicates_of

#: `fitted`: the lists used while the weights were made. `held-back`: lists not used for them, and
#: for the rules of names not, or only at the end.
PARTS = ("fitted", "held-back")
BATCH = 10
CHUNK = 500
NO_PERSON = ""

Names = dict[str, str]


@dataclass
class ReconciliationCounts:
    """Counts of questions; `wrong` lists the certain but wrong answers."""

    question_count: int = 0
    first: int = 0
    certain: int = 0
    right: int = 0
    wrong: list[tuple[str, str, float]] = field(default_factory=list)
    #: By tenth of the score of the first candidate: how many, and how many of them right.
    bands: dict[int, list[int]] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)

    def add(self, question: SpellingQuery, result: Sequence[dict[str, Any]]) -> None:
        first = result[0] if result else None
        right = first is not None and first["id"] == question.person_id
        self.question_count += 1
        self.first += right
        if first is None:
            return
        band = self.bands.setdefault(min(9, int(first["score"] // 10)), [0, 0])
        band[0] += 1
        band[1] += right
        if first["match"]:
            self.certain += 1
            self.right += right
            if not right:
                self.wrong.append((question.text, first["name"], first["score"]))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    parser.add_argument("--fit", action="store_true", help="fits the weights and ends")
    parser.add_argument("--wrong", type=int, default=8, help="certain and wrong ones that are told")
    parser.add_argument("--people", type=int, default=10_000, help="in the bank that is timed")
    shared_data.add_argument(parser)
    arguments = parser.parse_args()
    data = shared_data.folder(arguments, parser)
    distractors = lines(data / shared_data.DISTRACTORS)
    if arguments.fit:
        fit(*split_names(people_in_part("fitted", data), "az"), distractors)
        return
    print("| part | bank | asked | recall@1 | match: true | right of those | wrong |")
    print("|---|---|---|---|---|---|---|")
    results = [
        (part, name, counts)
        for part in arguments.parts
        for name, counts in measure_part(people_in_part(part, data), distractors)
    ]
    _report_calibration(results)
    _report_errors(results, arguments.wrong)
    _report_speed(distractors, arguments.people)


def people_in_part(part: str, data: Path) -> list[str]:
    """Return the people of a part as JSON lines: the variants and `tuned`, or those held back."""
    held_out_lines = lines(HELD_OUT_FILE)
    if part == "held-back":
        return [line for line in held_out_lines if json.loads(line)["part"].startswith("held back")]
    tuned = [line for line in held_out_lines if json.loads(line)["part"] == "tuned"]
    return [*lines(data / shared_data.VARIANTS), *tuned]


def measure_part(
    people: Sequence[str], distractors: Sequence[str]
) -> Iterator[tuple[str, ReconciliationCounts]]:
    """Yield the counts of every bank that a part is measured on."""
    known, questions = split_names(people, "az")
    namesakes = near_duplicates_of(list(known.values()), distractors)
    invented = number_names("other", distractors)
    with_namesakes = invented | number_names("twin", namesakes)
    part = "held-back" if "held back" in "".join(people[:1]) else "fitted"
    unanswerable = [
        SpellingQuery(NO_PERSON, question.text, question.lang, question.script) for question in questions
    ]
    absent_names = distractors[::ABSENT_EACH]
    folded_absent = {fold(name) for name in absent_names}
    remaining = {id_: name for id_, name in invented.items() if fold(name) not in folded_absent}
    birth_years = random_years([*known, *with_namesakes])
    for title, bank, bank_questions, bank_years in (
        ("present", known | invented, questions, {}),
        ("present, twins", known | with_namesakes, questions, {}),
        ("present, twins, year of birth", known | with_namesakes, questions, birth_years),
        ("absent", invented, unanswerable, {}),
        ("absent, twins", with_namesakes, unanswerable, {}),
        (
            "invented, absent",
            remaining,
            [SpellingQuery(NO_PERSON, absent_name, "az", "Latin") for absent_name in absent_names],
            {},
        ),
    ):
        with served_bank(bank, bank_years) as services:
            counts = ask_service(services, bank_questions, bank_years)
        _report(part, title, counts)
        yield title, counts
    with served_bank(known | invented, {}, with_entities=True) as services:
        for title, bank_questions in (("present, things", questions), ("things", entity_questions(services))):
            counts = ask_service(services, bank_questions, {})
            _report(part, title, counts)
            yield title, counts


def entity_questions(services: Services) -> list[SpellingQuery]:
    """Return each name that only one organisation, place or term has."""
    names = Counter[str]()
    questions = []
    for entity, record in iter_entities(services.catalogue().public):
        own_names = {fold(name): name for name in entity_names(entity, record)}
        names.update(own_names.keys())
        questions += [SpellingQuery(entity.ref, name, "az", "Latin") for name in own_names.values()]
    return [question for question in questions if names[fold(question.text)] == 1]


def number_names(prefix: str, names: Sequence[str]) -> Names:
    return {f"{prefix}-{number}": name for number, name in enumerate(names)}


def random_years(ids: Sequence[str]) -> dict[str, int]:
    """Return a random year of birth for each id, as those of the lists are unknown."""
    rng = seeded_random()
    return {id_: rng.randint(1780, 1990) for id_ in ids}


@contextmanager
def served_bank(bank: Names, years: dict[str, int], *, with_entities: bool = False) -> Iterator[Services]:
    """Yield a bank of people with one name each, and a year of birth where given.

    With `with_entities` it also has the organisations, places and terms of the seed.
    """
    with tempfile.TemporaryDirectory(prefix="biobank-bench-") as temp_folder:
        folder = Path(temp_folder)
        services = make_services(
            Settings(
                database_url=f"sqlite:///{folder}/biobank.db",
                index_dir=folder / "index",
                media_dir=folder / "media",
                secret_key="-",  # noqa: S106 - signs nothing
            )
        )
        schema.upgrade(services.database)
        if with_entities:
            load_entities(services)
        records = [_record(id_, name, years.get(id_)) for id_, name in bank.items()]
        for start in range(0, len(records), CHUNK):
            with services.database.write() as session:
                save_records(session, records[start : start + CHUNK], OPERATOR, "made", publish=True)
        services.indexer.rebuild(null_progress)
        while not services.names.is_ready:
            time.sleep(0.1)
        yield services
        services.close()


def load_entities(services: Services) -> None:
    with services.database.write() as session:
        for kind in REFERENCE_KINDS:
            if kind is not SOURCE_KIND:
                load_kind(session, kind, services.settings.seed_dir)


def _record(id_: str, name: str, year: int | None) -> dict[str, Any]:
    record: dict[str, Any] = {"id": id_, "names": [{"text": name, "lang": "az", "kind": "preferred"}]}
    return record | ({"birth": {"date": str(year)}} if year else {})


def ask_service(
    services: Services, questions: Sequence[SpellingQuery], years: dict[str, int]
) -> ReconciliationCounts:
    """Send all questions in batches, with the year of birth where `years` has one."""
    counts = ReconciliationCounts()
    for start in range(0, len(questions), BATCH):
        batch = questions[start : start + BATCH]
        payload = json.dumps({str(n): _query(item, years) for n, item in enumerate(batch)})
        started = time.perf_counter()
        answer = services.reconciliation.reconcile(payload, "az")
        counts.times.append((time.perf_counter() - started) * 1000)
        for number, question in enumerate(batch):
            counts.add(question, answer[str(number)]["result"])
    return counts


def _query(question: SpellingQuery, years: dict[str, int]) -> dict[str, Any]:
    query: dict[str, Any] = {"query": question.text}
    year = years.get(question.person_id)
    return query | ({"properties": [{"pid": "birth_year", "v": year}]} if year else {})


def _report(part: str, title: str, counts: ReconciliationCounts) -> None:
    has_answers = not title.endswith("absent") and not title.startswith("absent")
    count = max(1, counts.question_count)
    recall = f"{counts.first / count:.4f}" if has_answers else "–"
    right = f"{counts.right / max(1, counts.certain):.4f}" if has_answers else "–"
    print(
        f"| {part} | {title} | {counts.question_count} | {recall} | {counts.certain / count:.4f} "
        f"| {right} | {len(counts.wrong)} |",
        flush=True,
    )


def _report_calibration(results: Sequence[tuple[str, str, ReconciliationCounts]]) -> None:
    """Print calibration over present and absent: a score of 70 should be right in 7 of 10."""
    print("\n| part | score of the first | asked | right |\n|---|---|---|---|")
    for part in dict.fromkeys(part for part, _, _ in results):
        part_counts = [
            counts
            for result_part, title, counts in results
            if result_part == part and title in ("present", "absent")
        ]
        for band in range(10):
            question_count, right = (
                sum(counts.bands.get(band, (0, 0))[index] for counts in part_counts) for index in (0, 1)
            )
            if question_count:
                print(
                    f"| {part} | {10 * band}–{10 * band + 10} | {question_count} | {right / question_count:.3f} |"
                )


def _report_errors(results: Sequence[tuple[str, str, ReconciliationCounts]], limit: int) -> None:
    print("\n| part | bank | asked | called certain | score |\n|---|---|---|---|---|")
    for part, title, counts in results:
        for text, name, score in counts.wrong[:limit]:
            print(f"| {part} | {title} | {text} | {name} | {score} |")


def _report_speed(distractors: Sequence[str], people: int) -> None:
    """Measure batches of ten in a large bank of recombined names."""
    rng = seeded_random()
    given_names, family_names = ([name.split()[index] for name in distractors] for index in (0, -1))
    bank = number_names(
        "other", [f"{rng.choice(given_names)} {rng.choice(family_names)}" for _ in range(people)]
    )
    questions = [SpellingQuery(id_, name, "az", "Latin") for id_, name in rng.sample([*bank.items()], 500)]
    years = random_years([*bank])
    with served_bank(bank, years) as services:
        ask_service(services, questions[:BATCH], {})
        print(f"\n| {people} people, batches of {BATCH} | p50 ms | p95 ms | at most |\n|---|---|---|---|")
        for title, birth_years in (("name alone", {}), ("name and year of birth", years)):
            times = sorted(ask_service(services, questions, birth_years).times)
            median_ms, p95_ms = times[len(times) // 2], times[int(0.95 * len(times))]
            print(f"| {title} | {median_ms:.0f} | {p95_ms:.0f} | {times[-1]:.0f} |")


if __name__ == "__main__":
    main()
