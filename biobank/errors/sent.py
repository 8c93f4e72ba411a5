"""What somebody asks or sends that cannot be taken: questions, pictures, addresses, files."""

from collections.abc import Sequence

from biobank.errors.base import BiobankError, Problem


class BadQuery(BiobankError):
    """A search that cannot be asked, e.g. a date range that is no date."""

    code = "bad_query"


#: What may be wrong with a picture that somebody sends, or with what they say of it.
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
    """A picture that is not taken, or not taken away; `code`, of PICTURE_CODES, says why.

    `problems` are those of single fields: licence, author, source, alt.az.
    """

    code = "picture_refused"

    def __init__(self, code: str, problems: Sequence[Problem] = ()) -> None:
        super().__init__(f"The picture is refused: {code}", code=code)
        self.problems = tuple(problems)


#: Why no webhook may lead to an address.
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
    """An address that no webhook may lead to; `code`, of ADDRESS_CODES, says why."""

    code = "bad_address"


#: What may be wrong with a file that is to be brought in at the desk, or with its run.
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
    """A file that is not taken, or a run that cannot be gone on with; the code says why.

    `told` is the reason where it is in the file itself.
    """

    code = "import_refused"

    def __init__(self, code: str, told: Problem | None = None) -> None:
        super().__init__(str(told) if told else f"The import is refused: {code}", code=code)
        self.told = told
