"""`biobank names`."""

import json
from pathlib import Path
from typing import Any

import click

from biobank.cli.output import json_option
from biobank.names.evaluation import Evaluation, MatchFailure, evaluate
from biobank.names.explain import explain_match
from biobank.names.matcher import NameMatcher
from biobank.names.phonetic_keys import coarse_key, fine_key
from biobank.names.structure import ROLE_NAMES, parse_name
from biobank.names.transliteration import ORTHOGRAPHIES_BY_KEY, transliterate

#: Maximum number of failures printed to a terminal; `--json` has all.
MAX_PRINTED_FAILURES = 30


@click.group()
def names() -> None:
    """Inspect and evaluate name matching."""


@names.command()
@click.argument("name")
@click.argument("other", required=False)
@click.option("--lang", type=click.Choice(["az", "en", "ru"]), default="en", show_default=True)
@json_option
def explain(name: str, other: str | None, lang: str, as_json: bool) -> None:
    """Show readings and keys of NAME; with OTHER, how well they match and why."""
    facts: dict[str, Any] = {"names": [_explain_name(text) for text in (name, other) if text]}
    if other:
        matches = NameMatcher([("other", [other], 0)]).find(name, 1)
        facts["match"] = None
        if matches:
            facts["match"] = {
                "score": matches[0].score,
                "quality": matches[0].quality,
                "why": explain_match(matches[0]).text(lang),
            }
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    for name_facts in facts["names"]:
        _print_name(name_facts)
    if other:
        match = facts["match"]
        line = "{score}  {quality}  {why}".format(**match) if match else "no match"
        click.echo(line)


@names.command("evaluate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--distractors",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File with names of other people, one per line.",
)
@click.option("--keep", default="az", show_default=True, help="Language of the indexed name.")
@json_option
def evaluate_(file: Path, distractors: Path | None, keep: str, as_json: bool) -> None:
    """Evaluate matching: index one name of each person in FILE and search for the others."""
    others = _lines(distractors) if distractors else []
    evaluation = evaluate(_lines(file), others, keep)
    if as_json:
        click.echo(json.dumps(_evaluation_facts(evaluation), ensure_ascii=False))
        return
    click.echo(f"{evaluation.people} people, {evaluation.percentile(0.5):.1f} ms median, "
               f"{evaluation.percentile(0.95):.1f} ms 95th percentile")  # fmt: skip
    click.echo(f"{'':>18} {'names':>6} {'recall@1':>9} {'recall@10':>9} {'MRR':>6}")
    for group, metrics in evaluation.metrics.items():
        facts = metrics.as_dict()
        click.echo(
            f"{group:>18} {facts['asked']:>6} {facts['recall_1']:>9.4f} "
            f"{facts['recall_10']:>9.4f} {facts['mrr']:>6.4f}"
        )
    for failure in evaluation.failures[:MAX_PRINTED_FAILURES]:
        click.echo(_format_failure(failure))
    if len(evaluation.failures) > MAX_PRINTED_FAILURES:
        click.echo(f"… and {len(evaluation.failures) - MAX_PRINTED_FAILURES} more; --json has them all.")


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").splitlines() if line.strip()]


def _explain_name(text: str) -> dict[str, Any]:
    name = parse_name(text)
    return {
        "name": text,
        "words": [
            {
                "text": word.text,
                "role": ROLE_NAMES[word.role],
                "title": word.tag,
                "readings": [
                    {
                        "key": reading.key,
                        "source": ORTHOGRAPHIES_BY_KEY[reading.key].source,
                        "skeleton": reading.skeleton,
                        "stem": reading.skeleton[: reading.stem],
                        "lexicon": reading.lexicon,
                        "fine": fine_key(reading.skeleton),
                        "coarse": coarse_key(reading.skeleton),
                    }
                    for reading in transliterate(word.text, name.keys)
                ],
            }
            for word in name.words
        ],
    }


def _print_name(name_facts: dict[str, Any]) -> None:
    click.echo(name_facts["name"])
    for word in name_facts["words"]:
        title = f" ({word['title']})" if word["title"] else ""
        click.echo(f"  {word['text']}  {word['role']}{title}")
        for reading in word["readings"]:
            stem, skeleton = reading["stem"], reading["skeleton"]
            marked_stem = f"{stem}-{skeleton[len(stem) :]}" if stem != skeleton else skeleton
            looked_up = "  + lexicon" if reading["lexicon"] else ""
            keys = f"{reading['fine']} {reading['coarse']}"
            click.echo(f"    {reading['key']:>8}  {marked_stem:<20} {keys}{looked_up}")


def _evaluation_facts(evaluation: Evaluation) -> dict[str, Any]:
    return {
        "people": evaluation.people,
        "p50_ms": round(evaluation.percentile(0.5), 2),
        "p95_ms": round(evaluation.percentile(0.95), 2),
        "figures": {group: metrics.as_dict() for group, metrics in evaluation.metrics.items()},
        "failures": [
            {
                "query": failure.query.text,
                "lang": failure.query.lang,
                "name": failure.name,
                "rank": failure.rank or None,
                "found": [[m.name, m.score, m.quality] for m in failure.matches],
            }
            for failure in evaluation.failures
        ],
    }


def _format_failure(failure: MatchFailure) -> str:
    place = f"place {failure.rank}" if failure.rank else "not found"
    alternatives = "; ".join(f"{m.name} {m.score} {m.quality}" for m in failure.matches)
    question = failure.query
    return f"{question.lang:>8}  {question.text} → {failure.name}  {place}  [{alternatives}]"
