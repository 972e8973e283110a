"""A small registry of some entries of a large one, to preview what a change touches."""

import io
from collections.abc import Iterable, Mapping
from typing import Any

from ruamel.yaml import YAML

from aggregator.registry.declaration import Written
from aggregator.registry.models import Entry
from aggregator.registry.registry import Registry


def subset_text(registry: Registry, entries: Iterable[Entry]) -> str:
    """Write a registry with the same settings and organisations and only these entries.

    Returns:
        The text of a registry.yaml; "" when there are no entries.
    """
    kept = [_plain(entry) for entry in entries]
    if not kept:
        return ""
    settings = {k: v for k, v in _plain(registry.showcase).items() if k != "glossary"}
    organisations = [_plain(organisation) for organisation in registry.organisations]
    stream = io.StringIO()
    yaml = YAML()
    yaml.width = 100
    yaml.dump(
        {
            "showcase": {"title": registry.showcase.title} | settings,
            "organisations": organisations,
            "projects": kept,
        },
        stream,
    )
    return stream.getvalue()


def _plain(part: Written) -> Mapping[str, Any]:
    written = part.model_dump(mode="json", exclude_defaults=True)
    return {name: value for name, value in written.items() if value not in (None, [], {})}
