"""Errors of user input: queries, pictures, webhook URLs and import files."""

from collections.abc import Sequence

from biobank.errors.base import BiobankError, FieldError


class BadQuery(BiobankError):
    """An invalid search, e.g. a date range that cannot be parsed."""

    code = "bad_query"


#: Codes of PictureRefused.
PICTURE_CODES = (
    "picture_missing",
    "picture_heavy",
    "picture_unknown",
    "picture_broken",
    "picture_large",
    "picture_small",
    "picture_moves",
    "picture_used",
    "bad_details",
)


class PictureRefused(BiobankError):
    """A picture cannot be added or removed; `code` is one of PICTURE_CODES.

    `problems` are those of single fields: licence, author, source, alt.az.
    """

    code = "picture_refused"

    def __init__(self, code: str, problems: Sequence[FieldError] = ()) -> None:
        super().__init__(f"Picture rejected: {code}", code=code)
        self.problems = tuple(problems)


#: Codes of BadAddress.
ADDRESS_CODES = (
    "bad_address",
    "not_https",
    "not_public",
    "bad_port",
    "unknown_host",
    "known_address",
    "too_many_webhooks",
)


class BadAddress(BiobankError):
    """A webhook URL is refused; `code` is one of ADDRESS_CODES."""

    code = "bad_address"


#: Codes of ImportRefused.
IMPORT_CODES = (
    "import_missing",
    "import_heavy",
    "import_unreadable",
    "import_bad_mapping",
    "import_no_mapping",
    "import_no_table",
    "import_many",
    "import_state",
    "import_gone",
)


class ImportRefused(BiobankError):
    """An import file is refused, or an import run cannot continue; `code` gives the reason.

    `problem` is set if the reason lies in the file itself.
    """

    code = "import_refused"

    def __init__(self, code: str, problem: FieldError | None = None) -> None:
        super().__init__(str(problem) if problem else f"Import rejected: {code}", code=code)
        self.problem = problem
