"""The JSON Schema of registry.yaml, for editors that complete and explain fields.

Made from the models; the committed copy is `registry.schema.json`.
"""

import json
from typing import Any

from pydantic import Field

from aggregator.registry.declaration import Written
from aggregator.registry.models import Entry, Organisation, Showcase
from aggregator.registry.rules import Listed, Repo

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class RegistryFile(Written):
    """The whole of registry.yaml, as editors should see it."""

    showcase: Showcase = Field(
        default=Showcase(), description="Settings of this showcase.", json_schema_extra={}
    )
    organisations: Listed[Organisation] = Field(
        default=(), description="The bodies that projects belong to."
    )
    projects: Listed[Repo | Entry] = Field(
        default=(),
        description="The projects. The shortest entry is just owner/name.",
        examples=[["owner/name"]],
    )


def registry_schema() -> dict[str, Any]:
    """Make the JSON Schema of registry.yaml and of the files in registry.d/."""
    schema = _tidy(RegistryFile.model_json_schema())
    definitions = schema.pop("$defs")
    definitions["Showcase"]["required"] = ["title"]
    schema["properties"]["showcase"].pop("default", None)
    return {
        "$schema": DIALECT,
        "title": "registry.yaml",
        "description": "A community's showcase: its settings, organisations and projects.",
        "type": "object",
        "properties": schema["properties"],
        "additionalProperties": False,
        "$defs": definitions,
    }


def schema_text() -> str:
    """Write the schema as the text of its file."""
    return json.dumps(registry_schema(), indent=2, ensure_ascii=False) + "\n"


def _tidy(part: Any) -> Any:
    """Drop what pydantic adds and no editor needs: titles, and null beside every choice."""
    if isinstance(part, list):
        return [_tidy(item) for item in part]
    if not isinstance(part, dict):
        return part
    kept = {
        name: _tidy(value)
        for name, value in part.items()
        if not (name == "title" and isinstance(value, str))
        and not (name == "default" and value in (None, [], {}))
    }
    choices = [choice for choice in kept.get("anyOf", ()) if choice != {"type": "null"}]
    if len(choices) == 1:
        del kept["anyOf"]
        return choices[0] | kept
    return kept
