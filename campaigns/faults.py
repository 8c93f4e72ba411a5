"""Fail or kill at every step of what changes files: `python -m campaigns.faults`.

    python -m campaigns.faults                              everything; takes hours
    python -m campaigns.faults --only publish --every 10    each tenth step of publishing

The steps of an undisturbed operation are counted: each write, creation, rename, flush and removal of
a file of the bank. Then it runs once for each step and each kind of fault on a fresh copy of the
bank: no space (ENOSPC), an error of the disk (EIO), a short write, a disk that stays full from then
on, and SIGKILL. After each, the bank starts again, and `campaigns.fault_checks` verifies it. Exits
with 1 if anything is wrong.
"""

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from campaigns import fault_injection
from campaigns.fault_bank import OPERATIONS, Bank, prepare_bank
from campaigns.fault_checks import find_shown_violations, find_violations
from campaigns.fault_injection import Report, Run, Step, faults_of, run_forked
from tests.support.memory_folder import memory_folder

#: Restoring writes each page of the database, by the same few calls.
DEFAULT_EVERY = {"restore": 5}
#: Examples of each kind of violation that are printed.
MAX_EXAMPLES = 3


@dataclass
class Figures:
    """The result of all runs of an operation."""

    operation: str
    steps: int
    runs: Counter[str] = field(default_factory=Counter)
    #: Runs that ended before the step was reached.
    unreached: int = 0
    #: Runs in which the caller was told that all had succeeded although a call had failed.
    succeeded: int = 0
    violations: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    messages: Counter[str] = field(default_factory=Counter)

    def add_violation(self, violation: str, where: str) -> None:
        kind = violation.partition(":")[0] if violation.startswith("crash") else violation[:90]
        self.violations[kind] += 1
        examples = self.examples.setdefault(kind, [])
        if len(examples) < MAX_EXAMPLES:
            examples.append(f"{where}: {violation}")


def run_operation(bank: Bank, operation: str, every: int, kinds: Sequence[str], first: int = 1) -> Figures:
    """Run an operation undisturbed, then with each fault of each `every`-th step."""

    def act(report: Report) -> None:
        OPERATIONS[operation](bank, report)

    bank.reset()
    undisturbed = run_forked(act, bank.data, bank.folder)
    figures = Figures(operation, len(undisturbed.steps))
    for violation in (*_violations(bank, undisturbed), *_unfinished(undisturbed)):
        figures.add_violation(violation, "undisturbed")
    for number in range(first, figures.steps + 1, every):
        for kind in faults_of(undisturbed.steps[number - 1]):
            if kind in kinds:
                bank.reset()
                run = run_forked(act, bank.data, bank.folder, number, kind)
                _count(figures, bank, run, number, kind)
    return figures


def _unfinished(run: Run) -> Iterator[str]:
    if run.reported("shown") or run.reported("indexer") or run.reported("crash"):
        yield f"failed without a fault: {str(run.reports)[:500]}"


def _count(figures: Figures, bank: Bank, run: Run, number: int, kind: str) -> None:
    figures.runs[kind] += 1
    if len(run.steps) < number:
        figures.unreached += 1
    for text in (*run.reported("shown"), *run.reported("indexer")):
        figures.messages[_first_line(text, bank.data)] += 1
    figures.succeeded += not any("shown" in report or "indexer" in report for report in run.reports)
    step = run.steps[number - 1] if len(run.steps) >= number else Step("unreached", "")
    where = f"{figures.operation} {kind} at {number}: {step.call} {Path(step.path).name}"
    for violation in _violations(bank, run):
        figures.add_violation(violation, where)


def _violations(bank: Bank, run: Run) -> list[str]:
    """Verify the bank in another process, which starts as after a crash."""

    def verify(report: Report) -> None:
        for violation in find_violations(bank, run):
            report(violation=violation)

    verified = run_forked(verify, bank.folder / "nowhere", bank.folder)
    crashes = [f"no start: {text[-900:]}" for text in verified.reported("crash")]
    if verified.status and not crashes:
        crashes = [f"no start: status {verified.status}"]
    return [*find_shown_violations(run), *verified.reported("violation"), *crashes]


def _first_line(shown: str, data: Path) -> str:
    """Return the message of an output or of a problem document, without names that vary."""
    lines = [line for line in shown.splitlines() if line.strip()]
    return " | ".join(lines[-2:]).replace(str(data), "BANK")[-200:]


def print_figures(figures: Figures) -> None:
    total = figures.runs.total()
    kinds = ", ".join(f"{kind} {count}" for kind, count in figures.runs.items())
    print(
        f"{figures.operation}: {figures.steps} steps, {total} runs ({kinds}); {figures.unreached} not reached, "
        f"{figures.succeeded} without an error; {figures.violations.total()} things wrong",
        flush=True,
    )
    for kind, count in figures.violations.most_common():
        print(f"  {count} x {kind}")
        for example in figures.examples[kind]:
            print(f"      {example}")
    for message, count in figures.messages.most_common(12):
        print(f"  shown {count} x {message}")
    sys.stdout.flush()


def run_campaign(
    folder: Path, operations: Sequence[str], every: int | None, kinds: Sequence[str], first: int = 1
) -> int:
    """Run the operations over one prepared bank, print their figures, and return 1 if any is wrong."""
    bank = prepare_bank(folder)
    wrong = 0
    for operation in operations:
        figures = run_operation(bank, operation, every or DEFAULT_EVERY.get(operation, 1), kinds, first)
        print_figures(figures)
        wrong += figures.violations.total()
    return 1 if wrong else 0


def run() -> int:
    """Run the whole campaign in a process with the shim."""
    return main(())


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", action="append", choices=OPERATIONS, help="may be repeated")
    parser.add_argument("--every", type=int, help="try only each n-th step")
    parser.add_argument("--first", type=int, default=1, help="begin at this step")
    parser.add_argument("--kind", action="append", choices=fault_injection.KINDS[1:], help="may be repeated")
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    args = parser.parse_args(arguments)
    if args.folder:
        kinds = args.kind or fault_injection.KINDS[1:]
        return run_campaign(args.folder, args.only or list(OPERATIONS), args.every, kinds, args.first)
    with tempfile.TemporaryDirectory(dir=memory_folder(), prefix="faults-") as name:
        own = ["-m", "campaigns.faults", *arguments, "--folder", name]
        return fault_injection.reexecute(Path(name), own)


if __name__ == "__main__":
    sys.exit(main())
