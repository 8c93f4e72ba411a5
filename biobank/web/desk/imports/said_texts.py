"""The texts of `exchange/importing/english.py` once more, for people who read and do not parse."""

from typing import Final

from biobank.web.desk.imports.file_texts import FILES
from biobank.web.desk.imports.record_texts import RECORDS

WORDS: Final = {**FILES, **RECORDS}
#: Codes whose value `why` is told by its English form: they have no words of their own.
FORMED: Final = frozenset({"no_date", "broke_off"})
