"""Rejects repeated query arguments where only one value is accepted.

Otherwise all but one of the values would be ignored silently.
"""

from types import MappingProxyType
from typing import Final

from flask import request

from biobank.errors import BadQuery
from biobank.search.query import FACETS

#: Arguments that may be repeated, by endpoint. A test compares it with the OpenAPI document.
REPEATABLE_ARGS: Final = MappingProxyType(
    {
        **dict.fromkeys(("search.find", "search.find_cards", "search.export"), FACETS),
        **dict.fromkeys(("people.create_person", "people.put_person"), ("agrees",)),
        "reconcile.suggest": ("type",),
    }
)


def reject_duplicate_args() -> None:
    """Reject repeated arguments, as a `before_request` function.

    Raises:
        BadQuery: Naming the argument and its number of occurrences.
    """
    repeatable = REPEATABLE_ARGS.get(request.endpoint or "", ())
    for name, values in request.args.lists():
        if len(values) > 1 and name not in repeatable:
            message = f"{name[:40]} occurs {len(values)} times in the URL, but takes one value."
            raise BadQuery(message)
