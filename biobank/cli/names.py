"""`biobank names`."""

import json
from pathlib import Path
from typing import Any

import click

from biobank.cli.output import json_option
from biobank.names.evaluation import Evaluation, Failure, evaluate
from biobank.names.explain import why
from biobank.names.keys import coarse_key, fine_key
from biobank.names.matcher import Matcher
from biobank.names.readings import BY_KEY, readings
from biobank.names.structure import ROLE_NAMES, parse

#: Maximum number of failures printed to a terminal; `--json` has all.
SHOWN = 30


@click.group()
def names() -> None:
    """How names are read and matched."""


@names.command()
@click.argument("name")
@click.argument("other", required=False)
@click.option("--lang", type=click.Choice(["az", "en", "ru"]), default="en", show_default=True)
@json_option
def explain(name: str, other: str | None, lang: str, as_json: bool) -> None:
    """Readings and keys of NAME; with OTHER, how good they match and why."""
    facts: dict[str, Any] = {"names": [_explained(text) for text in (name, other) if text]}
    if other:
        found = Matcher([("other", [other], 0)]).find(name, 1)
        facts["match"] = None
        if found:
            facts["match"] = {
                "score": found[0].score,
                "quality": found[0].quality,
                "why": why(found[0], lang),
            }
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False))
        return
    for one in facts["names"]:
        _show_name(one)
    if other:
        match = facts["match"]
        words = "{score}  {quality}  {why}".format(**match) if match else "no match"
        click.echo(words)


@names.command("evaluate")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--distractors",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Names of other people, one a line.",
)
@click.option("--keep", default="az", show_default=True, help="Language of the name indexed.")
@json_option
def evaluate_(file: Path, distractors: Path | None, keep: str, as_json: bool) -> None:
    """Index one name of each person in FILE and seek them by all the others."""
    others = _lines(distractors) if distractors else []
    found = evaluate(_lines(file), others, keep)
    if as_json:
        click.echo(json.dumps(_facts(found), ensure_ascii=False))
        return
    click.echo(f"{found.people} people, {found.percentile(0.5):.1f} ms in the middle, "
               f"{found.percentile(0.95):.1f} ms at 95 %")  # fmt: skip
    click.echo(f"{'':>18} {'asked':>6} {'recall@1':>9} {'recall@10':>9} {'MRR':>6}")
    for group, figures in found.figures.items():
        facts = figures.as_dict()
        click.echo(
            f"{group:>18} {facts['asked']:>6} {facts['recall_1']:>9.4f} "
            f"{facts['recall_10']:>9.4f} {facts['mrr']:>6.4f}"
        )
    for failure in found.failures[:SHOWN]:
        click.echo(_failure(failure))
    if len(found.failures) > SHOWN:
        click.echo(f"… and {len(found.failures) - SHOWN} more; --json has them all.")


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").splitlines() if line.strip()]


def _explained(text: str) -> dict[str, Any]:
    name = parse(text)
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
                        "source": BY_KEY[reading.key].source,
                        "skeleton": reading.skeleton,
                        "stem": reading.skeleton[: reading.stem],
                        "lexicon": reading.lexicon,
                        "fine": fine_key(reading.skeleton),
                        "coarse": coarse_key(reading.skeleton),
                    }
                    for reading in readings(word.text, name.keys)
                ],
            }
            for word in name.words
        ],
    }


def _show_name(one: dict[str, Any]) -> None:
    click.echo(one["name"])
    for word in one["words"]:
        title = f" ({word['title']})" if word["title"] else ""
        click.echo(f"  {word['text']}  {word['role']}{title}")
        for reading in word["readings"]:
            stem, skeleton = reading["stem"], reading["skeleton"]
            cut = f"{stem}-{skeleton[len(stem) :]}" if stem != skeleton else skeleton
            looked_up = "  + lexicon" if reading["lexicon"] else ""
            keys = f"{reading['fine']} {reading['coarse']}"
            click.echo(f"    {reading['key']:>8}  {cut:<20} {keys}{looked_up}")


def _facts(found: Evaluation) -> dict[str, Any]:
    return {
        "people": found.people,
        "p50_ms": round(found.percentile(0.5), 2),
        "p95_ms": round(found.percentile(0.95), 2),
        "figures": {group: figures.as_dict() for group, figures in found.figures.items()},
        "failures": [
            {
                "query": failure.question.text,
                "lang": failure.question.lang,
                "name": failure.name,
                "rank": failure.rank or None,
                "found": [[m.name, m.score, m.quality] for m in failure.found],
            }
            for failure in found.failures
        ],
    }


def _failure(failure: Failure) -> str:
    place = f"place {failure.rank}" if failure.rank else "not found"
    instead = "; ".join(f"{m.name} {m.score} {m.quality}" for m in failure.found)
    question = failure.question
    return f"{question.lang:>8}  {question.text} → {failure.name}  {place}  [{instead}]"
