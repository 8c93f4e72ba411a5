"""Fail or kill at every step of what changes files: `python -m campaigns.faults`.

    python -m campaigns.faults                              the SELECTIONS; takes half an hour
    python -m campaigns.faults --only publish --every 1     each fault at each step of publishing

The steps of an undisturbed operation are counted: each write, creation, rename, flush and removal of
a file of the bank. Then it runs once for each chosen step and kind of fault on a fresh copy of the
bank: no space (ENOSPC), an error of the disk (EIO), a short write, a disk that stays full from then
on, and SIGKILL. After each, the bank starts again, and `campaigns.fault_checks` verifies it. Exits
with 1 if anything is wrong.
"""

import argparse
import gc
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from campaigns import fault_injection
from campaigns.fault_bank import OPERATIONS, RESUMPTIONS, Bank, prepare_bank
from campaigns.fault_checks import find_shown_violations, find_violations
from campaigns.fault_injection import KINDS, Report, Run, Step, faults_of, run_forked
from tests.support.memory_folder import memory_folder

#: Of how many steps one fails, and by how many kinds of fault, which take turns. Backups and restorations
#: write all pages of the database by the same few calls.
SELECTIONS = {
    "publish": (1, 1),
    "upload": (1, 3),
    "rebuild": (2, 1),
    "import": (2, 1),
    "backup": (5, 1),
    "restore": (20, 1),
}
#: The number of a step, and the kind of fault there.
Fault = tuple[int, str]
Plan = Callable[[Sequence[Step]], Iterator[Fault]]

#: Examples of each kind of violation that are printed.
MAX_EXAMPLES = 3
MAX_MESSAGE_CHARS = 200
#: Runs after which the progress is printed.
RUNS_PER_REPORT = 50


@dataclass
class Figures:
    """The result of all runs of an operation."""

    operation: str
    steps: int
    runs: Counter[str] = field(default_factory=Counter)
    #: Runs that ended before the step was reached.
    unreached: int = 0
    #: Runs that ended with success although a call had failed, by that call.
    succeeded: Counter[str] = field(default_factory=Counter)
    violations: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    messages: Counter[str] = field(default_factory=Counter)

    def add_violation(self, violation: str, where: str) -> None:
        kind = violation.partition(":")[0] if violation.startswith("crash") else violation[:90]
        self.violations[kind] += 1
        examples = self.examples.setdefault(kind, [])
        if len(examples) < MAX_EXAMPLES:
            examples.append(f"{where}: {violation}")
        print(f"{where}: {violation}", file=sys.stderr, flush=True)


def every_step(every: int, kinds_per_step: int, wanted: Sequence[str]) -> Plan:
    """Plan some of the `wanted` kinds of fault at each `every`-th step, in turn."""

    def plan(steps: Sequence[Step]) -> Iterator[Fault]:
        for turn, number in enumerate(range(1, len(steps) + 1, every)):
            kinds = [kind for kind in faults_of(steps[number - 1]) if kind in wanted]
            for part in range(min(kinds_per_step, len(kinds))):
                yield number, kinds[(turn * kinds_per_step + part) % len(kinds)]

    return plan


def sample(steps: Sequence[Step]) -> Iterator[Fault]:
    """Plan one fault each near the beginning, in the middle and near the end of the steps."""
    for sixths, kind in ((1, "full disk"), (3, "EIO"), (5, "SIGKILL")):
        yield len(steps) * sixths // 6, kind


def run_operation(bank: Bank, operation: str, plan: Plan) -> Figures:
    """Run an operation undisturbed, then with each planned fault."""

    def run(number: int = 0, kind: str = "count") -> Run:
        bank.reset()
        return run_forked(partial(OPERATIONS[operation], bank), bank.data, bank.folder, number, kind, resume)

    resume = partial(RESUMPTIONS[operation], bank) if operation in RESUMPTIONS else None
    undisturbed = run()
    figures = Figures(operation, len(undisturbed.steps))
    for violation in (*_violations(bank, undisturbed), *_unfinished(undisturbed)):
        figures.add_violation(violation, "undisturbed")
    for number, kind in plan(undisturbed.steps):
        _count(figures, bank, run(number, kind), number, kind)
        if figures.runs.total() % RUNS_PER_REPORT == 0:
            print(f"{operation}: {figures.runs.total()} runs, at step {number}", file=sys.stderr, flush=True)
    return figures


