"""Labels of locations in an imported file, in the language of the page."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from biobank.exchange.imports.items import WHOLE_FILE
from biobank.web.core.gettext import _

#: A numbered location in the form that the import readers produce.
LOCATION_PATTERN: Final = re.compile(r"(?:^|(?<=, ))(line|row|object|record) ([0-9]+)(?=$| \()")
LOCATION_LABELS: Final[Mapping[str, Callable[[str], str]]] = {
    "line": lambda number: _("line %(number)s", number=number),
    "row": lambda number: _("row %(number)s", number=number),
    "object": lambda number: _("object %(number)s", number=number),
    "record": lambda number: _("record %(number)s", number=number),
}


def location_label(location: str) -> str:
    """Return the translated label of a location, such as `line 3` or `folder/a.xml, record 2`."""
    if location == WHOLE_FILE:
        return _("the file")
    return LOCATION_PATTERN.sub(lambda match: LOCATION_LABELS[match[1]](match[2]), location)
