"""Translation of the revision messages that the bank generates."""

import re

from biobank.web.core.gettext import _

_ID_REGEX = "[a-z0-9-]+"
#: Messages of merges and splits: `a → b`, or `a → b, c` for two records.
_MERGE_PATTERN = re.compile(
    f"(?P<first>{_ID_REGEX}) → (?P<last>{_ID_REGEX})(, (?P<other>{_ID_REGEX}))?(: (?P<why>.+))?",
    re.DOTALL,
)
#: The message of a revision that attaches a picture.
PICTURE_ATTACHED = "A picture was put on."
#: The message of an imported revision, with the name of the file.
_IMPORT_PATTERN = re.compile("import of (?P<file>.+)")


def message_label(message: str) -> str:
    """Return the message of a revision; generated messages such as `a → b: why` are translated."""
    if message == PICTURE_ATTACHED:
        return _("Picture added.")
    if imported := _IMPORT_PATTERN.fullmatch(message):
        return _("Imported: %(file)s", file=imported["file"])
    match = _MERGE_PATTERN.fullmatch(message)
    if match is None:
        return message
    first, last, second, reason = match["first"], match["last"], match["other"], match["why"]
    text = (
        _("Separate records: %(first)s and %(second)s.", first=last, second=second)
        if second
        else _("Merged: %(gone)s into %(kept)s.", gone=first, kept=last)
    )
    return f"{text} {reason}" if reason else text