def _unfinished(run: Run) -> Iterator[str]:
    if run.reported("shown") or run.reported("indexer") or run.reported("crash"):
        yield f"failed without a fault: {str(run.reports)[:500]}"


def _count(figures: Figures, bank: Bank, run: Run, number: int, kind: str) -> None:
    figures.runs[kind] += 1
    if len(run.steps) < number:
        figures.unreached += 1
    step = run.steps[number - 1] if len(run.steps) >= number else Step("unreached", "")
    messages = [*run.reported("shown"), *run.reported("indexer")]
    for text in messages:
        figures.messages[_last_lines(text, bank.data)] += 1
    if run.status == 0 and not messages and step.call != "unreached":
        figures.succeeded[f"{kind}: {step.call} {_common_name(step.path)}"] += 1
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


def _last_lines(shown: str, data: Path) -> str:
    """Return the message of an output, a problem document or a page, without names that vary."""
    is_page = "<h1" in shown
    if is_page:
        shown = re.sub("(?s)<[^>]*>", "", shown[shown.index("<h1") :])
    lines = [line.strip() for line in shown.splitlines() if line.strip()]
    return _common_name(
        " | ".join(lines[:2] if is_page else lines[-2:]).replace(str(data), "BANK")[-MAX_MESSAGE_CHARS:]
    )


def _common_name(path: str) -> str:
    """Return the end of a path, or a message with one, without the parts that vary."""
    name = re.sub(r"part-\w{8}", "part-…", path.rpartition("/")[2] if path.startswith("/") else path)
    return re.sub(r"(MAIN_)[0-9a-z]{16}|(?<![0-9a-z])[0-9a-f]{64}|\bg\d{15,}-\w{8}", r"\1…", name)


def print_figures(figures: Figures) -> None:
    total = figures.runs.total()
    kinds = ", ".join(f"{kind} {count}" for kind, count in figures.runs.items())
    print(
        f"{figures.operation}: {figures.steps} steps, {total} runs ({kinds}); {figures.unreached} not reached, "
        f"{figures.succeeded.total()} successful; {figures.violations.total()} things wrong",
        flush=True,
    )
    for kind, count in figures.violations.most_common():
        print(f"  {count} x {kind}")
        for example in figures.examples[kind]:
            print(f"      {example}")
    for call, count in figures.succeeded.most_common():
        print(f"  successful {count} x {call}")
    for message, count in figures.messages.most_common():
        print(f"  shown {count} x {message}")
    sys.stdout.flush()


def run_campaign(folder: Path, plans: Mapping[str, Plan]) -> int:
    """Run operations by their plans over one prepared bank, print the figures; return 1 if any is wrong."""
    bank = prepare_bank(folder)
    # What is imported and compiled once is shared by all forked processes.
    prepared = list(find_violations(bank, Run(0, reports=[{}])))
    print("".join(f"prepared: {violation}\n" for violation in prepared), end="")
    # A collection would copy the memory that forked processes share.
    gc.freeze()
    gc.disable()
    wrong = len(prepared)
    for operation, plan in plans.items():
        figures = run_operation(bank, operation, plan)
        print_figures(figures)
        wrong += figures.violations.total()
    return 1 if wrong else 0


def make_plans(args: argparse.Namespace) -> dict[str, Plan]:
    plans: dict[str, Plan] = {}
    for operation in args.only or OPERATIONS:
        every, kinds = (args.every, len(KINDS)) if args.every else SELECTIONS[operation]
        plans[operation] = sample if args.sample else every_step(every, kinds, args.kind or KINDS)
    return plans


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--only", action="append", choices=OPERATIONS, help="may be repeated")
    parser.add_argument("--kind", action="append", choices=KINDS[1:], help="may be repeated")
    parser.add_argument("--every", type=int, help="try all kinds at each n-th step")
    parser.add_argument("--sample", action="store_true", help="try three steps of each operation")
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.folder:
        return run_campaign(args.folder, make_plans(args))
    with tempfile.TemporaryDirectory(dir=memory_folder(), prefix="faults-") as name:
        own = ["-m", "campaigns.faults", *sys.argv[1:], "--folder", name]
        return fault_injection.reexecute(Path(name), own)


if __name__ == "__main__":
    sys.exit(main())
