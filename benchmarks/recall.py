"""Measure how well several systems find people by their spellings.

    python -m benchmarks.recall --systems matcher fts5 --lists variants twins

Each person is in the bank with one name; the other spellings are queried. The tables are Markdown.
Times are those of one caller that waits for each response before the next query.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from benchmarks import shared_data
from benchmarks.finders import Answer, Finder, System, SystemMissing, matcher
from benchmarks.questions import LISTS, NOBODY, Asked
from benchmarks.rivals import fts5, pg_trgm
from benchmarks.served import api
from biobank.names.evaluation import LOOKED_AT, Figures, Question
from biobank.names.matcher import compare

SYSTEMS: Mapping[str, System] = {"matcher": matcher, "api": api, "fts5": fts5, "pg_trgm": pg_trgm}
#: Systems whose failures are printed.
OURS = ("matcher", "api")
#: Minimum number of questions of a language with a separate row.
GROUP_LEAST = 5
#: Minimum score at which two names compared alone count as similar.
ALIKE = 0.8


@dataclass(frozen=True)
class Failure:
    """A question whose person was not first; `rank` is 0 if not among the first ten."""

    question: Question
    rank: int
    answer: Answer


@dataclass
class Measured:
    """The results of one system on one list; times in ms, `confident` counts certain answers."""

    figures: dict[str, Figures] = field(default_factory=dict)
    failures: list[Failure] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    answered: int = 0
    sure: int | None = 0

    def add(self, question: Question, answer: Answer, milliseconds: float) -> None:
        ids = answer.ids
        rank = ids.index(question.person_id) + 1 if question.person_id in ids else 0
        for group in ("all", question.script, question.lang):
            self.figures.setdefault(group, Figures()).add(rank, "")
        if rank != 1:
            self.failures.append(Failure(question, rank, answer))
        self.times.append(milliseconds)
        self.notes[answer.note] += 1
        self.answered += bool(ids)
        self.sure = None if answer.sure is None or self.sure is None else self.sure + answer.sure

    def percentile(self, share: float) -> float:
        ordered = sorted(self.times)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--systems", nargs="+", choices=[*SYSTEMS], default=[*SYSTEMS])
    parser.add_argument("--lists", nargs="+", choices=[*LISTS], default=[*LISTS])
    parser.add_argument("--failures", type=int, default=10, help="of ours, told for each list")
    shared_data.add_argument(parser)
    arguments = parser.parse_args()
    data = shared_data.folder(arguments, parser)
    for name in arguments.lists:
        asked = LISTS[name](data)
        print(f"\n## {name}: {asked.title}\n")
        print(f"{len(asked.bank)} people in the bank, {len(asked.questions)} questions\n")
        results = dict(_measured(arguments.systems, asked))
        if asked.questions[0].person_id == NOBODY:
            _tell_absent(results)
        else:
            _tell(results)
            for system in OURS:
                if system in results:
                    _tell_failures(system, asked, results[system].failures, arguments.failures)


def _measured(systems: Sequence[str], asked: Asked) -> Iterator[tuple[str, Measured]]:
    for name in systems:
        try:
            with SYSTEMS[name](asked.bank) as finder:
                yield name, measure(finder, asked)
        except SystemMissing as error:
            print(f"{name} is left out: {error}", file=sys.stderr)


def measure(finder: Finder, asked: Asked) -> Measured:
    measured = Measured()
    # The first query loads data and is not measured.
    finder.find(asked.bank[0][1], LOOKED_AT)
    for question in asked.questions:
        time.sleep(finder.pause)
        started = time.perf_counter()
        answer = finder.find(question.text, LOOKED_AT)
        measured.add(question, answer, (time.perf_counter() - started) * 1000)
    return measured


def _tell(results: Mapping[str, Measured]) -> None:
    print("| system | recall@1 | recall@10 | MRR | p50 ms | p95 ms |\n|---|---|---|---|---|---|")
    for system, measured in results.items():
        facts = measured.figures["all"].as_dict()
        recall = " | ".join(f"{facts[key]:.4f}" for key in ("recall_1", "recall_10", "mrr"))
        print(f"| {system} | {recall} | {_times(measured)} |")
    print(f"\n| recall@1 | asked | {' | '.join(results)} |\n|---|---|{'---|' * len(results)}")
    counts = {
        group: figures.asked
        for measured in results.values()
        for group, figures in measured.figures.items()
    }
    for group, count in sorted(counts.items(), key=lambda one: (-one[1], one[0])):
        if count >= GROUP_LEAST and group != "all":
            found = (one.figures[group].as_dict()["recall_1"] for one in results.values())
            print(f"| {group} | {count} | {' | '.join(f'{share:.4f}' for share in found)} |")


def _tell_absent(results: Mapping[str, Measured]) -> None:
    print("| system | takes somebody for them | shows anybody | p50 ms | p95 ms |")
    print("|---|---|---|---|---|")
    for system, measured in results.items():
        count = len(measured.times)
        sure = "–" if measured.sure is None else f"{measured.sure / count:.4f}"
        print(f"| {system} | {sure} | {measured.answered / count:.4f} | {_times(measured)} |")
    if "api" in results:
        told = (f"{note}: {count}" for note, count in results["api"].notes.most_common())
        print(f"\napi, `match` and the qualities of the first hit: {'; '.join(told)}")


def _tell_failures(system: str, asked: Asked, failures: Sequence[Failure], most: int) -> None:
    """Print the failures, worst first: not found at all, then by rank."""
    names = dict(asked.bank)
    unseen = [one.question for one in failures if not one.rank]
    scores = [compare(question.text, names[question.person_id]) for question in unseen]
    alike = sum(match is not None and match.score >= ALIKE for match in scores)
    nothing = scores.count(None)
    print(
        f"\n{system}: {len(failures)} not first, {len(unseen)} not in {LOOKED_AT}; "
        f"of those, compared alone, {alike} alike, {nothing} nothing alike\n"
    )
    if not failures or not most:
        return
    print("| asked | language | person | place | first | said of it |\n|---|---|---|---|---|---|")
    for failure in sorted(failures, key=lambda one: -(one.rank or LOOKED_AT + 1))[:most]:
        question, answer = failure.question, failure.answer
        first = names[answer.ids[0]] if answer.ids else "nobody"
        place = failure.rank or f"not in {LOOKED_AT}"
        known = names[question.person_id]
        print(
            f"| {question.text} | {question.lang} | {known} | {place} | {first} | {answer.note} |"
        )


def _times(measured: Measured) -> str:
    return f"{measured.percentile(0.5):.1f} | {measured.percentile(0.95):.1f}"


if __name__ == "__main__":
    main()
