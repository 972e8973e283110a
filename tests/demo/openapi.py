"""GitHub's OpenAPI description, turned into JSON Schema that `jsonschema` understands."""

import gzip
import json
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker


def read_description(corpus: Path) -> dict[str, Any]:
    """Read the description of the paths in use."""
    packed = (corpus / "recordings" / "openapi-subset.json.gz").read_bytes()
    described: dict[str, Any] = json.loads(gzip.decompress(packed))
    return described


def nullable(schema: Any) -> Any:
    """Turn OpenAPI 3.0's `nullable` into what JSON Schema says instead."""
    if isinstance(schema, list):
        return [nullable(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {name: nullable(part) for name, part in schema.items() if name != "nullable"}
    if schema.get("nullable") is True:
        return {"anyOf": [plain, {"type": "null"}]}
    return plain


def complaints(description: dict[str, Any], path: str, status: int, body: Any) -> list[str]:
    """Say where a body differs from the description, nothing when it does not."""
    answers = description["paths"][path]["get"]["responses"]
    content = answers[str(status)].get("content", {})
    schema = nullable(content["application/json"]["schema"]) if content else {}
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(body)]
