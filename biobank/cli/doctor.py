"""`biobank doctor`: diagnosis with advice."""

import json
import sys

import click

from biobank.bootstrap import open_services
from biobank.cli.output import json_option
from biobank.operations.doctor import Diagnosis, diagnose


@click.command()
@json_option
def doctor(as_json: bool) -> None:
    """Check store, schema, index, media, permissions, clocks and free space; exit 1 if anything is wrong."""
    failed = False
    with open_services() as services:
        for diagnosis in diagnose(services):
            failed = failed or not diagnosis.is_ok
            click.echo(_to_json(diagnosis) if as_json else _to_text(diagnosis))
    sys.exit(1 if failed else 0)


def _to_text(diagnosis: Diagnosis) -> str:
    mark = "ok" if diagnosis.is_ok else "!!"
    advice = f"\n{'':>16}{diagnosis.advice}" if diagnosis.advice else ""
    return f"{mark}  {diagnosis.check:<11} {diagnosis.message}{advice}"


def _to_json(diagnosis: Diagnosis) -> str:
    facts = {"message": diagnosis.message, "advice": diagnosis.advice}
    return json.dumps({"step": diagnosis.check, "ok": diagnosis.is_ok, **facts}, ensure_ascii=False)
