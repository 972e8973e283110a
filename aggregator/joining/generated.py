"""Files of a registry's repository that the program writes, from the declarations of the fields.

The JSON Schema, with which editors complete and explain fields; the reference in docs/, whose
prose is `reference.md` beside this module; and the issue forms. A test compares the committed
copies with what is written here.
"""

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from pydantic import BaseModel, Field

from aggregator.joining.forms import issue_forms
from aggregator.registry.declaration import Written, declared_fields
from aggregator.registry.models import Entry, Links, Organisation, Showcase, Talk
from aggregator.registry.registry import Registry
from aggregator.registry.rules import Listed, Repo

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TABLES: tuple[tuple[str, str, type[BaseModel]], ...] = (
    ("Projects", "projects", Entry),
    ("Talks of a project", "talks", Talk),
    ("Links of a project", "links", Links),
    ("Organisations", "organisations", Organisation),
    ("Settings", "showcase", Showcase),
)


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


def generated_files(registry: Registry) -> dict[str, str]:
    """Write the schema, its reference and the issue forms, by path from the root."""
    forms = {f".github/ISSUE_TEMPLATE/{name}": text for name, text in issue_forms(registry).items()}
    return {"registry.schema.json": schema_text(), "docs/registry.md": registry_markdown()} | forms


def schema_text() -> str:
    """Write the schema as the text of its file."""
    return json.dumps(registry_schema(), indent=2, ensure_ascii=False) + "\n"


def registry_schema() -> dict[str, Any]:
    """Make the JSON Schema of registry.yaml and of the files in registry.d/."""
    schema = _tidy(RegistryFile.model_json_schema())
    definitions = schema.pop("$defs")
    # The loader goes on without a title, but whoever writes one in an editor should not forget it.
    definitions["Showcase"]["required"] = ["title"]
    schema["properties"]["showcase"].pop("default", None)
    return {
        "$schema": _DIALECT,
        "title": "registry.yaml",
        "description": "A community's showcase: its settings, organisations and projects.",
        "type": "object",
        "properties": schema["properties"],
        "additionalProperties": False,
        "$defs": definitions,
    }


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


def registry_markdown() -> str:
    """Write the reference of the registry as Markdown."""
    prose = (files(__package__) / "reference.md").read_text(encoding="utf-8")
    tables = (
        f"## {title}\n\nUnder `{name}`.\n\n"
        f"| Field | What to write | Example |\n| --- | --- | --- |\n" + "\n".join(_rows(model))
        for title, name, model in _TABLES
    )
    return prose.replace("[fields]", "\n\n".join(tables))


def _rows(model: type[BaseModel]) -> Iterator[str]:
    for field in declared_fields(model):
        needed = " **Needed.**" if field.required else ""
        unit = "" if field.is_list else " characters"
        limit = f" At most {field.at_most:,}{unit}." if field.at_most else ""
        example = "" if field.example is None else f"`{field.example}`"
        if isinstance(field.example, list):
            example = f"`[{', '.join(map(str, field.example))}]`"
        elif example.startswith("`#"):
            # Without quotes YAML would take what begins with # for a comment.
            example = f'`"{field.example}"`'
        meaning = field.meaning.replace("|", "\\|")
        yield f"| `{field.name}` | {meaning}{needed}{limit} | {example} |"
