"""`If-Match`: which revision a change began from. The ETag of a record is its revision's number."""

import re
from typing import Any

from flask import request

from biobank.editorial.models import Revision
from biobank.errors import EditConflict, NoPrecondition

#: As answers carry it; compression adds its name, ties that are not shown a mark, proxies that
#: compress call it weak. The number says all the same which revision it is.
_TAG = re.compile(r'(?:W/)?"(\d{1,7})(?::[a-z]+){0,2}"')

IF_MATCH: dict[str, Any] = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "The ETag of the newest revision, as it was read.",
    "schema": {"type": "string", "example": '"3"'},
}


def require_match(newest: Revision) -> int:
    """The number of the revision that the caller saw, which is the newest one.

    Raises:
        NoPrecondition: where the request names no revision; `*` names none.
        EditConflict: where it names another one.
    """
    value = request.headers.get("If-Match", "").strip()
    if value in ("", "*"):
        raise NoPrecondition(
            "Say in If-Match which revision this began from: the ETag of "
            f'/people/{newest.person_id}/draft, here as "{newest.number}".'
        )
    seen = [int(number) for number in _TAG.findall(value)]
    if newest.number not in seen:
        raise EditConflict(newest.person_id, max(seen, default=None), newest.number)
    return newest.number
