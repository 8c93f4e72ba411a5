"""What a revision was made for, in words: merging and splitting say so in ids alone."""

import re

from biobank.web.text import _

_ID = "[a-z0-9-]+"
#: What `merging` writes: one went into another, or one is two, as before a merge or after a split.
_OF_TWO = re.compile(
    f"(?P<first>{_ID}) → (?P<last>{_ID})(, (?P<other>{_ID}))?(: (?P<why>.+))?", re.DOTALL
)


def message_words(message: str) -> str:
    """What a revision was made for. Ids alone are told in words: `a → b: why`."""
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
