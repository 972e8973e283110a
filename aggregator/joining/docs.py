"""docs/registry.md, written from the same descriptions that editors show."""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from aggregator.registry.declaration import field_names
from aggregator.registry.models import Entry, Links, Organisation, Showcase, Talk

_OPENING = """\
<!-- Written by `aggregator schema --write` from the models. Edit the descriptions there. -->
# The registry, field by field

`registry.yaml` is the one file that a community writes. It has three parts, and only the
projects are needed:

```yaml
# yaml-language-server: $schema=registry.schema.json
showcase:
  title: Orchard software showcase
organisations:
  - slug: example-guild
    name: Example Guild of Orchard Growers
    github: [example-guild]
projects:
  - owner/name
  - repo: example-guild/plot-the-dots
    summary: Draws statistical process control charts from a spreadsheet of counts.
    stage: in use
    tags: [control charts, reporting]
```

The first line lets editors such as VS Code (with the YAML extension) complete and explain
every field. `aggregator check` reads the file and names each mistake with its line and its cure.

Good to know:

- Every value is text as you typed it. Put it in quotes when it contains a colon followed by a
  space, or a space followed by `#`, or begins with one of ``@ # & * ! % ` ``.
- A comment beside a text is written with two spaces, `#` and a space: `title: Trees  # ours`. What
  could be either is said as a hint; what is plainly text, such as `We are #1`, is a mistake.
- Spaces, never tabs. Fields of one entry begin in the same column.
- A field that cannot be read is reported and left out, and so is an entry whose `repo` cannot be
  read. Everything else goes on.
- More projects may stand in files in `registry.d/`, each beginning with `projects:`. That saves
  a large community from merge conflicts. Their names end in `.yaml` or `.yml`; any other file or
  folder there is named by the check, but for a README, a licence and what belongs to git.
"""
_CLOSING = """\
## The glossary

The file that `showcase.glossary` names holds words that mean the same, so that a search for one
finds the other:

```yaml
SPC: [statistical process control, process behaviour chart]
GIS: geographic information system
```
"""
_PARTS: tuple[tuple[str, str, type[BaseModel]], ...] = (
    ("Projects", "projects", Entry),
    ("Talks of a project", "talks", Talk),
    ("Links of a project", "links", Links),
    ("Organisations", "organisations", Organisation),
    ("Settings", "showcase", Showcase),
)


def registry_markdown() -> str:
    """Write the reference of the registry as Markdown."""
    tables = (_table(title, name, model) for title, name, model in _PARTS)
    return "\n".join([_OPENING, *tables, _CLOSING])


def _table(title: str, name: str, model: type[BaseModel]) -> str:
    rows = "\n".join(_rows(model))
    return (
        f"## {title}\n\nUnder `{name}`.\n\n"
        f"| Field | What to write | Example |\n| --- | --- | --- |\n{rows}\n"
    )


def _rows(model: type[BaseModel]) -> Iterator[str]:
    for name in field_names(model):
        described = model.model_fields[name]
        needed = " **Needed.**" if described.is_required() else ""
        limit = _limit(described)
        example = f"`{_example(described.examples[0])}`" if described.examples else ""
        what = str(described.description).replace("|", "\\|")
        yield f"| `{name}` | {what}{needed}{limit} | {example} |"


def _limit(described: Any) -> str:
    limits = [rule.max_length for rule in described.metadata if getattr(rule, "max_length", None)]
    if not limits:
        return ""
    is_list = "tuple" in str(described.annotation)
    return f" At most {limits[-1]:,}{'' if is_list else ' characters'}."


def _example(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(str, value))}]"
    text = str(value)
    return f'"{text}"' if text.startswith("#") else text
