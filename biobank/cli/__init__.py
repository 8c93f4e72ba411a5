"""The command line: `biobank`. Exit 0 done, 1 some records refused, 2 usage or a clear error."""

import click

from biobank import __version__
from biobank.cli.audit import audit
from biobank.cli.backup import backup, restore
from biobank.cli.config import config
from biobank.cli.database import db, seed
from biobank.cli.doctor import doctor
from biobank.cli.dump import dump
from biobank.cli.exporting import export_
from biobank.cli.housekeeping import housekeeping
from biobank.cli.import_worker import import_queue
from biobank.cli.importing import import_
from biobank.cli.index import index
from biobank.cli.mcp import mcp
from biobank.cli.names import names
from biobank.cli.serve import serve
from biobank.cli.users import users
from biobank.errors import BiobankError


class _ErrorHandlingGroup(click.Group):
    """A command group that shows domain and file errors as one line without a traceback."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BiobankError as error:
            raise click.UsageError(error.message) from error
        except BrokenPipeError:
            raise  # click exits quietly when a reader such as `head` has closed the pipe
        except OSError as error:
            raise click.UsageError(str(error)) from error


@click.group(cls=_ErrorHandlingGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Manage the Azerbaijani Biography Bank."""


COMMANDS = (
    *(serve, mcp, db, seed, index, import_, import_queue, export_, dump),
    *(backup, restore, doctor, config, users, audit, names, housekeeping),
)
for command in COMMANDS:
    main.add_command(command)
