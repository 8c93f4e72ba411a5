"""GET /me: the owner of the token."""

from typing import Any

from marshmallow import Schema, fields

from biobank.accounts.identity import ROLE_SCOPES, ROLES
from biobank.accounts.policy import Action
from biobank.api.blueprint import accounts, document_errors
from biobank.http.auth import identity, requires


class MeSchema(Schema):
    """The owner of the token, their role and the scopes of the token."""

    email = fields.String(required=True)
    name = fields.String(required=True)
    role = fields.String(required=True, metadata={"enum": list(ROLES)})
    scopes = fields.List(fields.String(metadata={"enum": list(ROLE_SCOPES["admin"])}), required=True)


@accounts.get("/me")
@requires(Action.SEE_SELF)
@accounts.doc(security=[{"token": []}])
@accounts.response(200, MeSchema)
@document_errors(accounts)
def me() -> dict[str, Any]:
    """Return the owner of the token, their role and the scopes of the token."""
    user = identity()
    return {"email": user.email, "name": user.name, "role": user.role, "scopes": sorted(user.scopes)}
