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
from benchmarks.api_system import api
from benchmarks.question_lists import LISTS, NO_PERSON, QuestionList
from benchmarks.retrieval_systems import (
    RankedAnswer,
    RetrievalSystem,
    SystemFactory,
    SystemUnavailable,
    matcher,
)
from benchmarks.trigram_systems import fts5, pg_trgm
from biobank.names.evaluation import RESULTS_PER_QUERY, MatchMetrics, SpellingQuery
from biobank.names.matcher import compare_names

SYSTEMS: Mapping[str, SystemFactory] = {"matcher": matcher, "api": api, "fts5": fts5, "pg_trgm": pg_trgm}
#: Systems whose failures are printed.
OWN_SYSTEMS = ("matcher", "api")
#: Minimum number of questions of a language with a separate row.
MIN_GROUP_QUESTIONS = 5
#: Minimum score at which two names compared alone count as similar.
SIMILAR_SCORE = 0.8


@dataclass(frozen=True)
class RecallFailure:
    """A question whose person was not first; `rank` is 0 if not among the first ten."""

    question: SpellingQuery
    rank: int
    answer: RankedAnswer


@dataclass
class SystemResult:
    """The results of one system on one list; times in ms, `confident` counts certain answers."""

    metrics: dict[str, MatchMetrics] = field(default_factory=dict)
    failures: list[RecallFailure] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    answered: int = 0
    confident: int | None = 0

    def add(self, question: SpellingQuery, answer: RankedAnswer, milliseconds: float) -> None:
        ids = answer.ids
        rank = ids.index(question.person_id) + 1 if question.person_id in ids else 0
        for group in ("all", question.script, question.lang):
            self.metrics.setdefault(group, MatchMetrics()).add(rank, "")
        if rank != 1:
            self.failures.append(RecallFailure(question, rank, answer))
        self.times.append(milliseconds)
        self.notes[answer.note] += 1
        self.answered += bool(ids)
        self.confident = (
            None if answer.confident is None or self.confident is None else self.confident + answer.confident
        )

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
        question_list = LISTS[name](data)
        print(f"\n## {name}: {question_list.title}\n")
        print(f"{len(question_list.bank)} people in the bank, {len(question_list.questions)} questions\n")
        results = dict(_measure_all(arguments.systems, question_list))
        if question_list.questions[0].person_id == NO_PERSON:
            _report_absent(results)
        else:
            _report(results)
            for system in OWN_SYSTEMS:
                if system in results:
                    _report_failures(system, question_list, results[system].failures, arguments.failures)


def _measure_all(systems: Sequence[str], question_list: QuestionList) -> Iterator[tuple[str, SystemResult]]:
    for name in systems:
        try:
            with SYSTEMS[name](question_list.bank) as finder:
                yield name, measure(finder, question_list)
        except SystemUnavailable as error:
            print(f"{name} is left out: {error}", file=sys.stderr)


def measure(finder: RetrievalSystem, question_list: QuestionList) -> SystemResult:
    result = SystemResult()
    # The first query loads data and is not measured.
    finder.find(question_list.bank[0][1], RESULTS_PER_QUERY)
    for question in question_list.questions:
        time.sleep(finder.pause)
        started = time.perf_counter()
        answer = finder.find(question.text, RESULTS_PER_QUERY)
        result.add(question, answer, (time.perf_counter() - started) * 1000)
    return result


def _report(results: Mapping[str, SystemResult]) -> None:
    print("| system | recall@1 | recall@10 | MRR | p50 ms | p95 ms |\n|---|---|---|---|---|---|")
    for system, result in results.items():
        summary = result.metrics["all"].as_dict()
        recall = " | ".join(f"{summary[key]:.4f}" for key in ("recall_1", "recall_10", "mrr"))
        print(f"| {system} | {recall} | {_format_times(result)} |")
    print(f"\n| recall@1 | asked | {' | '.join(results)} |\n|---|---|{'---|' * len(results)}")
    counts = {
        group: metrics.total for result in results.values() for group, metrics in result.metrics.items()
    }
    for group, count in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        if count >= MIN_GROUP_QUESTIONS and group != "all":
            recalls = (item.metrics[group].as_dict()["recall_1"] for item in results.values())
            print(f"| {group} | {count} | {' | '.join(f'{share:.4f}' for share in recalls)} |")


def _report_absent(results: Mapping[str, SystemResult]) -> None:
    print("| system | takes somebody for them | shows anybody | p50 ms | p95 ms |")
    print("|---|---|---|---|---|")
    for system, result in results.items():
        count = len(result.times)
        confident = "–" if result.confident is None else f"{result.confident / count:.4f}"
        print(f"| {system} | {confident} | {result.answered / count:.4f} | {_format_times(result)} |")
    if "api" in results:
        notes = (f"{note}: {count}" for note, count in results["api"].notes.most_common())
        print(f"\napi, `match` and the qualities of the first hit: {'; '.join(notes)}")


def _report_failures(
    system: str, question_list: QuestionList, failures: Sequence[RecallFailure], limit: int
) -> None:
    """Print the failures, worst first: not found at all, then by rank."""
    names = dict(question_list.bank)
    missed = [item.question for item in failures if not item.rank]
    scores = [compare_names(question.text, names[question.person_id]) for question in missed]
    similar_count = sum(match is not None and match.score >= SIMILAR_SCORE for match in scores)
    unrelated_count = scores.count(None)
    print(
        f"\n{system}: {len(failures)} not first, {len(missed)} not in {RESULTS_PER_QUERY}; "
        f"of those, compared alone, {similar_count} alike, {unrelated_count} nothing alike\n"
    )
    if not failures or not limit:
        return
    print("| asked | language | person | place | first | said of it |\n|---|---|---|---|---|---|")
    for failure in sorted(failures, key=lambda item: -(item.rank or RESULTS_PER_QUERY + 1))[:limit]:
        question, answer = failure.question, failure.answer
        first_name = names[answer.ids[0]] if answer.ids else "nobody"
        rank_text = failure.rank or f"not in {RESULTS_PER_QUERY}"
        canonical_name = names[question.person_id]
        print(
            f"| {question.text} | {question.lang} | {canonical_name} | {rank_text} | {first_name} | {answer.note} |"
        )


def _format_times(result: SystemResult) -> str:
    return f"{result.percentile(0.5):.1f} | {result.percentile(0.95):.1f}"


if __name__ == "__main__":
    main()
