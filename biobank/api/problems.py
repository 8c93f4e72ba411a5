"""Problem documents (RFC 9457)."""

import json
from http import HTTPStatus

from flask import Response
from marshmallow import Schema, fields

CONTENT_TYPE = "application/problem+json"


class FieldErrorSchema(Schema):
    """An error of a rejected record, at its path."""

    path = fields.String(required=True)
    code = fields.String(required=True)
    message = fields.String(required=True)


class ProblemSchema(Schema):
    """What went wrong: `code` for programs, `detail` for people."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)
    problems = fields.List(fields.Nested(FieldErrorSchema))
    # Of an edit conflict: the submitted change is based on `base`; the latest revision is `head`,
    # at the URL `read`.
    base = fields.Integer(allow_none=True)
    head = fields.Integer()
    read = fields.String()
    # Of a removed person: the date of the withdrawal.
    withdrawn = fields.Date()


def problem_response(
    status: int, code: str, detail: str, problems: list[dict[str, str]] | None = None, **members: object
) -> Response:
    """Return a problem document with the extra `members` of its code."""
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        **members,
    }
    if problems:
        body["problems"] = problems
    return Response(json.dumps(body, ensure_ascii=False), status, content_type=CONTENT_TYPE)
