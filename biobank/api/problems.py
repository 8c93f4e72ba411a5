"""Problem documents (RFC 9457)."""

import json
from http import HTTPStatus

from flask import Response
from marshmallow import Schema, fields

CONTENT_TYPE = "application/problem+json"


class MistakeSchema(Schema):
    """One mistake of a refused record, at its path."""

    path = fields.String(required=True)
    code = fields.String(required=True)
    message = fields.String(required=True)


class ProblemSchema(Schema):
    """What went wrong, for programs by `code` and for people by `detail`."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    code = fields.String(required=True)
    detail = fields.String(required=True)
    problems = fields.List(fields.Nested(MistakeSchema))


def problem(
    status: int, code: str, detail: str, problems: list[dict[str, str]] | None = None
) -> Response:
    body: dict[str, object] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
    }
    if problems:
        body["problems"] = problems
    return Response(json.dumps(body, ensure_ascii=False), status, content_type=CONTENT_TYPE)
