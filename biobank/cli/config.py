"""`biobank config`: the settings in force."""

import json

import click

from biobank.cli.output import json_option
from biobank.settings import describe


@click.command()
@json_option
def config(as_json: bool) -> None:
    """Print each setting, its value and where it comes from; secrets are hidden."""
    for setting in describe():
        if as_json:
            facts = {"name": setting.variable, "value": setting.value, "from": setting.source}
            click.echo(json.dumps(facts, ensure_ascii=False))
        else:
            click.echo(f"{setting.variable:<26} {setting.value or '(none)'}  [{setting.source}]")
