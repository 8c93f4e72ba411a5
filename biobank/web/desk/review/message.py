"""What a revision was made for, in words: what the bank itself writes is told in each language."""

import re

from biobank.web.text import _

_ID = "[a-z0-9-]+"
#: What `merging` writes: one went into another, or one is two, as before a merge or after a split.
_OF_TWO = re.compile(
    f"(?P<first>{_ID}) → (?P<last>{_ID})(, (?P<other>{_ID}))?(: (?P<why>.+))?", re.DOTALL
)
#: What is written where a picture is put on somebody.
PICTURE_PUT = "A picture was put on."
#: What an import writes: the file that it read.
_IMPORTED = re.compile("import of (?P<file>.+)")


def message_words(message: str) -> str:
    """What a revision was made for. Ids alone are told in words: `a → b: why`."""
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
