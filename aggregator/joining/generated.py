"""Files of a registry's repository that are written by the program, all in one place."""

from aggregator.joining.docs import registry_markdown
from aggregator.joining.forms import issue_forms
from aggregator.joining.schema import schema_text
from aggregator.registry.registry import Registry


def generated_files(registry: Registry) -> dict[str, str]:
    """Write the schema, its reference and the issue forms, by path from the root."""
    forms = {f".github/ISSUE_TEMPLATE/{name}": text for name, text in issue_forms(registry).items()}
    return {"registry.schema.json": schema_text(), "docs/registry.md": registry_markdown()} | forms
