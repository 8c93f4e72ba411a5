"""Translation of the revision messages that the bank generates."""

import re

from biobank.web.text import _

_ID = "[a-z0-9-]+"
#: Messages of merges and splits: `a → b`, or `a → b, c` for two records.
_OF_TWO = re.compile(
    f"(?P<first>{_ID}) → (?P<last>{_ID})(, (?P<other>{_ID}))?(: (?P<why>.+))?", re.DOTALL
)
#: The message of a revision that attaches a picture.
PICTURE_PUT = "A picture was put on."
#: The message of an imported revision, with the name of the file.
_IMPORTED = re.compile("import of (?P<file>.+)")


def message_words(message: str) -> str:
    """Return the message of a revision; generated messages such as `a → b: why` are translated."""
    if message == PICTURE_PUT:
        return _("A picture was put on.")
    if imported := _IMPORTED.fullmatch(message):
        return _("Imported: %(file)s", file=imported["file"])
    found = _OF_TWO.fullmatch(message)
    if found is None:
        return message
    first, last, other, why = found["first"], found["last"], found["other"], found["why"]
    said = (
        _("Two records: %(first)s and %(second)s.", first=last, second=other)
        if other
        else _("Merged: %(gone)s into %(kept)s.", gone=first, kept=last)
    )
    return f"{said} {why}" if why else said
