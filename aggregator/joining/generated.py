"""Files of a registry's repository that the program writes, from the declarations of the fields.

The JSON Schema, with which editors complete and explain fields; the reference in docs/, whose
prose is `reference.md` beside this module; and the issue forms. A test compares the committed
copies with what is written here.
"""

import json
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

from aggregator.joining.forms import issue_forms
from aggregator.registry.appearance import Appearance, CommunityLink, Font, MenuItem, PageHeader
from aggregator.registry.community import (
    Accessibility,
    Announcing,
    Celebration,
    Inclusion,
    LearningPath,
    Outlet,
    Person,
    Step,
    StoryPicture,
    Talk,
    Term,
)
from aggregator.registry.declaration import Written, declared_fields, schema_of
from aggregator.registry.models import Entry, Links, Organisation
from aggregator.registry.outline import MODELS, SECTIONS, SETTINGS, Section
from aggregator.registry.registry import Registry
from aggregator.registry.rules import REPO
from aggregator.registry.settings import Showcase

_DIALECT = "https://json-schema.org/draft/2020-12/schema"
_TABLES: tuple[tuple[str, str, type[Written]], ...] = (
    ("Projects", "Under `projects`.", Entry),
    ("Talks", "Under `talks` of a project, or at the left edge for one of no project.", Talk),
    ("Good news", "Under `celebrate` of a project.", Celebration),
    ("Picture of a story", "Under `story_picture` of a project.", StoryPicture),
    ("Links of a project", "Under `links` of a project.", Links),
    ("Organisations", "Under `organisations`.", Organisation),
    ("People", "Under `people`. Only whom it is about, or somebody they asked, adds one.", Person),
    ("Learning paths", "Under `paths`.", LearningPath),
    ("Steps of a path", "Under `steps` of a path. Each has a `repo` or a `url`.", Step),
    ("Words", "Under `tags`, `kinds` or `stages`. A stage is one of `showcase.stages`.", Term),
    ("Settings", "Under `showcase`.", Showcase),
    ("Look", "Under `look` of the settings. docs/theming.md shows it at work.", Appearance),
    ("Fonts", "Under `fonts` of `look`.", Font),
    ("Menu", "Under `menu` of the settings. Each has a `page`, or a `url` and a `text`.", MenuItem),
    ("Links at the foot", "Under `links` of the settings.", CommunityLink),
    ("Other showcases", "Under `include` of the settings.", Inclusion),
    ("Accessibility", "Under `accessibility` of the settings.", Accessibility),
    ("Telling the news", "Under `announce` of the settings.", Announcing),
    ("Where news is told", "Under `targets` of `announce`.", Outlet),
    ("Own pages", "At the top of a file in `pages/`, between two lines `---`.", PageHeader),
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
    definitions = {model.__name__: schema_of(model) for model in MODELS}
    # The loader goes on without a title, but whoever writes one in an editor should not forget it.
    definitions["Showcase"]["required"] = ["title"]
    return {
        "$schema": _DIALECT,
        "title": "registry.yaml",
        "description": "A community's showcase: its settings, projects, and what is beside them.",
        "type": "object",
        "properties": {
            SETTINGS: {"$ref": "#/$defs/Showcase", "description": "Settings of this showcase."},
            **{name: _section_schema(section) for name, section in SECTIONS.items()},
        },
        "additionalProperties": False,
        "$defs": definitions,
    }


def _section_schema(section: Section) -> dict[str, Any]:
    items: dict[str, Any] = {"$ref": f"#/$defs/{section.model.__name__}"}
    form: dict[str, Any] = {"description": section.meaning, "type": "array", "items": items}
    if section.model is Entry:
        form |= {"examples": [["owner/name"]], "items": {"anyOf": [REPO.form, items]}}
    return form | ({"maxItems": section.at_most} if section.at_most else {})


def registry_markdown() -> str:
    """Write the reference of the registry as Markdown."""
    prose = (files(__package__) / "reference.md").read_text(encoding="utf-8")
    tables = (
        f"## {title}\n\n{where}\n\n"
        f"| Field | What to write | Example |\n| --- | --- | --- |\n" + "\n".join(_rows(model))
        for title, where, model in _TABLES
    )
    return prose.replace("[fields]", "\n\n".join(tables))


def _rows(model: type[Written]) -> Iterator[str]:
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
