"""All translated import messages, by code."""

from typing import Final

from biobank.web.desk.imports.file_texts import FILES
from biobank.web.desk.imports.record_texts import RECORDS

WORDS: Final = {**FILES, **RECORDS}
#: Codes whose value `why` is an English message that is translated by its text.
FORMED: Final = frozenset({"no_date", "broke_off"})
