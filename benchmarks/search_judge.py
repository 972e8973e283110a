"""The judged queries and the scorer that lie beside the real repositories."""

import importlib.util
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def read_queries(path: Path) -> list[dict[str, Any]]:
    """Read judged queries, one a line, those of a community too; none where there is no such file.

    In a file beside a registry a line need not have an id or a kind.
    """
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    read = [json.loads(line) for line in lines if line.strip()]
    return [{"id": each["query"], "kind": "asked", **each} for each in read]


class Judge:
    """Scores runs of `queries.jsonl` with `evaluate.py`, both in one folder."""

    def __init__(self, folder: Path) -> None:
        self.queries = read_queries(folder / "queries.jsonl")
        spec = importlib.util.spec_from_file_location("judge", folder / "evaluate.py")
        if spec is None or spec.loader is None:
            raise SystemExit(f"{folder / 'evaluate.py'} cannot be read")
        self._scorer = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self._scorer)

    def scores(
        self, queries: Sequence[Mapping[str, Any]], run: Mapping[str, Sequence[str]]
    ) -> dict[str, float]:
        """Give each figure over some of the queries; what nobody judged is not relevant."""
        scored = [self._scorer.score(q, run.get(q["id"], [])) for q in queries]
        figures: dict[str, float] = self._scorer.agg(scored)
        return figures
