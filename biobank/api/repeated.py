"""An argument stands once in an address, but for those that take several values.

Of two values one would be read and the other passed over in silence.
"""

from types import MappingProxyType
from typing import Final

from flask import request

from biobank.errors import BadQuery
from biobank.search.query import FACETS

#: By endpoint, the arguments that may stand several times. A test holds it against the document.
SEVERAL: Final = MappingProxyType(
    {
        **dict.fromkeys(("search.find", "search.find_cards", "search.export"), FACETS),
        **dict.fromkeys(("people.create_person", "people.put_person"), ("agrees",)),
        "reconcile.suggest": ("type",),
    }
)


def refuse_repeated() -> None:
    """For `before_request`.

    Raises:
        BadQuery: naming the argument and how often it stands.
    """
    several = SEVERAL.get(request.endpoint or "", ())
    for name, values in request.args.lists():
        if len(values) > 1 and name not in several:
            told = f"{name[:40]} stands {len(values)} times in the address; it takes one value."
            raise BadQuery(told)
