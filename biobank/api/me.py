"""GET /me: the owner of the token."""

from typing import Any

from marshmallow import Schema, fields

from biobank.access import identity, permits
from biobank.accounts.identity import ROLES, SCOPES_OF
from biobank.accounts.policy import Action
from biobank.api.blueprint import accounts, documented


class MeSchema(Schema):
    """The owner of the token, their role and the scopes of the token."""

    email = fields.String(required=True)
    name = fields.String(required=True)
    role = fields.String(required=True, metadata={"enum": list(ROLES)})
    scopes = fields.List(fields.String(metadata={"enum": list(SCOPES_OF["admin"])}), required=True)


@accounts.get("/me")
@permits(Action.SEE_SELF)
@accounts.doc(security=[{"token": []}])
@accounts.response(200, MeSchema)
@documented(accounts)
def me() -> dict[str, Any]:
    """Return the owner of the token, their role and the scopes of the token."""
    who = identity()
    return {"email": who.email, "name": who.name, "role": who.role, "scopes": sorted(who.scopes)}
