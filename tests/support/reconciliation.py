"""The published schemas of the Reconciliation API 0.2, resolved offline."""

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT4, DRAFT7

#: Target of the only reference outside the folder.
SWAGGER = "http://swagger.io/v2/schema.json"


def folder(shared: Path) -> Path:
    return shared / "specs" / "reconciliation" / "0.2"


@cache
def validator(shared: Path, name: str) -> Draft7Validator:
    """Return the validator of `schemas/<name>.json`."""
    schema = _schema(shared, name)
    return Draft7Validator(schema, registry=_registry(shared), format_checker=_formats())


def check(shared: Path, name: str, response: Any) -> None:
    """Fail with the path of the first violation of the schema."""
    violations = [f"{error.json_path}: {error.message}" for error in errors(shared, name, response)]
    assert not violations, violations[:3]


def errors(shared: Path, name: str, response: Any) -> Iterator[Any]:
    yield from validator(shared, name).iter_errors(response)


def examples(shared: Path, name: str, quality: str) -> list[tuple[str, Any]]:
    """Return the `valid` or `invalid` examples of a schema."""
    files = sorted((folder(shared) / "examples" / name / quality).glob("*.json"))
    return [(file.name, json.loads(file.read_text("utf-8"))) for file in files]


def _schema(shared: Path, name: str) -> Any:
    return json.loads((folder(shared) / "schemas" / f"{name}.json").read_text("utf-8"))


@cache
def _registry(shared: Path) -> Registry[Any]:
    schemas = [_schema(shared, file.stem) for file in (folder(shared) / "schemas").glob("*.json")]
    known = [
        (schema["$id"], Resource.from_contents(schema, default_specification=DRAFT7))
        for schema in schemas
        if "swagger.io" not in schema["$id"]
    ]
    swagger = json.loads((folder(shared).parent / "swagger-v2-schema.json").read_text("utf-8"))
    registry: Registry[Any] = Registry()
    return registry.with_resources([*known, (SWAGGER, DRAFT4.create_resource(swagger))])


def _formats() -> Any:
    return Draft7Validator.FORMAT_CHECKER
