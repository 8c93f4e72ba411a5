"""`If-Match`: the revision that a change is based on. The ETag is the revision number."""

import re
from typing import Any

from flask import request

from biobank.editorial.models import Revision
from biobank.errors import EditConflict, NoPrecondition

#: An ETag as responses carry it. Compression adds its name, hidden relations add a suffix and
#: proxies make it weak; the number identifies the revision in every case.
_ETAG = re.compile(r'(?:W/)?"(\d{1,7})(?::[a-z]+){0,2}"')

IF_MATCH_PARAMETER: dict[str, Any] = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": "ETag of the latest revision, as it was read.",
    "schema": {"type": "string", "example": '"3"'},
}


def require_match(latest: Revision) -> int:
    """Return the number of the latest revision if the request is based on it.

    Raises:
        NoPrecondition: If the request names no revision; `*` names none.
        EditConflict: If it names another one.
    """
    value = request.headers.get("If-Match", "").strip()
    if value in ("", "*"):
        raise NoPrecondition(
            "Say in If-Match which revision this began from: the ETag of "
            f'/people/{latest.person_id}/draft, here as "{latest.number}".'
        )
    numbers = [int(number) for number in _ETAG.findall(value)]
    if latest.number not in numbers:
        raise EditConflict(latest.person_id, max(numbers, default=None), latest.number)
    return latest.number
