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
from benchmarks.corpus import same_chance
from benchmarks.fitting import fit
from benchmarks.questions import ABSENT_EACH, HELD_BACK
from benchmarks.shared_data import lines
from biobank.accounts.identity import OPERATOR
from biobank.bootstrap import Services, make_services
from biobank.editorial.publishing import save_many
from biobank.exchange.importing.importer import silent
from biobank.exchange.reconciling.entities import thing_names, things
from biobank.exchange.seeding import load_kind
from biobank.names.evaluation import Question, known_and_asked
from biobank.names.folding import fold
from biobank.records.reference.kinds import KINDS, SOURCE
from biobank.settings import Settings
from biobank.store import schema
from tests.support.twins import twins_among

#: `fitted`: the lists used while the weights were made. `held-back`: lists not used for them, and
#: for the rules of names not, or only at the end.
PARTS = ("fitted", "held-back")
BATCH = 10
CHUNK = 500
NOBODY = ""

Names = dict[str, str]


@dataclass
class Figures:
    """Counts of questions; `wrong` lists the certain but wrong answers."""

    asked: int = 0
    first: int = 0
    certain: int = 0
    right: int = 0
    wrong: list[tuple[str, str, float]] = field(default_factory=list)
    #: By tenth of the score of the first candidate: how many, and how many of them right.
    bands: dict[int, list[int]] = field(default_factory=dict)
    times: list[float] = field(default_factory=list)

    def add(self, question: Question, result: Sequence[dict[str, Any]]) -> None:
        first = result[0] if result else None
        right = first is not None and first["id"] == question.person_id
        self.asked += 1
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
    others = lines(data / shared_data.DISTRACTORS)
    if arguments.fit:
        fit(*known_and_asked(people_of("fitted", data), "az"), others)
        return
    print("| part | bank | asked | recall@1 | match: true | right of those | wrong |")
    print("|---|---|---|---|---|---|---|")
    told = [
        (part, name, figures)
        for part in arguments.parts
        for name, figures in measured(people_of(part, data), others)
    ]
    _tell_bands(told)
    _tell_wrong(told, arguments.wrong)
    _tell_speed(others, arguments.people)


def people_of(part: str, data: Path) -> list[str]:
    """Return the people of a part as JSON lines: the variants and `tuned`, or those held back."""
    ours = lines(HELD_BACK)
    if part == "held-back":
        return [line for line in ours if json.loads(line)["part"].startswith("held back")]
    tuned = [line for line in ours if json.loads(line)["part"] == "tuned"]
    return [*lines(data / shared_data.VARIANTS), *tuned]


def measured(people: Sequence[str], others: Sequence[str]) -> Iterator[tuple[str, Figures]]:
    """Yield the counts of every bank that a part is measured on."""
    known, questions = known_and_asked(people, "az")
    twins = twins_among(list(known.values()), others)
    invented = numbered("other", others)
    both = invented | numbered("twin", twins)
    part = "held-back" if "held back" in "".join(people[:1]) else "fitted"
    nobody = [Question(NOBODY, one.text, one.lang, one.script) for one in questions]
    asked_for = others[::ABSENT_EACH]
    out = {fold(name) for name in asked_for}
    rest = {id_: name for id_, name in invented.items() if fold(name) not in out}
    years = years_of([*known, *both])
    for title, bank, asked, given in (
        ("present", known | invented, questions, {}),
        ("present, twins", known | both, questions, {}),
        ("present, twins, year of birth", known | both, questions, years),
        ("absent", invented, nobody, {}),
        ("absent, twins", both, nobody, {}),
        ("invented, absent", rest, [Question(NOBODY, n, "az", "Latin") for n in asked_for], {}),
    ):
        with served(bank, given) as services:
            figures = ask(services, asked, given)
        _tell(part, title, figures)
        yield title, figures
    with served(known | invented, {}, with_things=True) as services:
        for title, asked in (("present, things", questions), ("things", things_of(services))):
            figures = ask(services, asked, {})
            _tell(part, title, figures)
            yield title, figures


def things_of(services: Services) -> list[Question]:
    """Return each name that only one organisation, place or term has."""
    names = Counter[str]()
    asked = []
    for entity, record in things(services.catalogue().public):
        own = {fold(name): name for name in thing_names(entity, record)}
        names.update(own.keys())
        asked += [Question(entity.ref, name, "az", "Latin") for name in own.values()]
    return [one for one in asked if names[fold(one.text)] == 1]


def numbered(prefix: str, names: Sequence[str]) -> Names:
    return {f"{prefix}-{number}": name for number, name in enumerate(names)}


def years_of(ids: Sequence[str]) -> dict[str, int]:
    """Return a random year of birth for each id, as those of the lists are unknown."""
    chance = same_chance()
    return {id_: chance.randint(1780, 1990) for id_ in ids}


