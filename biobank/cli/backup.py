"""`biobank backup` and `biobank restore`."""

import sys
from pathlib import Path

import click

from biobank.bootstrap import open_services
from biobank.cli.output import json_option, print_result, progress, require_parent_dir
from biobank.errors import BadSetting
from biobank.operations.archive import needs_passphrase, verify_archive
from biobank.operations.backup import create_backup
from biobank.operations.restore import restore_backup

#: Minimum length of a passphrase: an attacker who has the file can guess without limit.
MIN_PASSPHRASE_CHARS = 12

passphrase_option = click.option(
    "--passphrase-file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="File whose first line is the passphrase, instead of asking for it.",
)


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), callback=require_parent_dir)
@click.option("--encrypt", is_flag=True, help="Encrypt with a passphrase that is asked for.")
@passphrase_option
@click.option(
    "--with-secret",
    is_flag=True,
    help="Include the secret key. Only for a file that is kept safe or encrypted.",
)
@json_option
def backup(file: Path, encrypt: bool, passphrase_file: Path | None, with_secret: bool, as_json: bool) -> None:
    """Write database and pictures to FILE, consistent while the bank is in use.

    With --passphrase-file the backup is encrypted.
    """
    passphrase = _new_passphrase(passphrase_file, encrypt=encrypt)
    with open_services() as services, progress(as_json=as_json) as report_progress:
        report = create_backup(
            services, file, passphrase=passphrase, include_secret=with_secret, progress=report_progress
        )
    text = f"{file}: {report.people} people, {report.pictures} picture files, {report.bytes} bytes."
    facts = {"people": report.people, "pictures": report.pictures, "bytes": report.bytes}
    print_result(text, as_json=as_json, file=str(file), encrypted=passphrase is not None, **facts)


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--force", is_flag=True, help="Replace a bank that is not empty.")
@click.option("--check", is_flag=True, help="Only verify the checksums of the backup.")
@passphrase_option
@json_option
def restore(file: Path, force: bool, check: bool, passphrase_file: Path | None, as_json: bool) -> None:
    """Replace the bank with the backup FILE and rebuild the index. Stop the server first."""
    passphrase = _passphrase(file, passphrase_file)
    if check:
        description = verify_archive(file, passphrase).description
        text = f"The backup is complete: {description.people} people, written at {description.created_at}."
        print_result(text, as_json=as_json, people=description.people, created_at=description.created_at)
        return
    with open_services() as services, progress(as_json=as_json) as report_progress:
        report = restore_backup(services, file, passphrase=passphrase, force=force, progress=report_progress)
        has_setting = bool(services.settings.secret_key)
    lines = [f"{report.people} people and {report.pictures} picture files restored."]
    if report.upgraded_from:
        lines.append(
            f"The schema was upgraded from {report.upgraded_from}; run biobank db upgrade to load new terms."
        )
    if report.secret_restored and has_setting:
        lines.append("The key of the backup is in instance/secret_key; BIOBANK_SECRET_KEY takes precedence.")
    print_result(
        "\n".join(lines),
        as_json=as_json,
        people=report.people,
        pictures=report.pictures,
        version=report.version,
        upgraded_from=report.upgraded_from,
    )


def _new_passphrase(file: Path | None, *, encrypt: bool) -> str | None:
    if file is None and not encrypt:
        return None
    passphrase = _read_passphrase(file) if file else _ask("Passphrase", confirm=True)
    if len(passphrase) < MIN_PASSPHRASE_CHARS:
        raise BadSetting(f"the passphrase must have at least {MIN_PASSPHRASE_CHARS} characters")
    return passphrase


def _passphrase(file: Path, passphrase_file: Path | None) -> str | None:
    if not needs_passphrase(file):
        return None
    if passphrase_file:
        return _read_passphrase(passphrase_file)
    if not sys.stdin.isatty():
        raise click.UsageError(f"{file} is encrypted; give its passphrase with --passphrase-file.")
    return _ask("Passphrase", confirm=False)


def _read_passphrase(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").split("\n", 1)[0].rstrip("\r")
    except UnicodeDecodeError as error:
        raise BadSetting(f"{file} must be a text file in UTF-8") from error


def _ask(label: str, *, confirm: bool) -> str:
    answer: str = click.prompt(label, hide_input=True, confirmation_prompt=confirm, err=True)
    return answer
