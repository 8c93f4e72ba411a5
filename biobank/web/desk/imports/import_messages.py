"""All translated import messages, by code."""

from typing import Final

from biobank.web.desk.imports.file_messages import FILE_MESSAGES
from biobank.web.desk.imports.record_messages import RECORD_MESSAGES

IMPORT_MESSAGES: Final = {**FILE_MESSAGES, **RECORD_MESSAGES}
#: Codes whose value `why` is an English message that is translated by its text.
ENGLISH_DETAIL_CODES: Final = frozenset({"no_date", "broke_off"})