@contextmanager
def served(bank: Names, years: dict[str, int], *, with_things: bool = False) -> Iterator[Services]:
    """Yield a bank of people with one name each, and a year of birth where given.

    With `with_entities` it also has the organisations, places and terms of the seed.
    """
    with tempfile.TemporaryDirectory(prefix="biobank-bench-") as place:
        folder = Path(place)
        services = make_services(
            Settings(
                database_url=f"sqlite:///{folder}/biobank.db",
                index_dir=folder / "index",
                media_dir=folder / "media",
                secret_key="-",  # noqa: S106 - signs nothing
            )
        )
        schema.upgrade(services.database)
        if with_things:
            seed_things(services)
        records = [_record(id_, name, years.get(id_)) for id_, name in bank.items()]
        for at in range(0, len(records), CHUNK):
            with services.database.write() as session:
                save_many(session, records[at : at + CHUNK], OPERATOR, "made", publish=True)
        services.indexer.rebuild(silent)
        while not services.names.ready:
            time.sleep(0.1)
        yield services
        services.close()


def seed_things(services: Services) -> None:
    with services.database.write() as session:
        for kind in KINDS:
            if kind is not SOURCE:
                load_kind(session, kind, services.settings.seed_dir)


def _record(id_: str, name: str, year: int | None) -> dict[str, Any]:
    record: dict[str, Any] = {
        "id": id_,
        "names": [{"text": name, "lang": "az", "kind": "preferred"}],
    }
    return record | ({"birth": {"date": str(year)}} if year else {})


def ask(services: Services, questions: Sequence[Question], years: dict[str, int]) -> Figures:
    """Send all questions in batches, with the year of birth where `years` has one."""
    figures = Figures()
    for at in range(0, len(questions), BATCH):
        batch = questions[at : at + BATCH]
        sent = json.dumps({str(n): _query(one, years) for n, one in enumerate(batch)})
        started = time.perf_counter()
        answer = services.reconciling.reconcile(sent, "az")
        figures.times.append((time.perf_counter() - started) * 1000)
        for number, question in enumerate(batch):
            figures.add(question, answer[str(number)]["result"])
    return figures


def _query(question: Question, years: dict[str, int]) -> dict[str, Any]:
    query: dict[str, Any] = {"query": question.text}
    year = years.get(question.person_id)
    return query | ({"properties": [{"pid": "birth_year", "v": year}]} if year else {})


def _tell(part: str, title: str, figures: Figures) -> None:
    there = not title.endswith("absent") and not title.startswith("absent")
    count = max(1, figures.asked)
    recall = f"{figures.first / count:.4f}" if there else "–"
    right = f"{figures.right / max(1, figures.certain):.4f}" if there else "–"
    print(
        f"| {part} | {title} | {figures.asked} | {recall} | {figures.certain / count:.4f} "
        f"| {right} | {len(figures.wrong)} |",
        flush=True,
    )


def _tell_bands(told: Sequence[tuple[str, str, Figures]]) -> None:
    """Print calibration over present and absent: a score of 70 should be right in 7 of 10."""
    print("\n| part | score of the first | asked | right |\n|---|---|---|---|")
    for part in dict.fromkeys(part for part, _, _ in told):
        mixed = [f for own, title, f in told if own == part and title in ("present", "absent")]
        for band in range(10):
            asked, right = (sum(f.bands.get(band, (0, 0))[at] for f in mixed) for at in (0, 1))
            if asked:
                print(f"| {part} | {10 * band}–{10 * band + 10} | {asked} | {right / asked:.3f} |")


def _tell_wrong(told: Sequence[tuple[str, str, Figures]], most: int) -> None:
    print("\n| part | bank | asked | called certain | score |\n|---|---|---|---|---|")
    for part, title, figures in told:
        for text, name, score in figures.wrong[:most]:
            print(f"| {part} | {title} | {text} | {name} | {score} |")


def _tell_speed(others: Sequence[str], people: int) -> None:
    """Measure batches of ten in a large bank of recombined names."""
    chance = same_chance()
    given, family = ([name.split()[at] for name in others] for at in (0, -1))
    bank = numbered(
        "other", [f"{chance.choice(given)} {chance.choice(family)}" for _ in range(people)]
    )
    asked = [
        Question(id_, name, "az", "Latin") for id_, name in chance.sample([*bank.items()], 500)
    ]
    years = years_of([*bank])
    with served(bank, years) as services:
        ask(services, asked[:BATCH], {})
        print(
            f"\n| {people} people, batches of {BATCH} | p50 ms | p95 ms | at most |"
            "\n|---|---|---|---|"
        )
        for title, its in (("name alone", {}), ("name and year of birth", years)):
            times = sorted(ask(services, asked, its).times)
            half, most = times[len(times) // 2], times[int(0.95 * len(times))]
            print(f"| {title} | {half:.0f} | {most:.0f} | {times[-1]:.0f} |")


if __name__ == "__main__":
    main()
