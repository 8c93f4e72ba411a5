"""Labels of locations in an imported file, in the language of the page."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from biobank.exchange.importing.reading import THE_FILE
from biobank.web.text import _

#: A numbered location in the form that the import readers produce.
NUMBERED: Final = re.compile(r"(?:^|(?<=, ))(line|row|object|record) ([0-9]+)(?=$| \()")
PLACES: Final[Mapping[str, Callable[[str], str]]] = {
    "line": lambda number: _("line %(number)s", number=number),
    "row": lambda number: _("row %(number)s", number=number),
    "object": lambda number: _("object %(number)s", number=number),
    "record": lambda number: _("record %(number)s", number=number),
}


def at_words(at: str) -> str:
    """Return the translated label of a location, such as `line 3` or `folder/a.xml, record 2`."""
    if at == THE_FILE:
        return _("the file")
    return NUMBERED.sub(lambda found: PLACES[found[1]](found[2]), at)
