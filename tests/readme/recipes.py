"""Bombs, kept as recipes: `before`, then `repeat` so many `times`, then `then` and `after`."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aggregator.readme.readme import ReadmeSource
from tests.readme.cases import CASES, source_of


@dataclass(frozen=True)
class Bomb:
    """A README built to keep a parser busy."""

    file: Path

    @property
    def recipe(self) -> dict[str, Any]:
        """Read the recipe."""
        return dict(json.loads(self.file.read_text()))

    @property
    def source(self) -> ReadmeSource:
        """Mix the bomb; `{n}` counts, `indent` shifts every line a little further."""
        recipe = self.recipe
        times, part = recipe["times"], recipe["repeat"]
        indent = recipe.get("indent", 0)
        if indent:
            lines = [" " * n + part for n in range(max(indent, times))]
            middle = "".join(lines)
        elif "{n}" in part:
            middle = "".join(part.replace("{n}", str(n)) for n in range(times))
        else:
            middle = part * times
        text = recipe.get("before", "") + middle + recipe.get("then", "") * times
        data = (text + recipe.get("after", "")).encode()
        return source_of(data, recipe.get("path", "README.md"))


def bombs() -> list[Bomb]:
    """List the bombs."""
    return [Bomb(file) for file in sorted((CASES / "bombs").glob("*.json"))]
